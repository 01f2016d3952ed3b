"""The ten bars of the hall (Q1 to Q10), each with its number, its aim and whether it is kept.

FQM, the peer of most bars, is in no registry: a plain implementation in Django, behind the same
server, is the peer of the same run. What needs two databases is shown on both; the rules and the
figures know no database and are shown once.
"""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, sync_playwright
from tests.load import test_crash, test_race
from tests.load.agents import Log, audit
from tests.load.house import House, free_port
from tests.load.screens import Hall, Screen, eventually, watching
from tests.support.browser import axe_violations, launch_options

from bench import call_next, history, screen, stage

# Fewer of everything, for a look on a machine with other work: BENCH_SHARE=0.1.
SHARE = float(os.environ.get("BENCH_SHARE", "1"))
ROUNDS, NAIVE_ROUNDS = int(200 * SHARE), 10
OLD = int(100_000 * SHARE)
NEW = "SELECT id, series, number, state, desk_id FROM queue_ticket WHERE series <> 'Z'"
missed: list[str] = []


def tell(bar: str, where: str, what: str, seen: str, aim: str, kept: bool) -> None:
    """One line; what was missed is said again at the end."""
    line = f"{bar:4} {where:8} {what}: {seen} (aim {aim})"
    print(f"{line} {'kept' if kept else 'MISSED'}", flush=True)
    if not kept:
        missed.append(line)


def run(engines: list[str], seconds: float) -> None:
    missed.clear()
    for engine in engines:
        nobody_twice(engine)
        nothing_lost(engine)
        on_the_screens(engine)
        throughput(engine, min(seconds, 4))
    from_within()
    for_everybody()
    print(f"\n{len(missed)} missed" if missed else "\nevery bar is kept")
    for line in missed:
        print(line)


def nobody_twice(engine: str) -> None:
    """Q1 and Q3, in a young house and in one with 100,000 old tickets."""
    with stage.house(engine) as young, stage.house(engine, old=OLD) as aged:
        for house, age in ((young, "0 old"), (aged, f"{OLD:,} old")):
            bases = [house.start(free_port()), house.start(free_port())]
            log = asyncio.run(test_race.race(house, bases, ROUNDS))
            what = f"{ROUNDS} rounds x 8 agents, 2 processes, {age}"
            _tell_race(engine, what, house, log)
            house.stop()
        ports = {"none": young.start(free_port()), "old": aged.start(free_port())}
        found = asyncio.run(history.measure({"none": young, "old": aged}, ports))
    for call in ("issue", "call"):
        none, old = (stage.percentile(found[name, call], 0.5) for name in ("none", "old"))
        seen = f"{old:.1f} / {none:.1f} ms = {old / none:.2f}"
        tell(
            "Q3",
            engine,
            f"{call}, p50 with {OLD:,} old / with none",
            seen,
            "<= 1.2",
            old <= 1.2 * none,
        )
    with stage.house(engine, settings="tests.load.naive_settings") as naive:
        bases = [naive.start(free_port()), naive.start(free_port())]
        log = asyncio.run(test_race.race(naive, bases, NAIVE_ROUNDS, keyed=False))
        doubles = _doubles(naive, log)
    seen = f"{len(doubles)} double calls or numbers"
    tell(
        "Q1",
        engine,
        f"the peer, read then write, {NAIVE_ROUNDS} rounds",
        seen,
        "> 0",
        bool(doubles),
    )


def _wrong(house: House, log: Log) -> list[str]:
    return audit(log, house.rows(NEW), house.rows(test_race.CONTACTS)[0][0])


def _doubles(house: House, log: Log) -> list[str]:
    return [line for line in _wrong(house, log) if "times" in line or "twice" in line]


def _tell_race(engine: str, what: str, house: House, log: Log) -> None:
    wrong, calls = _wrong(house, log), len(log.called)
    seen = f"{len(wrong)} double calls, double or missing numbers in {calls} calls"
    tell("Q1", engine, what, seen, "0", not wrong and calls == ROUNDS * 8)


def nothing_lost(engine: str) -> None:
    """Q2, and the mixed load of Q1: eight agents, four kiosks, the server killed in between."""
    with stage.house(engine) as house:
        port = free_port()
        base = house.start(port, workers=2)
        log = asyncio.run(test_crash.work(house, base, port))
        wrong = _wrong(house, log)
    seen = f"{len(wrong)} lost, doubled or unaccounted of {len(log.issued)} acknowledged tickets"
    what = f"8 agents and 4 kiosks at once, {test_crash.KILLS} kill -9"
    tell("Q2", engine, what, seen, "0", not wrong)


def on_the_screens(engine: str) -> None:
    """Q4: how soon, after a cut, and two at once."""
    with stage.house(engine) as house:
        acts, shows = house.start(free_port()), house.start(free_port())
        pushed, polled = asyncio.run(screen.measure(house, acts, shows))
        p50, p95 = (stage.percentile(pushed, share) for share in (0.5, 0.95))
        poll = stage.percentile(polled, 0.5)
        seen = f"{p50:.0f} ms, polling as the peer {poll:.0f} ms"
        tell("Q4", engine, f"call to {screen.SCREENS} screens, p50", seen, "<= 300 ms", p50 <= 300)
        tell("Q4", engine, "the same, p95", f"{p95:.0f} ms", "<= 1,000 ms", p95 <= 1000)
        all_there = screen.CALLS * screen.SCREENS
        seen = f"{len(pushed)} of {all_there}"
        tell("Q4", engine, "calls shown", seen, "all", len(pushed) == all_there)
    with stage.house(engine) as house:
        acts, shows = house.start(free_port()), house.start(free_port())
        took, apart, both = asyncio.run(_cut_and_two_at_once(house, acts, shows))
    tell(
        "Q4", engine, "right after the line was cut for 30 s", f"{took:.2f} s", "<= 5 s", took <= 5
    )
    seen = f"{'both' if both else 'one'} shown, called {1000 * apart:.0f} ms apart"
    tell("Q4", engine, "two calls at once", seen, "both", both)


async def _cut_and_two_at_once(house: House, acts: str, shows: str) -> tuple[float, float, bool]:
    slug = house.facts["slug"]
    async with httpx.AsyncClient(timeout=30) as http:
        hall = Hall(house.facts, acts, http)
        async with watching(1, [shows], slug) as before:
            await hall.call_somebody()
            await before[0].shows(next(iter(hall.called_at)), within=5)
            known = str(before[0].snapshots[-1]["version"])
        codes = [await hall.call_somebody() for _time in range(3)]
        await asyncio.sleep(30)
        back, began = Screen(), time.monotonic()
        watch = asyncio.ensure_future(back.watch(shows, slug, last_event_id=known))
        await eventually(lambda: all(code in back.seen for code in codes), within=10)
        took = time.monotonic() - began
        hall.called_at.clear()
        two = await asyncio.gather(hall.call_somebody(1), hall.call_somebody(2))
        both = await eventually(lambda: all(code in back.seen for code in two), within=5)
        watch.cancel()
    first, second = sorted(hall.called_at.values())
    return took, second - first, both


def throughput(engine: str, seconds: float) -> None:
    """Q5: calls a second of eight clients against the plain version behind the same server."""
    rates: dict[str, list[float]] = {"ours": [], "plain": []}
    with stage.house(engine) as ours, stage.house(engine, settings="bench.plain.settings") as plain:
        for _round in range(2):
            for name, house in (("ours", ours), ("plain", plain)):
                rates[name].append(call_next.over_http(house, "/api/v1", seconds)[0])
    mine, theirs = (sum(rates[name]) / 2 for name in ("ours", "plain"))
    seen = f"{mine:.0f}/s against {theirs:.0f}/s = {mine / theirs:.1f}"
    tell("Q5", engine, "call-next of 8 clients / plain Django", seen, ">= 2", mine >= 2 * theirs)


def from_within() -> None:
    """Q6, Q7, Q8, Q10 and a year, in a process of the house."""
    with _town() as house:
        for line in house.run("-m", "bench.hall_inside").splitlines():
            bar, what, seen, aim, kept = json.loads(line)
            tell(bar, "", what, seen, aim, kept)


@contextmanager
def _town() -> Iterator[House]:
    with TemporaryDirectory(prefix="parvis-bench-") as folder:
        house = House(Path(folder))
        house.furnish(town=True)
        try:
            yield house
        finally:
            house.stop()


def for_everybody() -> None:
    """Q9: four pages in a browser under axe, and the kiosk by the keyboard alone."""
    with _town() as house, sync_playwright() as play:
        house.run("-c", ON_KIOSK)
        base = house.start(free_port())
        browser = play.chromium.launch(**launch_options())
        page = browser.new_page(base_url=base, locale="fr-FR")
        slug = house.facts["slug"]
        page.goto(f"/borne/{slug}/")
        faults = {"kiosk": axe_violations(page)}
        number = _by_keyboard(page)
        faults["ticket on the kiosk"] = axe_violations(page)
        topic = str(next(iter(house.facts["lines"].values())))
        answer = httpx.post(
            f"{base}/api/v1/sites/{house.facts['site']}/tickets",
            json={"topic": topic},
            headers={"Authorization": f"Bearer {house.facts['token']}"},
        )
        for name, path in (
            ("ticket", urlsplit(answer.json()["page_url"]).path),
            ("display", f"/ecran/{slug}/"),
        ):
            page.goto(path)
            faults[name] = axe_violations(page)
        faults["workstation"] = _workstation(page, house.facts)
        browser.close()
    for name, found in faults.items():
        tell("Q9", "", f"axe on the {name}", f"{len(found)} violations", "0", not found)
    tell("Q9", "", "a ticket by the keyboard alone", number or "none", "a number", bool(number))


ON_KIOSK = """
import django
django.setup()
from parvis.organisations.models import Topic
Topic.objects.update(on_kiosk=True)
"""


TILE = "document.activeElement.matches('.pv-tile:not(.pv-tile-care)')"


def _by_keyboard(page: Page) -> str:
    """Tab to the first tile, Enter, screen after screen; the number that is there at the end."""
    for _screen in range(4):
        for _key in range(30):
            page.keyboard.press("Tab")
            if page.evaluate(TILE):
                break
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if page.locator(".pv-hall-code").count():
            return page.locator(".pv-hall-code").inner_text().strip()
    return ""


def _workstation(page: Page, facts: dict[str, Any]) -> list[str]:
    username, password = facts["agent"]
    page.goto("/connexion/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/agent/"))
    page.goto("/agent/poste/")
    return axe_violations(page)


if __name__ == "__main__":
    run(sys.argv[1:] or ["sqlite", "postgres"], 4)
