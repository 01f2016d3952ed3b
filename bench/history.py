"""Latency of taking a ticket and of calling, with 100,000 old tickets against none, in one run."""

import asyncio
import time
import uuid

from tests.load.house import House, free_port

from bench import stage

OLD = 100_000
ROUNDS = 150


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        with stage.house(engine) as young, stage.house(engine, old=OLD) as aged:
            bases = {"none": young.start(free_port()), "old": aged.start(free_port())}
            houses = {"none": young, "old": aged}
            found = asyncio.run(measure(houses, bases))
        for call in ("issue", "call"):
            none, old = (stage.percentile(found[name, call], 0.5) for name in ("none", "old"))
            print(
                f"history {engine} {call}: p50 {none:.2f} ms with no old tickets, {old:.2f} ms with"
                f" {OLD:,}; ratio {old / none:.2f} (aim <= 1.2)"
            )


async def measure(
    houses: dict[str, House], bases: dict[str, str]
) -> dict[tuple[str, str], list[float]]:
    """Milliseconds per call, the two houses taking turns so that both see the same machine."""
    found: dict[tuple[str, str], list[float]] = {}
    for turn in range(ROUNDS):
        for name, house in houses.items():
            facts = house.facts
            async with stage.Line(bases[name], facts["token"]) as line:
                desk = facts["desks"][turn % len(facts["desks"])]
                steps = {
                    "issue": (f"sites/{facts['site']}/tickets", facts["topics"][turn % 2]),
                    "call": (f"desks/{desk}/call-next", None),
                }
                for call, (path, topic) in steps.items():
                    body = f'{{"topic": "{topic}"}}' if topic else _finish_if(turn, facts)
                    start = time.perf_counter()
                    await line.post(f"/api/v1/{path}", body.encode(), uuid.uuid4().hex)
                    took = 1000 * (time.perf_counter() - start)
                    if turn >= 10:  # the first ones warm both houses up
                        found.setdefault((name, call), []).append(took)
    return found


def _finish_if(turn: int, facts: dict[str, list[int]]) -> str:
    # Each desk ends its last visit when its turn comes again.
    return '{"finish": {"outcome": "resolved"}}' if turn >= len(facts["desks"]) else "{}"
