"""The busy hours of the demo town's hall, replayed through the API at 100 times their speed.

``PARVIS_WHOLE_DAY=1`` replays the whole day, 8:30 to 17:30, in five and a half minutes.
"""

import asyncio
import os
import statistics
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from parvis.queue import rules
from tests.knowledge.conftest import _material as real_material
from tests.load.agents import numbers
from tests.load.conftest import MakeHouse
from tests.load.day import HOUR, visits
from tests.load.house import House, free_port
from tests.load.replay import Replay
from tests.load.test_race import CONTACTS

WHOLE_DAY = bool(os.environ.get("PARVIS_WHOLE_DAY"))
OPENS, CLOSES = (8.5, 17.5) if WHOLE_DAY else (10.0, 11.0)
SEED = 20_260_921
PARIS = ZoneInfo("Europe/Paris")
TICKETS = (
    "SELECT id, series, number, state, issued_at, called_at, started_at, ended_at FROM queue_ticket"
)
SHEETS_USED = "SELECT COUNT(*) FROM contacts_contactsheet"
EVENTS = "SELECT ticket_id, kind, at FROM queue_ticketevent ORDER BY id"
pytestmark = pytest.mark.load


def test_a_busy_morning_leaves_a_true_account(make_house: MakeHouse):
    house = make_house()
    house.furnish(town=True)
    has_sheets = import_the_real_sheets(house)
    bases = [house.start(free_port()), house.start(free_port())]

    replay, measures = asyncio.run(morning(house, bases))

    assert replay.log.strange == []
    assert audit(house, replay) == []
    assert recount(replay, measures) == []
    assert bool(replay.sheets_used) == has_sheets
    ends = Counter(stay.end for stay in replay.stays.values())
    wait = measures["WAIT-P50"]
    print(f"{len(replay.stays)} tickets, {dict(ends)}, median wait {wait['value']:.2f} s")


async def morning(house: House, bases: "list[str]") -> "tuple[Replay, dict[str, Any]]":
    replay = Replay(house.facts, bases, SEED)
    first = datetime.now(PARIS).date()
    await replay.run(visits(SEED, OPENS, CLOSES), (CLOSES - OPENS) * HOUR)
    last = datetime.now(PARIS).date() + timedelta(days=1)
    question = {"from": first.isoformat(), "to": last.isoformat()}
    return replay, await replay.indicators(**question, site=str(house.facts["site"]))


def import_the_real_sheets(house: House) -> bool:
    """The national sheets where they are at hand; else the day is played without them."""
    found = real_material()
    if found is None:
        print("Played without sheets: the real ones are not here (PARVIS_REAL_MATERIAL).")
        return False
    house.run("-m", "parvis", "sheets", "import", str(found / "sheets.jsonl"))
    return True


def audit(house: House, replay: Replay) -> "list[str]":
    """What the tables say against what the clients were told, and against the rules."""
    rows = house.rows(TICKETS)
    stays = replay.stays
    wrong = numbers(rows)
    wrong += [f"{key} was called {n} times" for key, n in replay.claims.items() if n > 1]
    if {str(row[0]) for row in rows} != set(stays):
        wrong.append("the tickets are not those that were given")
    wrong += [
        f"ticket {row[0]} is {row[3]}, the clients say {stays[str(row[0])].end}"
        for row in rows
        if str(row[0]) in stays and row[3] != stays[str(row[0])].end
    ]
    wrong += [f"ticket {row[0]} has times out of order" for row in rows if not in_order(row[4:])]
    contacts, used = (house.rows(count)[0][0] for count in (CONTACTS, SHEETS_USED))
    if (contacts, used) != (replay.contacts, replay.sheets_used):
        wrong.append(f"{contacts} contacts with {used} sheets, the clients say otherwise")
    return wrong + illegal(house)


def in_order(moments: "tuple[Any, ...]") -> bool:
    known = [moment for moment in moments if moment is not None]
    return known == sorted(known)


def illegal(house: House) -> "list[str]":
    """Events that no ticket may live through, or that go back in time."""
    wrong, state, clock = [], dict[int, str](), dict[int, Any]()
    for ticket, kind, at in house.rows(EVENTS):
        if kind == "issued":
            state[ticket] = "waiting"
        elif rules.may(kind, state[ticket]):
            state[ticket] = rules.target(kind, state[ticket])
        else:
            wrong.append(f"ticket {ticket} was {kind} when {state[ticket]}")
        if at < clock.get(ticket, at):
            wrong.append(f"ticket {ticket} was {kind} before what came before")
        clock[ticket] = at
    wrong += [
        f"ticket {row[0]} is {row[3]}, its events say {state[row[0]]}"
        for row in house.rows(TICKETS)
        if state[row[0]] != row[3]
    ]
    return wrong


def recount(replay: Replay, measures: "dict[str, Any]") -> "list[str]":
    """The indicators once more, from nothing but the account of the clients."""
    stays = list(replay.stays.values())
    served = [stay for stay in stays if stay.started]
    second = [stay for stay in stays if len(stay.started) > 1]
    gave_up = [s for s in stays if s.end == "left" or (s.end == "no_show" and s.calls[s.leg] > 1)]
    at_first = [stay for stay in gave_up if not stay.started]
    in_vain = [stay for stay in stays if stay.end == "no_show" and stay.calls[stay.leg] == 1]
    counts = {
        ("WAIT-P50", "denominator"): len(served),
        ("WAIT-TARGET", "numerator"): len(served),  # nobody waits ten real minutes here
        ("WAIT-TARGET", "denominator"): len(served) + len(at_first),
        ("ABANDONMENT", "numerator"): len(gave_up),
        ("ABANDONMENT", "denominator"): len(stays),
        ("WAIT-TRANSFER", "denominator"): len(second),
        ("IN-BUILDING", "denominator"): len(stays),
    }
    wrong = [
        f"{code} {part} is {measures[code][part]}, by the clients {expected}"
        for (code, part), expected in counts.items()
        if measures[code][part] != expected
    ]
    absent = measures["WAIT-P50"]["excluded"]["absent_after_one_call"]
    if absent != len([stay for stay in in_vain if not stay.started]):
        wrong.append(f"{absent} absent after one call, by the clients {len(in_vain)}")
    medians = {
        "WAIT-P50": [stay.started[0] - stay.issued for stay in served],
        "IN-BUILDING": [stay.ended - stay.issued for stay in stays],
    }
    return wrong + [
        f"{code} is {measures[code]['value']} s, by the clients {statistics.median(found)} s"
        for code, found in medians.items()
        if abs(measures[code]["value"] - statistics.median(found)) > 1
    ]
