"""Eight agents press "next" in the same instant, two hundred times, through two servers."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.load.agents import Client, Log, audit
from tests.load.conftest import MakeHouse
from tests.load.house import House, free_port

AGENTS = 8
ROUNDS = 200
TICKETS = "SELECT id, series, number, state, desk_id FROM queue_ticket"
CONTACTS = "SELECT COUNT(*) FROM contacts_contact"
pytestmark = pytest.mark.load


async def race(house: House, bases: list[str], rounds: int, *, keyed: bool = True) -> Log:
    """Each round: eight people come at once, eight agents call at once, eight visits end."""
    facts: dict[str, Any] = house.facts
    log = Log()
    limits = httpx.Limits(max_connections=2 * AGENTS)
    async with httpx.AsyncClient(timeout=30, limits=limits) as http:
        client = Client(http, bases, facts["token"], log, keyed=keyed)
        for _round in range(rounds):
            await asyncio.gather(
                *(client.issue(i, facts["site"], facts["topics"][i % 2]) for i in range(AGENTS))
            )
            called = await asyncio.gather(
                *(client.call(i, facts["desks"][i]) for i in range(AGENTS))
            )
            await asyncio.gather(
                *(client.finish(i, ticket) for i, ticket in enumerate(called) if ticket)
            )
    return log


def run(house: House, rounds: int, *, keyed: bool = True) -> list[str]:
    house.furnish()
    bases = [house.start(free_port()), house.start(free_port())]
    log = asyncio.run(race(house, bases, rounds, keyed=keyed))
    return audit(log, house.rows(TICKETS), house.rows(CONTACTS)[0][0])


def test_nobody_is_called_twice_and_no_number_is_lost(make_house: MakeHouse):
    house = make_house()

    wrong = run(house, ROUNDS)

    assert wrong == []
    assert len(house.rows(TICKETS)) == ROUNDS * AGENTS


def test_the_same_race_catches_a_naive_queue(make_house: MakeHouse):
    house = make_house(settings="tests.load.naive_settings")

    wrong = run(house, 20, keyed=False)

    assert any("called 2 times" in line for line in wrong), wrong
