"""A furnished house on either database, and requests against it."""

import asyncio
import os
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.load.house import House
from tests.support import postgres


def database(engine: str) -> str:
    """The address of a new database that keeps what it acknowledges."""
    if engine == "postgres":
        return postgres.create_database(f"bench_{uuid.uuid4().hex[:8]}", durable=True)
    return "sqlite://"


@contextmanager
def house(engine: str, *, settings: str = "parvis.settings", old: int = 0) -> Iterator[House]:
    """A house with its database on this machine's disk; PostgreSQL keeps what it acknowledges."""
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        built = House(Path(folder), database(engine), settings)
        built.furnish(old=old)
        try:
            yield built
        finally:
            built.stop()


def rate(work: Callable[[int, float], Awaitable[int]], clients: int, seconds: float) -> float:
    """Operations a second of so many concurrent clients; each gets its number and the end."""

    async def all_of_them() -> int:
        end = time.perf_counter() + seconds
        return sum(await asyncio.gather(*(work(number, end) for number in range(clients))))

    start = time.perf_counter()
    done = asyncio.run(all_of_them())
    return done / (time.perf_counter() - start)


def cpu_seconds(house: House) -> float:
    """CPU that the server's processes have had, and on PostgreSQL their connections to it."""
    processes = house.processes()
    if not house.database.startswith("sqlite"):
        sql = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        processes |= {row[0] for row in house.rows(sql)}
    return sum(map(_cpu_of, processes))


def _cpu_of(process: int) -> float:
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # ended meanwhile
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: list[float], share: float) -> float:
    """Linear interpolation between the sorted values (type 7)."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


class Line:
    """One kept-alive connection without a client library: what is measured is the server."""

    def __init__(self, base: str, token: str) -> None:
        self.host, _colon, port = base.removeprefix("http://").partition(":")
        self.port = int(port)
        self.head = f"Host: {self.host}\r\nAuthorization: Bearer {token}\r\n"

    async def __aenter__(self) -> "Line":
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def __aexit__(self, *error: object) -> None:
        self.writer.close()

    async def post(self, path: str, body: bytes, key: str) -> int:
        """The status of the answer, whose body is read to its end."""
        self.writer.write(
            f"POST {path} HTTP/1.1\r\n{self.head}Idempotency-Key: {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        status = int((await self.reader.readline()).split()[1])
        await self._rest()
        return status

    async def get(self, path: str) -> bytes:
        """The body of a page that must answer 200."""
        self.writer.write(f"GET {path} HTTP/1.1\r\n{self.head}\r\n".encode())
        status = int((await self.reader.readline()).split()[1])
        body = await self._rest()
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        return body

    async def _rest(self) -> bytes:
        length, chunked = 0, False
        while line := (await self.reader.readline()).strip().lower():
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
            chunked = chunked or line == b"transfer-encoding: chunked"
        if not chunked:
            return await self.reader.readexactly(length)
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            await self.reader.readline()
        await self.reader.readline()
        return body
