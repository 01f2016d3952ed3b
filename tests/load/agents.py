"""Clients that work the hall through the API and keep their own log of what was acknowledged."""

import asyncio
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Log:
    """What the clients were told, as they would swear to it."""

    issued: "dict[str, dict[str, Any]]" = field(default_factory=dict)  # by ticket id
    called: "list[tuple[int, str]]" = field(default_factory=list)  # desk, ticket id
    finished: "set[str]" = field(default_factory=set)
    strange: "list[str]" = field(default_factory=list)
    faults: "list[str]" = field(default_factory=list)  # answers 500, tried again all the same


@dataclass
class Client:
    """One sender of requests; retries with the same key until it gets an answer."""

    http: httpx.AsyncClient
    bases: "list[str]"
    token: str
    log: Log
    patience: float = 30
    keyed: bool = True

    async def post(self, turn: int, path: str, body: "dict[str, Any]") -> httpx.Response:
        """The answer to this POST; the key makes every retry the same request."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if self.keyed:
            headers["Idempotency-Key"] = uuid.uuid4().hex
        deadline = asyncio.get_running_loop().time() + self.patience
        while True:
            try:
                base = self.bases[turn % len(self.bases)]
                answer = await self.http.post(f"{base}/api/v1/{path}", json=body, headers=headers)
                if answer.status_code not in (500, 502, 503):
                    return answer
                if answer.status_code == 500:
                    self.log.faults.append(f"{path}: {answer.text[:200]}")
            except httpx.HTTPError:
                pass
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"no answer to {path} for {self.patience} s")
            await asyncio.sleep(0.05)

    async def issue(self, turn: int, site: int, topic: int) -> None:
        answer = await self.post(turn, f"sites/{site}/tickets", {"topic": str(topic)})
        if answer.status_code == 201:
            ticket = answer.json()
            self.log.issued[ticket["id"]] = ticket
        else:
            self.log.strange.append(f"issue {answer.status_code} {answer.text[:200]}")

    async def call(self, turn: int, desk: int) -> "str | None":
        answer = await self.post(turn, f"desks/{desk}/call-next", {})
        if answer.status_code == 200:
            ticket: str = answer.json()["ticket"]["id"]
            self.log.called.append((desk, ticket))
            return ticket
        if answer.status_code != 204:
            self.log.strange.append(f"call {answer.status_code} {answer.text[:200]}")
        return None

    async def finish(self, turn: int, ticket: str) -> None:
        answer = await self.post(turn, f"tickets/{ticket}/finish", {"outcome": "resolved"})
        if answer.status_code == 200:
            self.log.finished.add(ticket)
        else:
            self.log.strange.append(f"finish {answer.status_code} {answer.text[:200]}")


def audit(log: Log, tickets: "list[tuple[Any, ...]]", contacts: int) -> "list[str]":
    """Everything in which the database disagrees with what was acknowledged.

    ``tickets`` are rows (id, series, number, state, desk) of the day.
    """
    wrong = list(log.strange)
    rows = {str(row[0]): row for row in tickets}
    calls = Counter(ticket for _desk, ticket in log.called)
    wrong += [f"ticket {ticket} called {n} times" for ticket, n in calls.items() if n > 1]
    wrong += [f"acknowledged ticket {id} is not there" for id in log.issued if id not in rows]
    wrong += [
        f"ticket {id} was told to be number {told['number']} but is {rows[id][2]}"
        for id, told in log.issued.items()
        if id in rows and told["number"] != rows[id][2]
    ]
    wrong += [
        f"ticket {ticket} was called to desk {desk} but is {rows[ticket][3:]}"
        for desk, ticket in log.called
        if ticket not in rows or rows[ticket][3] == "waiting" or rows[ticket][4] != desk
    ]
    acknowledged = {ticket for _desk, ticket in log.called}
    wrong += [
        f"ticket {id} is {row[3]} although nobody was told"
        for id, row in rows.items()
        if row[3] != "waiting" and id not in acknowledged
    ]
    wrong += [
        f"ticket {id} was finished but is {rows[id][3]}"
        for id in log.finished
        if rows[id][3] != "done"
    ]
    if contacts != len(log.finished):
        wrong.append(f"{len(log.finished)} visits ended but {contacts} contacts exist")
    return wrong + numbers(tickets)


def numbers(tickets: "list[tuple[Any, ...]]") -> "list[str]":
    """Numbers given twice or left out, per series."""
    series: dict[str, list[int]] = {}
    for row in tickets:
        series.setdefault(row[1], []).append(row[2])
    wrong = []
    for name, given in series.items():
        twice = [number for number, n in Counter(given).items() if n > 1]
        missing = sorted(set(range(1, max(given) + 1)) - set(given))
        wrong += [f"{name} {number} was given twice" for number in twice]
        wrong += [f"{name} {number} was never given" for number in missing]
    return wrong
