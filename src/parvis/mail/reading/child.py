"""The process that reads one message, with little time and little memory, and may be killed.

``python -m parvis.mail.reading.child MESSAGE FOLDER`` writes ``result.json`` and the files.
"""

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from parvis.common import files
from parvis.mail.reading import message, scan

CPU_SECONDS: Final = 10
MEMORY: Final = 300 * 1024 * 1024
_WRITTEN: Final = 80 * 1024 * 1024


def set_limits() -> None:
    """From here on the system itself ends this process when it wants too much."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_WRITTEN, _WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(source: Path, folder: Path) -> None:
    """Read the message; whatever happens, one line says what became of it."""
    set_limits()
    try:
        result = _read(source, folder)
    except MemoryError:
        result = {"unreadable": "memory"}
    (folder / "result.json").write_text(json.dumps(result), encoding="utf-8")


def _read(source: Path, folder: Path) -> dict[str, Any]:
    try:
        found = message.read(source.read_bytes())
    except scan.Unreadable as unreadable:
        return {"unreadable": unreadable.code}
    told = []
    for number, one in enumerate(found.files):
        (folder / str(number)).write_bytes(one.content)
        told.append(
            {"name": one.name, "declared": one.declared, "kind": files.kind_of(one.content)}
        )
        one.content = b""
    found.files = []
    return {**asdict(found), "files": told}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
