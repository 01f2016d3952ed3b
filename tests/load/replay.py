"""A day of the hall through the API, a hundred times as fast, with the clients' own account of it.

One client is the door: people take tickets and lose patience. Each desk is another: it calls,
receives, sends on, ends. Whatever they write down is what they were told, by their own clock.
"""

import asyncio
import math
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.load.agents import Client, Log
from tests.load.day import LINES, Visit

SPEED = 100
WALK = (15, 60)  # seconds of the town from the call to the desk
IDLE = 10  # … before an idle desk calls again
WITH_SHEET = 0.4


@dataclass
class Stay:
    """One ticket as the clients know it; times by their own clock, in real seconds."""

    id: str
    visit: Visit
    issued: float
    series: str = ""
    number: int = 0
    started: "list[float]" = field(default_factory=list)  # one per leg that was received
    calls: "Counter[int]" = field(default_factory=Counter)  # by leg
    leg: int = 0
    is_called: bool = False
    end: str = ""
    ended: float = math.nan

    def close(self, end: str) -> None:
        self.end, self.ended = end, time.monotonic()


class Replay:
    """The hall at work; ``stays`` and ``strange`` are what the clients would swear to."""

    def __init__(self, facts: "dict[str, Any]", bases: "list[str]", seed: int) -> None:
        self.facts, self.bases = facts, bases
        self.chance = Random(seed)
        self.log = Log()
        self.stays: dict[str, Stay] = {}
        self.claims: Counter[tuple[str, int]] = Counter()  # ticket and leg: called how often
        self.contacts = 0
        self.sheets: dict[str, list[str]] = {}
        self.sheets_used = 0
        self.over = asyncio.Event()
        self.turn = 0

    async def run(self, visits: "list[Visit]", seconds: float) -> None:
        """Open the doors for so many seconds of the town; whoever still waits then is sent home."""
        async with httpx.AsyncClient(timeout=30) as http:
            self.client = Client(http, self.bases, self.facts["token"], self.log)
            await self._look_up(http)
            self.opened = time.monotonic()
            desks = [asyncio.ensure_future(self._desk(desk)) for desk in self.facts["desks"]]
            people = [asyncio.ensure_future(self._person(visit)) for visit in visits]
            await self._until(seconds)
            self.over.set()
            await asyncio.gather(*desks, *people)
            for stay in self.stays.values():
                if not stay.end:
                    await self._leave(stay)

    async def indicators(self, **question: str) -> "dict[str, dict[str, Any]]":
        """What the API says of the day, by code."""
        answer = await self._get("indicators", **question)
        return {measure["code"]: measure for measure in answer}

    async def _look_up(self, http: httpx.AsyncClient) -> None:
        for line in LINES:
            found = await self._get("sheets/search", q=line.question, limit="3")
            self.sheets[line.slug] = [hit["ref"] for hit in found["results"]]

    async def _get(self, path: str, **question: str) -> Any:
        token = {"Authorization": f"Bearer {self.facts['token']}"}
        async with httpx.AsyncClient(timeout=30, headers=token) as http:
            answer = await http.get(f"{self.bases[-1]}/api/v1/{path}", params=question)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _post(self, path: str, body: "dict[str, Any]", *also: int) -> "httpx.Response | None":
        """Through one server after the other; None when refused as one of ``also``."""
        self.turn += 1
        answer = await self.client.post(self.turn, path, body)
        if answer.status_code in {200, 201, 204}:
            return answer
        if answer.status_code not in also:
            self.log.strange.append(f"{path} {answer.status_code} {answer.text[:200]}")
        return None

    async def _until(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, self.opened + seconds / SPEED - time.monotonic()))

    async def _pause(self, seconds: float) -> None:
        """So many seconds of the town, or until the doors close."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), seconds / SPEED)

    # The door

    async def _person(self, visit: Visit) -> None:
        await self._until(visit.at)
        body = {"topic": str(self.facts["lines"][visit.line]), "priority": visit.priority}
        sent = time.monotonic()
        answer = await self._post(f"sites/{self.facts['site']}/tickets", body)
        if answer is None:
            return
        told = answer.json()
        stay = Stay(told["id"], visit, issued=(sent + time.monotonic()) / 2)
        stay.series, stay.number = told["code"][0], told["number"]
        self.stays[stay.id] = stay
        if math.isfinite(visit.patience):
            await self._pause(visit.patience)
            if not (self.over.is_set() or stay.is_called):
                await self._leave(stay)

    async def _leave(self, stay: Stay) -> None:
        # Refused when a desk received them at that very moment.
        if await self._post(f"tickets/{stay.id}/leave", {}, 409):
            stay.close("left")

    # The desks

    async def _desk(self, desk: int) -> None:
        last: tuple[Stay, dict[str, Any]] | None = None
        while not self.over.is_set():
            body = {"finish": last[1]} if last else {}
            answer = await self._post(f"desks/{desk}/call-next", body)
            if last and answer:
                self._finished(*last)
            last = None
            if answer is None or answer.status_code == 204:
                await self._pause(IDLE)
                continue
            ticket = answer.json()["ticket"]
            last = await self._receive(await self._known(ticket), ticket["transfers"])
        if last:
            await self._finish(*last)

    async def _known(self, ticket: "dict[str, Any]") -> Stay:
        # A desk may be told before the door has read its own answer.
        while ticket["id"] not in self.stays:
            await asyncio.sleep(0.001)
        return self.stays[ticket["id"]]

    async def _receive(self, stay: Stay, leg: int) -> "tuple[Stay, dict[str, Any]] | None":
        """One person at the desk; what is still to be said with the next call, if anything."""
        self.claims[stay.id, leg] += 1
        stay.is_called, stay.leg = True, leg
        stay.calls[leg] = 1
        if stay.visit.is_silent:
            return await self._in_vain(stay)
        await self._pause(self.chance.uniform(*WALK))
        if not await self._post(f"tickets/{stay.id}/start", {}, *gone(stay)):
            return None
        stay.started.append(time.monotonic())
        visit = stay.visit
        await self._pause(visit.onward_service if leg else visit.service)
        if visit.hold and not leg:
            await self._set_aside(stay)
        if visit.onward and not leg and not self.over.is_set():
            return await self._send_on(stay)
        ending = stay, self._ending(visit)
        if self.chance.random() < 0.5:
            return ending
        await self._finish(*ending)
        return None

    async def _in_vain(self, stay: Stay) -> None:
        if self.chance.random() < 0.6:
            await self._pause(60)
            if await self._post(f"tickets/{stay.id}/recall", {}, *gone(stay)):
                stay.calls[stay.leg] += 1
        await self._pause(60)
        if await self._post(f"tickets/{stay.id}/no-show", {}, *gone(stay)):
            stay.close("no_show")

    async def _set_aside(self, stay: Stay) -> None:
        await self._post(f"tickets/{stay.id}/hold", {})
        await self._pause(stay.visit.hold)
        await self._post(f"tickets/{stay.id}/resume", {})
        await self._post(f"tickets/{stay.id}/start", {})

    async def _send_on(self, stay: Stay) -> None:
        stay.is_called = False
        topic = str(self.facts["lines"][stay.visit.onward])
        if await self._post(f"tickets/{stay.id}/transfer", {"topic": topic, "note": "suite"}):
            stay.leg = 1

    def _ending(self, visit: Visit) -> "dict[str, Any]":
        found = self.sheets[visit.onward or visit.line]
        sheets = found[:1] if self.chance.random() < WITH_SHEET else []
        return {"outcome": visit.outcome, "sheets": sheets}

    async def _finish(self, stay: Stay, how: "dict[str, Any]") -> None:
        if await self._post(f"tickets/{stay.id}/finish", how):
            self._finished(stay, how)

    def _finished(self, stay: Stay, how: "dict[str, Any]") -> None:
        stay.close("done")
        self.contacts += 1
        self.sheets_used += len(how["sheets"])


def gone(stay: Stay) -> "tuple[int, ...]":
    """The refusals that are right: who lost patience in the same moment may be gone."""
    return (409,) if math.isfinite(stay.visit.patience) else ()
