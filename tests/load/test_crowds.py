"""Many who want nothing or send slowly: whoever wants a page still gets it."""

import asyncio
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.load.house import House, free_port
from tests.load.screens import watching

SCREENS = 1100  # more than the web server's own limit for two workers
SLOW = 100
PATIENCE = 5.0  # seconds for a page, generous on a machine with other work
pytestmark = pytest.mark.load


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.furnish()
    yield built
    built.stop()


def kiosk(house: House, base: str) -> int:
    # A new connection each time: an old one would already be served.
    return httpx.get(f"{base}/borne/{house.facts['slug']}/", timeout=PATIENCE).status_code


def test_more_screens_than_any_hall_has_leave_room_for_pages(house: House):
    base = house.start(free_port(), workers=2)

    async def crowd() -> "list[int]":
        async with watching(SCREENS, [base], house.facts["slug"]):
            return [await asyncio.to_thread(kiosk, house, base) for _time in range(5)]

    assert asyncio.run(crowd()) == [200] * 5


def test_slow_senders_hold_up_nobody_and_are_sent_away(house: House):
    base = house.start(free_port())
    form = httpx.get(f"{base}/connexion/", timeout=PATIENCE)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)[0]
    head = (
        "POST /connexion/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Cookie: csrftoken={form.cookies['csrftoken']}\r\n\r\ncsrfmiddlewaretoken={token}&usern"
    )
    lines = [slow(base, head) for _one in range(SLOW)]
    lines += [slow(base, "GET / HTTP/1.1\r\nHost: 12") for _one in range(SLOW)]
    time.sleep(1)

    answers = [kiosk(house, base) for _time in range(5)]
    goodbyes = [farewell(lines[0]), farewell(lines[-1])]
    for line in lines:
        line.close()

    assert answers == [200] * 5
    assert goodbyes[0].startswith(b"HTTP/1.1 408")
    assert goodbyes[1] == b""


def slow(base: str, said: str) -> socket.socket:
    address = urlsplit(base)
    line = socket.create_connection((address.hostname, address.port))
    line.sendall(said.encode())
    return line


def farewell(line: socket.socket) -> bytes:
    """What the server says when its patience ends."""
    line.settimeout(45)
    return line.recv(1000)
