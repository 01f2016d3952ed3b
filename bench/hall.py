"""The hall as a whole: what the bars Q1 to Q7 ask for, each with its limit in the same run.

Q1: nobody called twice and no number given twice, rounds of eight agents who press at once and a
mixed half minute, two servers, without and with 100,000 old tickets. Q3 is the script
``history``, Q4 ``screen``, Q5 ``call_next`` (whose peer is a plain Django queue). Q6: a year of a
town's visits as a map, and a day played again. Q7: the waits of an example town against what
was announced. Q2, Q8, Q9 and Q10 are tests: tests/load/test_crash.py, tests/queue, tests/e2e.
"""

import asyncio
import json
import random
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from tests.load.agents import Client, Log, audit
from tests.load.house import House, free_port
from tests.load.test_race import AGENTS, TICKETS, race

from bench import history, screen, stage

ROUNDS = 200
MIXED_SECONDS = 30
OLD = 100_000
LIMIT_MS = 300

PAGES = """
import os, time, json, statistics
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
import django
django.setup()
from datetime import date, timedelta
from django.core.cache import cache
from django.db.models import Count
from django.test import Client
from parvis.accounts.models import Agent
from parvis.queue.models import Ticket
busy = Ticket.objects.values("site__authority", "site").annotate(n=Count("pk"))
busiest = busy.order_by("-n")[0]
authority = busiest["site__authority"]
days = Ticket.objects.filter(site=busiest["site"]).values("day").annotate(n=Count("pk"))
day = days.order_by("-n")[0]["day"]
last = Ticket.objects.filter(site__authority=authority).order_by("-day").values_list("day", flat=True)[0]
head = next(a for a in Agent.objects.filter(authority=authority) if a.may("quality.read"))
client = Client(SERVER_NAME="localhost")
client.force_login(head)
year = f"first={last - timedelta(days=364)}&last={last}"
pages = {
    "map of a year": f"/agent/indicateurs/semaine/?{year}",
    "days behind a cell": f"/agent/indicateurs/semaine/?{year}&cell=0-20",
    "day played again": f"/agent/jour/salle/?day={day}&site={busiest['site']}&at=10:30",
}
found = {}
for name, address in pages.items():
    times = []
    for turn in range(9):
        cache.clear()
        start = time.process_time()
        answer = client.get(address)
        times.append(1000 * (time.process_time() - start))
        assert answer.status_code == 200, (address, answer.status_code)
    found[name] = statistics.median(times[1:])
of_year = Ticket.objects.filter(day__gt=last - timedelta(days=365))
visits = of_year.filter(site__authority=authority).count()
told = Ticket.objects.filter(announced_high__isnull=False, called_at__isnull=False)
kept = told.values_list("issued_at", "called_at", "announced_low", "announced_high")
inside = total = 0
for issued, called, low, high in kept[:20000]:
    minutes = (called - issued).total_seconds() / 60
    inside += low <= minutes <= high
    total += 1
print(json.dumps({"pages": found, "visits": visits, "inside": inside, "told": total}))
"""


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        for old in (0, OLD):
            with stage.house(engine, old=old) as house:
                _race(house, engine, old)
    history.run(engines, seconds)
    screen.run(engines, seconds)
    for engine in engines:
        _pages(engine)


def _race(house: House, engine: str, old: int) -> None:
    before = len(house.rows(TICKETS))
    bases = [house.start(free_port()), house.start(free_port())]
    log = asyncio.run(race(house, bases, ROUNDS))
    mixed = asyncio.run(_mixed(house, bases))
    log.issued |= mixed.issued
    log.called += mixed.called
    log.finished |= mixed.finished
    log.strange += mixed.strange
    known = set(log.issued)
    rows = [row for row in house.rows(TICKETS) if str(row[0]) in known]
    wrong = audit(log, rows, len(log.finished))
    print(
        f"hall {engine}, {before:,} old tickets: {ROUNDS} rounds of {AGENTS} and"
        f" {MIXED_SECONDS} s mixed, {len(log.called):,} calls; wrong: {len(wrong)} (limit 0)"
        + "".join(f"\n  {line}" for line in wrong[:5])
    )


async def _mixed(house: House, bases: list[str]) -> Log:
    """Half a minute of agents and kiosks at their own pace, in no order."""
    facts, log = house.facts, Log()
    end = time.perf_counter() + MIXED_SECONDS
    pace = random.Random(20)
    async with httpx.AsyncClient(timeout=30) as http:
        client = Client(http, bases, facts["token"], log)

        async def kiosk(turn: int) -> None:
            while time.perf_counter() < end:
                await client.issue(turn, facts["site"], facts["topics"][turn % 2])
                await asyncio.sleep(pace.random() / 10)

        async def agent(turn: int) -> None:
            while time.perf_counter() < end:
                ticket = await client.call(turn, facts["desks"][turn])
                await asyncio.sleep(pace.random() / 10)
                if ticket:
                    await client.finish(turn, ticket)

        await asyncio.gather(*map(kiosk, range(4)), *map(agent, range(AGENTS)))
    return log


def _pages(engine: str) -> None:
    """The demo town's year, as large as it comes."""
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as folder:
        house = House(Path(folder), stage.database(engine))
        house.run("-m", "parvis", "demo", "--no-serve", "--reset")
        told: dict[str, Any] = json.loads(house.run("-c", PAGES).splitlines()[-1])
    for name, milliseconds in told["pages"].items():
        print(
            f"hall {engine}: {name}, {told['visits']:,} visits in the year: {milliseconds:.0f} ms"
            f" of CPU; {milliseconds / LIMIT_MS:.2f} of the limit of {LIMIT_MS} ms"
        )
    if told["told"]:
        print(
            f"hall {engine}: {told['inside'] / told['told']:.2f} of {told['told']:,} announced"
            " waits held (meant for 0.80)"
        )
