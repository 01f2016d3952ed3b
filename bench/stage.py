"""A furnished house on either database, and requests against it."""

import asyncio
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.load.house import House
from tests.support import postgres


@contextmanager
def house(engine: str, *, settings: str = "parvis.settings", old: int = 0) -> Iterator[House]:
    """A house with its database on this machine's disk; PostgreSQL keeps what it acknowledges."""
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        database = "sqlite://"
        if engine == "postgres":
            database = postgres.create_database(f"bench_{uuid.uuid4().hex[:8]}", durable=True)
        built = House(Path(folder), database, settings)
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


def percentile(values: list[float], share: float) -> float:
    """Linear interpolation between the sorted values (type 7)."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
