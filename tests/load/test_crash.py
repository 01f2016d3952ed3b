"""Five kill -9 while eight agents and four kiosks work: nothing acknowledged is lost.

The hall dies in the middle of its work each time, after some sixty visits, not by the clock:
a quick machine is done within half a minute, a slow one still works as much between two kills.
"""

import asyncio
import random
from typing import Any

import httpx
import pytest

from tests.load.agents import Client, Log, audit
from tests.load.conftest import MakeHouse
from tests.load.house import House, free_port
from tests.load.test_race import CONTACTS, TICKETS

AGENTS, KIOSKS = 8, 4
KILLS, VISITS = 5, 60  # visits that end between two kills, more or less
AT_MOST = 600  # seconds, also where the machine has other work
pytestmark = pytest.mark.load


async def work(house: House, base: str, port: int) -> Log:
    facts: dict[str, Any] = house.facts
    log = Log()
    over = asyncio.Event()
    async with httpx.AsyncClient(timeout=20) as http:
        client = Client(http, [base], facts["token"], log)

        async def kiosk(number: int) -> None:
            while not over.is_set():
                await client.issue(0, facts["site"], facts["topics"][number % 2])

        async def agent(number: int) -> None:
            while not over.is_set():
                ticket = await client.call(0, facts["desks"][number])
                if ticket:
                    await client.finish(0, ticket)
                else:
                    await asyncio.sleep(0.01)

        async def reaper() -> None:
            chance = random.Random(7)
            try:
                for _kill in range(KILLS):
                    await more_visits(log, VISITS * chance.uniform(0.7, 1.1))
                    await asyncio.to_thread(house.kill_9)
                    await asyncio.to_thread(house.start, port, workers=2)
                await more_visits(log, VISITS)
            finally:
                over.set()

        everybody = [reaper(), *map(kiosk, range(KIOSKS)), *map(agent, range(AGENTS))]
        await asyncio.wait_for(asyncio.gather(*everybody), AT_MOST)
    return log


async def more_visits(log: Log, count: float) -> None:
    """Wait until so many more visits have ended."""
    goal = len(log.finished) + count
    while len(log.finished) < goal:
        await asyncio.sleep(0.005)


def test_what_was_acknowledged_survives_five_kills(make_house: MakeHouse):
    house = make_house()
    house.furnish()
    port = free_port()
    base = house.start(port, workers=2)

    log = asyncio.run(work(house, base, port))

    assert audit(log, house.rows(TICKETS), house.rows(CONTACTS)[0][0]) == []
    assert len(log.finished) > KILLS * VISITS * 0.7  # it went on after each of them
