"""The disk fills up on a Monday morning: people still read, and nothing is promised in vain.

A real disk of some megabytes (tmpfs), so only root can run this.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.load.house import House, free_port

MEGABYTES = 24
pytestmark = [
    pytest.mark.load,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk"),
]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def house(disk: Path) -> Iterator[House]:
    built = House(disk)
    built.furnish()
    yield built
    built.stop()


@dataclass
class Visitors:
    """People at the kiosk and a program, who remember what they were told."""

    base: str
    facts: dict[str, Any]
    program: httpx.Client
    person: httpx.Client
    codes: "list[str]" = field(default_factory=list)  # shown at the kiosk
    ids: "list[str]" = field(default_factory=list)  # told to the program

    def issue(self) -> httpx.Response:
        answer = self.program.post(
            f"/api/v1/sites/{self.facts['site']}/tickets",
            json={"topic": str(self.facts["topics"][0])},
        )
        if answer.status_code == 201:
            self.ids.append(answer.json()["id"])
        return answer

    def press_the_kiosk(self) -> httpx.Response:
        """Choose a topic on the page of the kiosk, as a browser without script does."""
        page = self.person.get(f"/borne/{self.facts['slug']}/motif/acte-naissance/")
        assert page.status_code == 200
        fields = dict(
            re.findall(r'name="(csrfmiddlewaretoken|form_key)" value="([^"]+)"', page.text)
        )
        answer = self.person.post(
            f"/borne/{self.facts['slug']}/ticket/",
            data={**fields, "topic": "acte-naissance"},
            follow_redirects=True,
        )
        if answer.status_code == 200:
            self.codes += re.findall(r'data-parvis-spell="([^"]+)"', answer.text)
        return answer


@pytest.fixture
def visitors(house: House) -> Iterator[Visitors]:
    base = house.start(free_port())
    token = {"Authorization": f"Bearer {house.facts['token']}"}
    with (
        httpx.Client(base_url=base, headers=token, timeout=30) as program,
        httpx.Client(base_url=base, timeout=30) as person,
    ):
        yield Visitors(base, house.facts, program, person)


def fill(disk: Path) -> Path:
    """Take every byte that is left."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return ballast


def test_a_full_disk_stops_writing_in_words_and_never_reading(
    disk: Path, house: House, visitors: Visitors
):
    assert visitors.issue().status_code == 201
    assert visitors.press_the_kiosk().status_code == 200

    ballast = fill(disk)
    refused = until_refused(visitors)
    at_kiosk = visitors.press_the_kiosk()
    pages = [visitors.person.get(path) for path in reads(house.facts)]
    seen = visitors.program.get(f"/api/v1/tickets/{visitors.ids[-1]}")
    told, stored = len(visitors.ids) + len(visitors.codes), rows(house)
    sound = house.rows("PRAGMA integrity_check")

    ballast.unlink()
    after, kiosk_after = visitors.issue(), visitors.press_the_kiosk()

    assert refused.status_code == 503
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "Idempotency-Key" in refused.json()["detail"]
    assert at_kiosk.status_code == 503
    assert "De retour dans un instant" in at_kiosk.text
    assert {page.status_code for page in pages} == {200}
    assert seen.status_code == 200
    assert not any("Traceback" in text for text in (refused.text, at_kiosk.text))
    assert stored == told
    assert sound == [("ok",)]
    assert (after.status_code, kiosk_after.status_code) == (201, 200)
    assert gapless(house)


def until_refused(visitors: Visitors) -> httpx.Response:
    """The journal of the database may still have room for some."""
    for _try in range(3000):
        answer = visitors.issue()
        if answer.status_code != 201:
            return answer
    raise AssertionError("the disk was never full")


def reads(facts: dict[str, Any]) -> "list[str]":
    slug = facts["slug"]
    return ["/", f"/ecran/{slug}/", f"/borne/{slug}/", "/fiches/", "/horaires/", "/health/ready"]


def rows(house: House) -> int:
    return int(house.rows("SELECT COUNT(*) FROM queue_ticket")[0][0])


def gapless(house: House) -> bool:
    numbers = [row[0] for row in house.rows("SELECT number FROM queue_ticket ORDER BY number")]
    return numbers == list(range(1, len(numbers) + 1))


def test_an_agent_whose_disk_is_full_still_reads(disk: Path, house: House, visitors: Visitors):
    sign_in(visitors, house.facts)
    visitors.issue()

    ballast = fill(disk)
    until_refused(visitors)
    read = visitors.person.get("/agent/compte/")
    form = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', read.text))
    locked = visitors.person.post("/agent/verrou/", data=form)

    ballast.unlink()
    locked_after = visitors.person.post("/agent/verrou/", data=form)

    assert read.status_code == 200
    assert locked.status_code == 503
    assert "De retour dans un instant" in locked.text
    assert locked_after.status_code == 302


def sign_in(visitors: Visitors, facts: dict[str, Any]) -> None:
    page = visitors.person.get("/connexion/")
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page.text))
    account = {"username": facts["agent"][0], "password": facts["agent"][1]}
    answer = visitors.person.post("/connexion/", data={**fields, **account})
    assert answer.status_code == 302, answer.text
