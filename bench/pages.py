"""The public page of a sheet over HTTP: sent, and only asked again, beside its bare template.

One client, one kept-alive connection, the three in turn; then eight clients at once.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx
from tests.load.house import House, free_port

from bench import stage
from bench.pages_fill import SHEET

ROUNDS, TIMES, CLIENTS = 5, 40, 8
Ask = Callable[[httpx.AsyncClient], Awaitable[None]]


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        with stage.house(engine) as house:
            house.run("-m", "bench.pages_fill")
            peer = House(house.home, house.database, "bench.bare_pages")
            real, bare = house.start(free_port()), peer.start(free_port())
            try:
                asyncio.run(_measure(engine, real, bare, min(seconds, 3)))
            finally:
                peer.stop()


async def _measure(engine: str, real: str, bare: str, seconds: float) -> None:
    async with httpx.AsyncClient() as client:
        etag = (await client.get(real + SHEET)).headers["ETag"]
        asks: dict[str, Ask] = {
            "sent": _asks(real + SHEET, 200),
            "304": _asks(real + SHEET, 304, etag),
            "bare template": _asks(f"{bare}/bare/", 200),
        }
        times: dict[str, list[float]] = {name: [] for name in asks}
        for _round in range(ROUNDS):
            for name, ask in asks.items():  # in turn, so that all see the same machine
                for _time in range(TIMES):
                    start = time.perf_counter()
                    await ask(client)
                    times[name].append(1000 * (time.perf_counter() - start))
    peer = stage.percentile(times["bare template"], 0.5)
    for name, ask in asks.items():
        p50, p95 = (stage.percentile(times[name], share) for share in (0.5, 0.95))
        rate = await _rate(ask, seconds)
        print(
            f"page of a sheet {engine}, {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms,"
            f" {rate:.0f}/s with {CLIENTS} clients; p50 / bare template {p50 / peer:.2f}"
        )


def _asks(address: str, status: int, etag: str = "") -> Ask:
    headers = {"If-None-Match": etag} if etag else {}

    async def ask(client: httpx.AsyncClient) -> None:
        answer = await client.get(address, headers=headers)
        assert answer.status_code == status, answer.status_code

    return ask


async def _rate(ask: Ask, seconds: float) -> float:
    end, done = time.perf_counter() + seconds, 0

    async def one() -> None:
        nonlocal done
        async with httpx.AsyncClient() as client:
            while time.perf_counter() < end:
                await ask(client)
                done += 1

    start = time.perf_counter()
    await asyncio.gather(*(one() for _client in range(CLIENTS)))
    return done / (time.perf_counter() - start)
