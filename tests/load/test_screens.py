"""What happens through one server is seen on the screens of another, whatever breaks between."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx
import psycopg
import pytest

from tests.load.conftest import MakeHouse
from tests.load.house import House, free_port
from tests.load.screens import Hall, Screen, eventually, never_reading, told, watching

SOON = 5.0  # seconds; a generous limit for a machine with other work, the delays are printed
IDLE, DEAF = 300, 20
pytestmark = pytest.mark.load
Journey = Callable[[House, Hall, "list[str]"], Awaitable[None]]


def play(house: House, journey: Journey) -> None:
    """Two servers; the desk works through the first."""
    house.furnish()
    bases = [house.start(free_port()), house.start(free_port())]

    async def whole() -> None:
        async with httpx.AsyncClient(timeout=30) as http:
            await journey(house, Hall(house.facts, bases[0], http), bases)

    asyncio.run(whole())


async def all_see(screens: "list[Screen]", codes: "list[str]") -> bool:
    return await eventually(
        lambda: all(code in screen.seen for screen in screens for code in codes), within=SOON
    )


def test_every_call_reaches_the_screens_of_the_other_server(make_house: MakeHouse):
    async def journey(house: House, hall: Hall, bases: "list[str]") -> None:
        slug = house.facts["slug"]
        async with watching(3, bases[1:], slug) as screens:
            codes = [await hall.call_somebody() for _time in range(20)]
            assert await all_see(screens, codes)

            house.kill_9(first_only=True)
            await asyncio.to_thread(house.start, int(bases[0].rpartition(":")[2]))
            again = [await hall.call_somebody() for _time in range(10)]
            assert await all_see(screens, again)
            print(told(hall.delays(screens)))

            late = Screen()
            watch = asyncio.ensure_future(late.watch(bases[1], slug, last_event_id="1"))
            assert await late.shows(again[-1], within=SOON)
            watch.cancel()
            assert late.events[0] == "display"
            newest = late.snapshots[0]["version"]
            assert await eventually(
                lambda: screens[0].snapshots[-1]["version"] == newest, within=SOON
            )
            assert late.snapshots[0]["calls"] == screens[0].snapshots[-1]["calls"]

    play(make_house(), journey)


def test_three_hundred_screens_see_every_call_and_deaf_ones_disturb_nobody(make_house: MakeHouse):
    async def journey(house: House, hall: Hall, bases: "list[str]") -> None:
        slug = house.facts["slug"]
        deaf = [never_reading(bases[number % 2], slug) for number in range(DEAF)]
        async with watching(IDLE, bases, slug) as screens:
            codes = []
            for _time in range(15):
                codes.append(await hall.call_somebody())
                await asyncio.sleep(0.1)
            assert await all_see(screens, codes)
            delays = hall.delays(screens)
            print(told(delays))
            assert len(delays) == IDLE * len(codes)
        for line in deaf:
            line.close()

    play(make_house(), journey)


@pytest.mark.parametrize("make_house", ["postgres"], indirect=True)
def test_screens_are_right_again_after_the_listening_connection_was_cut(make_house: MakeHouse):
    async def journey(house: House, hall: Hall, bases: "list[str]") -> None:
        async with watching(2, bases[1:], house.facts["slug"]) as screens:
            await all_see(screens, [await hall.call_somebody()])
            cut_off_the_listeners(house)
            started = time.monotonic()
            codes = [await hall.call_somebody() for _time in range(3)]
            assert await all_see(screens, codes)
            print(f"right again {time.monotonic() - started:.2f} s after the cut")

    play(make_house(), journey)


def cut_off_the_listeners(house: House) -> None:
    with psycopg.connect(house.database) as connection:
        cut = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'parvis-hall' AND datname = current_database()"
        ).fetchall()
    assert cut
