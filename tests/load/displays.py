"""``python -m tests.load.displays BASE SITE COUNT``: a crowd of displays in a process of its own.

Says ``ready`` when every display has the first snapshot. Then it is told the codes that were
called, as JSON, waits until they are everywhere, and says when each appeared on each display, by
the monotonic clock that all processes share. A display costs next to nothing here, so that what
is measured is the server.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from tests.load.screens import eventually

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until everybody has the first snapshot
LAST = 10.0  # seconds that the last call may take to be everywhere


@lru_cache(64)  # all displays are told the same bytes
def _codes(line: bytes) -> "frozenset[str]":
    return frozenset(call["code"] for call in json.loads(line[6:])["calls"])


class Display(asyncio.Protocol):
    """One display: a socket whose lines are looked at as bytes."""

    def __init__(self, crowd: "Crowd") -> None:
        self.crowd = crowd
        self.rest = b""
        self.known: frozenset[str] = frozenset()
        self.is_ready = False

    def data_received(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data: "):
                self._take(_codes(line))

    def _take(self, codes: "frozenset[str]") -> None:
        if codes is not self.known:
            now = time.monotonic()
            for code in codes - self.known:
                self.crowd.seen[code].append(now)
            self.known = self.known | codes if self.is_ready else codes
        if not self.is_ready:
            self.is_ready = True
            self.crowd.ready += 1


class Crowd:
    """All displays, and when each of them first showed each code."""

    def __init__(self) -> None:
        self.ready = 0
        self.seen: dict[str, list[float]] = defaultdict(list)

    async def come(self, base: str, site: str, count: int) -> None:
        address = urlsplit(base)
        ask = f"GET /events/sites/{site} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode()
        loop = asyncio.get_running_loop()
        for _one in range(count):
            line, _display = await loop.create_connection(
                lambda: Display(self), address.hostname, address.port
            )
            line.write(ask)
        await eventually(lambda: self.ready == count, within=PATIENCE)

    async def see(self, codes: "list[str]", count: int) -> None:
        await eventually(lambda: all(len(self.seen[c]) >= count for c in codes), within=LAST)


async def main(base: str, site: str, count: int) -> None:
    crowd = Crowd()
    await crowd.come(base, site, count)
    print("ready" if crowd.ready == count else f"only {crowd.ready}", flush=True)
    await crowd.see(json.loads(await asyncio.to_thread(sys.stdin.read)), count)
    print(json.dumps(crowd.seen))


@dataclass
class Seen:
    """What the crowd saw, once it is gone: for each of these codes the time on each display."""

    crowd: "subprocess.Popen[str]"
    codes: "list[str]" = field(default_factory=list)
    times: "dict[str, list[float]]" = field(default_factory=dict)

    def wait(self) -> None:
        """Until every display has the first snapshot."""
        assert self.crowd.stdout is not None
        assert self.crowd.stdout.readline() == "ready\n"

    def delays(self, called_at: "dict[str, float]") -> "list[float]":
        """Seconds from each call to each display, in order of length."""
        return sorted(
            time - at for code, at in called_at.items() for time in self.times.get(code, [])
        )


@contextmanager
def displays(base: str, site: str, count: int, *, is_there: bool = True) -> Iterator[Seen]:
    """So many displays while it lasts, there from the beginning or on their way.

    What they saw is known afterwards.
    """
    command = [sys.executable, "-m", "tests.load.displays", base, site, str(count)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as crowd:
        try:
            seen = Seen(crowd)
            if is_there:
                seen.wait()
            yield seen
            told, _errors = crowd.communicate(json.dumps(seen.codes), timeout=PATIENCE)
            seen.times = json.loads(told)
        finally:
            crowd.kill()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
