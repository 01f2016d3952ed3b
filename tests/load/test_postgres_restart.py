"""PostgreSQL is cut off, and later stopped in good order, while the hall works."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.load.agents import Client, Log, audit
from tests.load.house import House, free_port
from tests.load.test_race import CONTACTS, TICKETS
from tests.support import postgres
from tests.support.postgres import OwnServer

AGENTS, KIOSKS = 6, 2
BEFORE, DOWN = 4, 1.5  # seconds of work before each stop, and without a database
RECOVERY = 10  # seconds at most until the hall works again
pytestmark = pytest.mark.load


@pytest.fixture
def server() -> Iterator[OwnServer]:
    with postgres.own_server() as own:
        yield own


@pytest.fixture
def house(server: OwnServer, tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path, server.create_database("hall"))
    built.furnish_afresh()  # its server is its own: there is nothing to copy from
    yield built
    built.stop()


class Outage:
    """Stops and starts the server, and notes what the outside saw meanwhile."""

    def __init__(self, server: OwnServer, base: str, slug: str) -> None:
        self.server, self.base, self.slug = server, base, slug
        self.health: list[int] = []
        self.pages: list[httpx.Response] = []
        self.recovered_in: list[float] = []

    async def happen(self, http: httpx.AsyncClient, mode: str) -> None:
        await asyncio.to_thread(self.server.stop, mode)
        self.health.append((await http.get(f"{self.base}/health/ready")).status_code)
        self.pages.append(await http.get(f"{self.base}/borne/{self.slug}/"))
        await asyncio.sleep(DOWN)
        await asyncio.to_thread(self.server.start)
        started = time.monotonic()
        while (await http.get(f"{self.base}/health/ready")).status_code != 200:
            assert time.monotonic() - started < RECOVERY
            await asyncio.sleep(0.05)
        self.recovered_in.append(time.monotonic() - started)
        self.health.append(200)


async def work(house: House, base: str, outage: Outage) -> Log:
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

        async def outages() -> None:
            try:
                for mode in ("immediate", "fast"):
                    await asyncio.sleep(BEFORE)
                    await outage.happen(http, mode)
                await asyncio.sleep(BEFORE)
            finally:
                over.set()

        await asyncio.gather(outages(), *map(kiosk, range(KIOSKS)), *map(agent, range(AGENTS)))
    return log


def test_the_hall_goes_on_by_itself_after_its_database_was_cut_off(server: OwnServer, house: House):
    base = house.start(free_port(), workers=2)
    processes = house.processes()
    outage = Outage(server, base, house.facts["slug"])

    log = asyncio.run(work(house, base, outage))

    assert audit(log, house.rows(TICKETS), house.rows(CONTACTS)[0][0]) == []
    assert log.faults == []
    assert outage.health == [503, 200, 503, 200]
    assert {page.status_code for page in outage.pages} == {503}
    assert all("De retour dans un instant" in page.text for page in outage.pages)
    assert house.processes() == processes
    assert len(log.finished) > 50
    print(f"ready again after {outage.recovered_in} s; {len(log.finished)} visits")
