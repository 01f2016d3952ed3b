"""Call-next over HTTP against the raw SQL limit and against a plain Django ORM version.

All in one run on one machine, rounds interleaved: eight desks call, thousands wait, every call
goes to a fresh desk so that nothing but calling is measured.

*Raw* is what the database alone can do for the same promise: claim, event, key and version in
one transaction, by SQL from eight threads with a connection each.

*Plain* (``bench/plain``) is the same promise by the ORM, as a good hand writes it after reading
Django's manual, behind the same server: token, desk, stored key, ``select_for_update`` that skips
locked rows, ``save``, event, version, the same answer; the middleware of ``startproject``;
connections that are kept, and on SQLite the settings without which it fails. Until November 2026
the peer was unfair both ways: it opened a connection per request, took SQLite as Django sets it
up and waited at locked rows (which made it slow), and promised less, without key or version
(which made it fast). *Untouched* is *plain* with the database as ``startproject`` leaves it: a
connection per request, SQLite without the settings that the manual names. *Bare* is the lesser
promise with the good settings, told for information: a retry calls a second person, and no
screen hears of a call.

Rates on a busy machine say little; so the CPU that a call costs is told too, of the server's
processes and of its connections to PostgreSQL.
"""

import sqlite3
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import psycopg
from tests.load.house import House, free_port

from bench import stage

CLIENTS = 8
ROUNDS = 3
WARM_UP = 0.7  # seconds
AIMS = {"sqlite": 0.10, "postgres": 0.25, "plain": 4}
FASTEST_SERVER, FASTEST_RAW = 700, 3_000  # calls a second that nobody reaches here


@dataclass
class Side:
    """One way to call, and what was seen of it, round by round."""

    measure: Callable[[float], tuple[float, float]]
    rates: list[float] = field(default_factory=list)  # calls a second
    costs: list[float] = field(default_factory=list)  # ms of CPU a call


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        with (
            stage.house(engine) as house,
            stage.house(engine, settings="bench.plain.settings") as plain,
            stage.house(engine, settings="bench.plain.untouched") as untouched,
        ):
            sides = {
                "ours": Side(partial(over_http, house, "/api/v1")),
                "plain": Side(partial(over_http, plain, "/api/v1")),
                "untouched": Side(partial(over_http, untouched, "/api/v1")),
                "bare": Side(partial(over_http, plain, "/bare")),
                "raw": Side(partial(by_sql, house, engine)),
            }
            for _round in range(ROUNDS):
                for side in sides.values():
                    rate, cost = side.measure(seconds)
                    side.rates.append(rate)
                    side.costs.append(cost)
        show(engine, sides)


def show(engine: str, sides: dict[str, Side]) -> None:
    ours = sides["ours"]
    for name, side in sides.items():
        rate, cost = statistics.median(side.rates), statistics.median(side.costs)
        cpu = f", {cost:.2f} ms of CPU a call" if cost else ""
        print(f"call-next {engine} {name}: {rate:.0f}/s{cpu}")
    aims = {"raw": AIMS[engine], "plain": AIMS["plain"], "untouched": AIMS["plain"], "bare": 0}
    for name, aim in aims.items():
        ratios = [mine / other for mine, other in zip(ours.rates, sides[name].rates, strict=True)]
        told = f"ours/{name} {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        if any(sides[name].costs):
            less = statistics.median(sides[name].costs) / statistics.median(ours.costs)
            told += f", by CPU {less:.2f}"
        print(f"call-next {engine}: {told}" + (f" (aim >= {aim})" if aim else ""))


def fill(house: House, calls: int) -> int:
    return int(house.run("-m", "bench.fill", str(calls), str(calls)))


def over_http(house: House, prefix: str, seconds: float) -> tuple[float, float]:
    """Calls a second of eight clients through a server of two workers, and CPU ms a call."""
    most = int(FASTEST_SERVER * (seconds + WARM_UP))
    first = fill(house, most)
    base = house.start(free_port(), workers=2)

    desks = iter(range(first, first + most))  # one lane: who has a process alone calls more

    async def client(_number: int, end: float) -> int:
        done = 0
        async with stage.Line(base, house.facts["token"]) as line:
            while time.perf_counter() < end:
                path = f"{prefix}/desks/{next(desks)}/call-next"
                done += await line.post(path, b"{}", uuid.uuid4().hex) == 200
        return done

    try:
        stage.rate(client, CLIENTS, WARM_UP)  # imports, connections, plans
        before, start = stage.cpu_seconds(house), time.perf_counter()
        rate = stage.rate(client, CLIENTS, seconds)
        calls = rate * (time.perf_counter() - start)
        return rate, 1000 * (stage.cpu_seconds(house) - before) / calls
    finally:
        house.stop()


def by_sql(house: House, engine: str, seconds: float) -> tuple[float, float]:
    """Claims a second by SQL alone from eight threads."""
    most = int(FASTEST_RAW * seconds)
    first = fill(house, most)
    worker = _sqlite_calls if engine == "sqlite" else _postgres_calls
    counts = [0] * CLIENTS
    end = time.perf_counter() + seconds

    def work(number: int) -> None:
        desks = range(first + number, first + most, CLIENTS)
        counts[number] = worker(house, desks, lambda: time.perf_counter() < end)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start), 0.0


_EVENT = (
    "INSERT INTO queue_ticketevent (ticket_id, at, kind, desk_id, data)"
    " VALUES ({0}, CURRENT_TIMESTAMP, 'called', {0}, '{{}}')"
)
_KEY = (
    "INSERT INTO common_idempotencykey (scope, key, fingerprint, status, answer, created_at)"
    " VALUES ('raw', {0}, '', 200, '', CURRENT_TIMESTAMP)"
)
_VERSION = "UPDATE queue_hallversion SET number = number + 1 WHERE site_id = {0}"
_CALL = "state='called', desk_id={0}, called_at={1}, last_call_at={1}, calls=calls+1"
_FIRST = (
    "SELECT id FROM queue_ticket WHERE site_id={0} AND state='waiting' ORDER BY rank_at, id LIMIT 1"
)


def _sqlite_calls(house: House, desks: range, going: Callable[[], bool]) -> int:
    path = house.home / "var" / "parvis.sqlite3"
    claim = (
        f"UPDATE queue_ticket SET {_CALL.format('?', 'CURRENT_TIMESTAMP')}"
        f" WHERE id=({_FIRST.format('?')}) AND state='waiting' RETURNING id"
    )
    done = 0
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=FULL")
        for desk in desks:
            if not going():
                break
            db.execute("BEGIN IMMEDIATE")
            ticket = db.execute(claim, (desk, house.facts["site"])).fetchone()[0]
            db.execute(_EVENT.format("?"), (ticket, desk))
            db.execute(_KEY.format("?"), (uuid.uuid4().hex,))
            db.execute(_VERSION.format("?"), (house.facts["site"],))
            db.execute("COMMIT")
            done += 1
    return done


def _postgres_calls(house: House, desks: range, going: Callable[[], bool]) -> int:
    claim = (
        f"WITH first AS ({_FIRST.format('%s')} FOR UPDATE SKIP LOCKED)"
        f" UPDATE queue_ticket SET {_CALL.format('%s', 'now()')}"
        " FROM first WHERE queue_ticket.id = first.id RETURNING queue_ticket.id"
    )
    done = 0
    with psycopg.connect(house.database, autocommit=True) as db:
        for desk in desks:
            if not going():
                break
            with db.transaction():
                row = db.execute(claim.encode(), (house.facts["site"], desk)).fetchone()
                assert row is not None
                db.execute(_EVENT.format("%s").encode(), (row[0], desk))
                db.execute(_KEY.format("%s").encode(), (uuid.uuid4().hex,))
                db.execute(_VERSION.format("%s").encode(), (house.facts["site"],))
            done += 1
    return done
