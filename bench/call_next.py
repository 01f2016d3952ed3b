"""Call-next over HTTP against the raw SQL limit and against a plain Django ORM version.

All three in one run on one machine, rounds interleaved: eight desks call, thousands wait, every
call goes to a fresh desk so that nothing but calling is measured.

*Raw* is what the database alone can do for the same guarantee: claim, event, key and version in
one transaction, by SQL from eight threads with a connection each. *Plain* is the same call as
most would first write it in Django (``bench/plain``), behind the same server.
"""

import sqlite3
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import closing

import psycopg
from tests.load.house import House, free_port

from bench import stage

CLIENTS = 8
ROUNDS = 3
CALLS = 8_000  # more than any side manages in one round


def run(engines: list[str], seconds: float) -> None:
    for engine in engines:
        rates: dict[str, list[float]] = {"ours": [], "plain": [], "raw": []}
        with (
            stage.house(engine) as house,
            stage.house(engine, settings="bench.plain.settings") as naive,
        ):
            for _round in range(ROUNDS):
                rates["ours"].append(over_http(house, seconds))
                rates["plain"].append(over_http(naive, seconds))
                rates["raw"].append(by_sql(house, engine, seconds))
        show(engine, {name: statistics.median(found) for name, found in rates.items()})


def show(engine: str, rates: dict[str, float]) -> None:
    aim = {"sqlite": 0.10, "postgres": 0.25}[engine]
    ours, plain, raw = rates["ours"], rates["plain"], rates["raw"]
    print(
        f"call-next {engine}: ours {ours:.0f}/s, raw SQL {raw:.0f}/s, plain Django {plain:.0f}/s;"
        f" ours/raw {ours / raw:.2f} (aim >= {aim}), ours/plain {ours / plain:.1f} (aim >= 4)"
    )


def fill(house: House) -> int:
    return int(house.run("-m", "bench.fill", str(CALLS), str(CALLS)))


def over_http(house: House, seconds: float) -> float:
    """Calls a second of eight clients through a server of two workers."""
    first = fill(house)
    base = house.start(free_port(), workers=2)

    async def client(number: int, end: float) -> int:
        done = 0
        desks = iter(range(first + number, first + CALLS, CLIENTS))
        async with stage.Line(base, house.facts["token"]) as line:
            while time.perf_counter() < end:
                path = f"/api/v1/desks/{next(desks)}/call-next"
                done += await line.post(path, b"{}", uuid.uuid4().hex) == 200
        return done

    try:
        return stage.rate(client, CLIENTS, seconds)
    finally:
        house.stop()


def by_sql(house: House, engine: str, seconds: float) -> float:
    """Claims a second by SQL alone from eight threads."""
    first = fill(house)
    worker = _sqlite_calls if engine == "sqlite" else _postgres_calls
    counts = [0] * CLIENTS
    end = time.perf_counter() + seconds

    def work(number: int) -> None:
        desks = range(first + number, first + CALLS, CLIENTS)
        counts[number] = worker(house, desks, lambda: time.perf_counter() < end)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)


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
