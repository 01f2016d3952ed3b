"""From the call to the screen: how long after the answer a lobby display has the new call.

One server takes the calls, another one feeds the screens. The peer in the same run is a screen
that polls every two seconds, as many lobby displays do.
"""

import asyncio
import json
import time
import uuid

import httpx
from tests.load.house import House, free_port

from bench import stage

CALLS = 40
SCREENS = 20
POLL_SECONDS = 2.0


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        with stage.house(engine) as house:
            pushed, polled = asyncio.run(
                measure(house, house.start(free_port()), house.start(free_port()))
            )
        push, poll = (stage.percentile(times, 0.5) for times in (pushed, polled))
        print(
            f"call to screen {engine}: push p50 {push:.0f} ms, p95"
            f" {stage.percentile(pushed, 0.95):.0f} ms over {SCREENS} screens (aim p50 <= 300);"
            f" polling every {POLL_SECONDS:.0f} s p50 {poll:.0f} ms; {len(pushed)} of"
            f" {CALLS * SCREENS} delivered"
        )


async def measure(house: House, acts: str, shows: str) -> tuple[list[float], list[float]]:
    """Milliseconds from sending each call to its arrival, on pushed and on polling screens."""
    sent: dict[str, float] = {}
    pushed: list[float] = []
    polled: list[float] = []
    async with httpx.AsyncClient(timeout=None) as http:
        watchers = [
            asyncio.create_task(watch(http, house, shows, sent, pushed)) for _ in range(SCREENS)
        ]
        watchers.append(asyncio.create_task(poll(http, house, shows, sent, polled)))
        await asyncio.sleep(1)
        async with stage.Line(acts, house.facts["token"]) as line:
            await drive(house, line, sent)
        await asyncio.sleep(POLL_SECONDS + 0.5)
        for watcher in watchers:
            watcher.cancel()
    return pushed, polled


async def drive(house: House, line: stage.Line, sent: dict[str, float]) -> None:
    """Take a ticket and call it, at odd moments."""
    facts = house.facts
    for number in range(CALLS):
        topic = facts["topics"][1]
        body = f'{{"topic": "{topic}"}}'.encode()
        await line.post(f"/api/v1/sites/{facts['site']}/tickets", body, uuid.uuid4().hex)
        await asyncio.sleep(0.37)
        sent[f"A\u00a0{number + 1}"] = time.perf_counter()
        desk = facts["desks"][number % len(facts["desks"])]
        ending = b'{"finish": {"outcome": "resolved"}}' if number >= len(facts["desks"]) else b"{}"
        await line.post(f"/api/v1/desks/{desk}/call-next", ending, uuid.uuid4().hex)


async def watch(
    http: httpx.AsyncClient, house: House, base: str, sent: dict[str, float], times: list[float]
) -> None:
    seen: set[str] = set()
    async with http.stream("GET", f"{base}/events/sites/{house.facts['site']}") as stream:
        async for text in stream.aiter_lines():
            if text.startswith("data:"):
                _note(json.loads(text[5:]), sent, times, seen)


async def poll(
    http: httpx.AsyncClient, house: House, base: str, sent: dict[str, float], times: list[float]
) -> None:
    seen: set[str] = set()
    while True:
        answer = await http.get(f"{base}/api/v1/sites/{house.facts['site']}/display")
        _note(answer.json(), sent, times, seen)
        await asyncio.sleep(POLL_SECONDS)


def _note(
    board: dict[str, list[dict[str, str]]],
    sent: dict[str, float],
    times: list[float],
    seen: set[str],
) -> None:
    for call in board["calls"]:
        if call["code"] in sent and call["code"] not in seen:
            seen.add(call["code"])
            times.append(1000 * (time.perf_counter() - sent[call["code"]]))
