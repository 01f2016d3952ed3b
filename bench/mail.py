"""Every message of the corpus in a process of its own: its CPU and memory against the limits."""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mail.corpus import World
from tests.mail.corpus.whole import SAMPLES

from parvis.mail.reading import child
from parvis.mail.reading.runner import WALL_SECONDS

CPU, MEMORY = float(child.CPU_SECONDS), child.MEMORY / 2**20
WORLD = World(
    reply_to="accueil+r-39866p7h-aaaaaaaaaaaaaaaa@sainte-orvanne.example",
    message_id="<known@sainte-orvanne.example>",
    mark="[39866P7H-aaaaaaaaaaaaaaaa]",
    return_path="accueil+b-1-aaaaaaaaaaaaaaaa@sainte-orvanne.example",
    other_reply_to="accueil+r-49866p7h-aaaaaaaaaaaaaaaa@sainte-orvanne.example",
    other_id="<other@sainte-orvanne.example>",
    reference="39866P7H",
)


def run(engines: Sequence[str], seconds: float) -> None:
    """Read all of them, and a few larger ones; the slowest and the hungriest are named."""
    samples = {one.name: one.make(WORLD) for one in SAMPLES} | _large()
    with tempfile.TemporaryDirectory() as folder:
        rows = [(name, *measured(raw, Path(folder))) for name, raw in samples.items()]
    dead = [name for name, _cpu, _memory, is_read in rows if not is_read]
    slowest, hungriest = max(rows, key=lambda row: row[1]), max(rows, key=lambda row: row[2])
    print(f"mail: {len(rows)} messages, {len(dead)} without a result {dead or ''}")
    print(f"mail: CPU at most {slowest[1]:.2f} s of {CPU:.0f} s ({slowest[0]})")
    print(f"mail: memory at most {hungriest[2]:.0f} MB of {MEMORY:.0f} MB ({hungriest[0]})")


def measured(raw: bytes, folder: Path) -> tuple[float, float, bool]:
    """CPU seconds, memory in MB, and whether the process left a result."""
    source, out = folder / "message", folder / f"out-{time.monotonic_ns()}"
    source.write_bytes(raw)
    out.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "parvis.mail.reading.child", str(source), str(out)],
        stderr=subprocess.DEVNULL, env={**os.environ, "MALLOC_ARENA_MAX": "1"},
    )  # fmt: skip
    deadline, hungriest = time.monotonic() + WALL_SECONDS, 0.0
    used: resource.struct_rusage | None = None
    while used is None:
        # Not ru_maxrss: a child begins with the memory of whoever forked it.
        hungriest = max(hungriest, _memory(process.pid))
        pid, _status, rusage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            used = rusage
        elif time.monotonic() > deadline:
            process.kill()
        else:
            time.sleep(0.002)
    process.returncode = 0
    return used.ru_utime + used.ru_stime, hungriest, (out / "result.json").exists()


def _memory(pid: int) -> float:
    """The most memory that the process has held so far, in MB."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    is_child = b"reading.child" in command
    return int(found[1]) / 1024 if found and is_child else 0.0


def _large() -> dict[str, bytes]:
    """What the corpus of the tests is too quick for."""
    head = b"From: g@example.net\r\nSubject: x\r\n"
    page, parts = (
        b"Content-Type: text/html\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n",
    )
    file = b"--x\r\nContent-Type: application/pdf; name=a.pdf\r\n"
    file += b"Content-Transfer-Encoding: base64\r\n\r\n"
    return {
        "a file of 25 MB": head + parts + file + b"QUFB" * 8_500_000 + b"\r\n--x--\r\n",
        "30 MB of text": head + b"\r\n" + b"bonjour \n" * 3_300_000,
        "30 MB of page": head + page + b"<p>bonjour <b>vous\n" * 1_600_000,
        "30 MB of empty lines": head + parts + b"\r\n" * 15_000_000,
        "a page of 100,000 towers": head + page + b"<blockquote>" * 100_000,
        "two megabytes of <": head + page + b"<" * 2_000_000,
        "tables in tables": head + page + b"<table><tr><td>" * 150_000,
    }
