"""Having a message read by a process of its own: what it does to that process touches nobody."""

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import parvis
from parvis.common import files
from parvis.mail.reading import message, reports, scan, words

log = logging.getLogger(__name__)
WALL_SECONDS: Final = 20
_CODES: Final = {"too_large", "head_too_long", "too_deep", "too_many_parts", "too_many_files"}


@dataclass
class Kept:
    """A file of a message, lying in the store of the house under its hash."""

    name: str
    kind: str  # what its content shows; empty for what the house does not know
    size: int
    digest: str


@dataclass
class Result:
    """What the process found, or why it found nothing."""

    read: message.Read = field(default_factory=message.Read)
    kept: list[Kept] = field(default_factory=list)
    unreadable: str = ""


def read(source: Path) -> Result:
    """Read a stored message in a child process; never raises for what the message does."""
    with _folder() as folder:
        code = _run(source, folder)
        if code:
            return Result(unreadable=code)
        try:
            given = json.loads((folder / "result.json").read_text(encoding="utf-8"))
            return _result(given, folder)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            log.warning("the reading of a message left no usable result")
            return Result(unreadable="crash")


@contextmanager
def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="parvis-mail-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _run(source: Path, folder: Path) -> str:
    """Empty when the process came to its end; else why not."""
    command = [sys.executable, "-m", "parvis.mail.reading.child", str(source), str(folder)]
    # Neither key nor passwords of the house are in the surroundings of this process.
    surroundings = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(Path(parvis.__file__).parent.parent),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "1",
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            command, cwd=folder, env=surroundings, timeout=WALL_SECONDS, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "time"
    if done.returncode in {-24, -9}:  # SIGXCPU, SIGKILL
        return "time"
    if done.returncode:
        log.warning(
            "a message could not be read: %s", done.stderr[-300:].decode("utf-8", "replace")
        )
        return "crash"
    return ""


def _result(given: dict[str, Any], folder: Path) -> Result:
    """What the process wrote, trusted no more than the message itself."""
    if code := given.get("unreadable"):
        return Result(unreadable=code if code in _CODES else "memory")
    kept = [_kept(one, folder / str(n)) for n, one in enumerate(given.pop("files"))]
    told = given.pop("report")
    signs = message.Signs(**given.pop("signs"))
    found = message.Read(**given, signs=signs, report=reports.Report(**told) if told else None)
    return Result(read=found, kept=kept)


def _kept(one: dict[str, Any], path: Path) -> Kept:
    content = path.read_bytes()
    return Kept(str(one["name"])[:255], str(one["kind"])[:100], len(content), files.store(content))


def read_here(raw: bytes) -> Result:
    """The same within this process, for messages of our own making."""
    try:
        found = message.read(raw)
    except scan.Unreadable as unreadable:
        return Result(unreadable=unreadable.code)
    kept = [
        Kept(words.clean(one.name, most=255), files.kind_of(one.content), len(one.content),
             files.store(one.content))
        for one in found.files
    ]  # fmt: skip
    return Result(read=found, kept=kept)
