"""Five kill -9 within a minute of eight agents and four kiosks: nothing acknowledged is lost."""

import asyncio
import random
import time
from typing import Any

import httpx
import pytest

from tests.load.agents import Client, Log, audit
from tests.load.conftest import MakeHouse
from tests.load.house import House, free_port
from tests.load.test_race import CONTACTS, TICKETS

AGENTS, KIOSKS = 8, 4
SECONDS, KILLS = 60, 5
pytestmark = pytest.mark.load


async def work(house: House, base: str, port: int, seconds: float, kills: int) -> Log:
    facts: dict[str, Any] = house.facts
    log = Log()
    end = time.monotonic() + seconds
    async with httpx.AsyncClient(timeout=20) as http:
        client = Client(http, [base], facts["token"], log)

        async def kiosk(number: int) -> None:
            while time.monotonic() < end:
                await client.issue(0, facts["site"], facts["topics"][number % 2])

        async def agent(number: int) -> None:
            while time.monotonic() < end:
                ticket = await client.call(0, facts["desks"][number])
                if ticket:
                    await client.finish(0, ticket)
                else:
                    await asyncio.sleep(0.01)

        async def reaper() -> None:
            chance = random.Random(7)
            for _kill in range(kills):
                await asyncio.sleep(seconds / (kills + 1) * chance.uniform(0.7, 1.1))
                await asyncio.to_thread(house.kill_9)
                await asyncio.to_thread(house.start, port, workers=2)

        await asyncio.gather(reaper(), *map(kiosk, range(KIOSKS)), *map(agent, range(AGENTS)))
    return log


def test_what_was_acknowledged_survives_five_kills(make_house: MakeHouse):
    house = make_house()
    house.furnish()
    port = free_port()
    base = house.start(port, workers=2)

    log = asyncio.run(work(house, base, port, SECONDS, KILLS))

    assert audit(log, house.rows(TICKETS), house.rows(CONTACTS)[0][0]) == []
    assert len(log.finished) > 100  # the hall did work, also on a machine with other work
