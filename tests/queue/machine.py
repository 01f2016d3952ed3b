"""Two halls in two time zones, driven over HTTP by any verb in any order; the books must balance.

The machine presses what programs, agents and people may press, moves the clock, and after every
press follows the account of the halls: each call by turn must be that of the first whom the
declared order names (``declared``), and after every step the tables themselves must balance.
``test_machine`` runs a little of it, ``tests/load`` all of it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from parvis.accounts.models import Agent
from parvis.accounts.queries import DESK_KEY
from parvis.common.clock import local_day
from parvis.organisations.models import Desk, Site
from parvis.queue import queries, rules
from parvis.queue.models import DeskSession, HallVersion, Leg, Ticket, TicketCounter, TicketEvent
from tests.queue.declared import Asked
from tests.queue.expected import Expected
from tests.queue.machine_town import STARTS, Town, build

MINUTE = timedelta(minutes=1)
PRIORITIES = ["", "", "", "card", "pregnant"]
OUTCOMES = ["resolved", "passed_on", "abandoned"]
OPEN = {rules.WAITING, rules.CALLED, rules.SERVING, rules.HELD}
LOCKED, CLOSED = 423, ("/agent/verrou/", "/connexion/")
ANSWERS = {200, 201, 204, 302, 409}
pick = st.integers(0, 9_999)
SIMPLE = ["recall", "start", "resume", "no-show", "leave", "come-back", "let-pass"]
GESTURES = ["rappeler", "commencer", "attente", "attente-guichet", "attente-tous", "absent"]


class Halls(Expected, RuleBasedStateMachine):
    """What programs and agents may press, and what must hold whatever they press."""

    town: Town  # set by whoever runs the machine
    open: "list[Halls]" = []  # those whose books are not closed yet
    seen: "Counter[str]" = Counter()  # what was pressed and looked at, over all examples

    @initialize(start=st.sampled_from(STARTS))
    def open_the_doors(self, start: datetime) -> None:
        # Each example is undone as a whole: the tables never refuse to be emptied.
        self.books = transaction.atomic()
        self.books.__enter__()
        self.open.append(self)
        cache.clear()
        self.now = start
        self.clock = patch("django.utils.timezone.now", lambda: self.now)
        self.clock.start()
        self.taken: Counter[tuple[int, str, str]] = Counter()
        self.versions: dict[int, int] = {}
        self.accounts: dict[int, list[TicketEvent]] = defaultdict(list)
        self.read = 0  # the last event that was heard
        self.asked: Asked | None = None  # by whoever takes a ticket right now
        self.line = self.town.line()
        self.changed: set[int] = set()  # tickets whose account has more than was looked at
        self.has_new_numbers = False
        self.expects()
        self.program = Client(headers={"Authorization": f"Bearer {self.town.token}"})
        self.seats = [self._seat(agent, desk) for agent, desk in self._places()]
        for seat in range(len(self.seats)):
            self.form(seat, "web:presence", data={"presence": "open"})

    def teardown(self) -> None:
        if self not in self.open:
            return
        try:
            self._look_at(set(self.accounts))  # nobody was changed behind their account
        finally:
            self.close()

    def close(self) -> None:
        """As if nothing had happened."""
        self.open.remove(self)
        self.seen["calls"] += self.line.checked
        self.clock.stop()
        transaction.set_rollback(True)
        self.books.__exit__(None, None, None)

    def _places(self) -> Iterator[tuple[Agent, Desk]]:
        yield from zip(self.town.agents, self.town.desks, strict=True)

    def _seat(self, agent: Agent, desk: Desk) -> Client:
        client = Client()
        client.force_login(agent)
        session = client.session
        session[DESK_KEY] = desk.pk
        session.save()
        return client

    # What may be pressed

    @rule(seconds=st.sampled_from([1, 5, 20, 90, 400, 1500, -30, -600]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def midnight(self) -> None:
        """To the end of the day in Paris: ten seconds before the next one."""
        zone = ZoneInfo("Europe/Paris")
        tomorrow = local_day(self.now, zone) + timedelta(days=1)
        eve = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
        if eve - self.now < timedelta(hours=3):
            self.now = max(self.now, eve.astimezone(UTC) - timedelta(seconds=10))

    @rule(
        site=pick,
        topic=pick,
        further=st.lists(pick, max_size=2),
        how=st.sampled_from(PRIORITIES),
        later=st.sampled_from([0, 0, 60, 700, 1300]),
    )
    def take(self, site: int, topic: int, further: list[int], how: str, later: int) -> None:
        self._take(site, topic, further, how, later)

    def _take(self, site: int, topic: int, further: list[int], how: str, later: int) -> None:
        self.now += timedelta(seconds=later)
        place = self.town.sites[site % 2]
        topics = [str(self.town.topics[n % 3].pk) for n in (topic, *further)]
        body = {"topic": topics[0], "topics": sorted(set(topics[1:])), "priority": how}
        self.asked = Asked(place.pk, int(topics[0]), how)
        answer = self.api(f"sites/{place.pk}/tickets", body)
        if answer.status_code == 201:
            self.counts(place, answer.json()["code"])

    @rule(
        site=pick,
        people=st.lists(
            st.tuples(pick, st.sampled_from(PRIORITIES), st.sampled_from([0, 30, 700, 1300])),
            min_size=2,
            max_size=4,
        ),
    )
    def several_come(self, site: int, people: list[tuple[int, str, int]]) -> None:
        for topic, how, later in people:
            self._take(site, topic, [], how, later)

    @rule(where=pick, ends=st.sampled_from(["", "", *OUTCOMES]))
    def call(self, where: int, ends: str) -> None:
        self._call(where, ends)

    @rule(first=pick, calls=st.integers(2, 6), seconds=st.sampled_from([5, 120, 600]))
    def busy(self, first: int, calls: int, seconds: int) -> None:
        """Desk after desk ends its visit and calls the next person."""
        for where in range(first, first + calls):
            present = queries.present_ticket(self.town.desks[where % 3].pk)
            if present is not None:
                self.api(f"tickets/{present.pk}/finish", {"outcome": "resolved"})
            self._call(where, "")
            self.now += timedelta(seconds=seconds)

    def _call(self, where: int, ends: str) -> None:
        desk = self.town.desks[where % 3]
        present = queries.present_ticket(desk.pk)
        body = {"finish": {"outcome": ends}} if ends else {}
        answer = self.api(f"desks/{desk.pk}/call-next", body)
        if answer.status_code == 409:
            assert bool(present) is not bool(ends)
        elif answer.status_code == 204:
            self.nobody_for(desk, self.town.robot)

    @rule(who=pick)
    def press_n(self, who: int) -> None:
        seat, desk = who % 3, self.town.desks[who % 3]
        self.form(seat, "web:call-next")
        sits = DeskSession.objects.filter(
            desk=desk, agent=self.town.agents[seat], closed_at=None, status="open"
        )
        if queries.present_ticket(desk.pk) is None and sits.exists():
            self.nobody_for(desk, self.town.agents[seat])

    def nobody_for(self, desk: Desk, agent: Agent) -> None:
        """Nobody was called: nobody could be."""
        left = self.line.callable(desk.pk, agent.pk, self.now)
        assert not left, f"the order: {left[0].id} waits and is not called"

    @precondition(lambda self: self.taken)
    @rule(which=pick, where=pick)
    def choose(self, which: int, where: int) -> None:
        desk = self.town.desks[where % 3]
        body = {"ticket": str(self.ticket(which)), "reason": "a train to catch"}
        self.api(f"desks/{desk.pk}/call", body)

    @rule(where=pick, topic=pick, reason=st.sampled_from(["", "a short question"]))
    def receive(self, where: int, topic: int, reason: str) -> None:
        desk = self.town.desks[where % 3]
        wanted = self.town.topics[topic % 3]
        passed = self.line.callable(desk.pk, self.town.robot.pk, self.now)
        self.asked = Asked(desk.site_id, wanted.pk)
        body = {"topic": str(wanted.pk), "reason": reason}
        answer = self.api(f"desks/{desk.pk}/receive", body)
        if answer.status_code == 201:
            assert reason or not passed, "the order: received at once, past others, for no reason"
            self.counts(desk.site, answer.json()["ticket"]["code"])

    def counts(self, site: Site, code: str) -> None:
        """One more number of the day was given."""
        day = local_day(self.now, ZoneInfo(site.timezone))
        self.taken[site.pk, str(day), code.split("\u00a0")[0]] += 1

    @precondition(lambda self: self.taken)
    @rule(verb=st.sampled_from(SIMPLE), which=pick)
    def verb(self, verb: str, which: int) -> None:
        self.api(f"tickets/{self.ticket(which)}/{verb}")

    @precondition(lambda self: self.taken)
    @rule(which=pick, wish=st.sampled_from(["me", "desk", "anyone"]))
    def hold(self, which: int, wish: str) -> None:
        self.api(f"tickets/{self.ticket(which)}/hold", {"wish": wish})

    @precondition(lambda self: self.taken)
    @rule(name=st.sampled_from(GESTURES), who=pick)
    def gesture(self, name: str, who: int) -> None:
        self._here(who, "web:at-desk", name)

    @precondition(lambda self: self.taken)
    @rule(who=pick, outcome=st.sampled_from(OUTCOMES), then=st.sampled_from(["", "next"]))
    def press_outcome(self, who: int, outcome: str, then: str) -> None:
        self._here(who, "web:finish", data={"outcome": outcome, "then": then})

    @precondition(lambda self: self.taken)
    @rule(which=pick, to=pick)
    def transfer(self, which: int, to: int) -> None:
        town = self.town
        aims = [
            {"topic": str(town.topics[to % 3].pk)},
            {"desk": str(town.desks[to % 3].pk)},
            {"agent": str(town.agents[to % 3].pk)},
            {"topic": str(town.topics[to % 2].pk), "desk": str(town.desks[to % 3].pk)},
        ]
        self.api(f"tickets/{self.ticket(which)}/transfer", aims[to // 3 % 4])

    @precondition(lambda self: self.taken)
    @rule(which=pick, outcome=st.sampled_from(OUTCOMES), go_on=st.booleans())
    def finish(self, which: int, outcome: str, go_on: bool) -> None:
        body = {"outcome": outcome, "go_on": go_on}
        self.api(f"tickets/{self.ticket(which)}/finish", body)

    @precondition(lambda self: self.taken)
    @rule(which=pick, topic=pick)
    def and_also(self, which: int, topic: int) -> None:
        body = {"topic": str(self.town.topics[topic % 3].pk)}
        self.api(f"tickets/{self.ticket(which)}/legs", body)

    @precondition(lambda self: self.taken)
    @rule(which=pick)
    def drop(self, which: int) -> None:
        latest = list(Leg.objects.order_by("-id").values_list("ticket_id", "id")[:3])
        ticket, leg = latest[which % len(latest)]
        self.api(f"tickets/{ticket}/legs/{leg}/drop")

    @rule(where=pick, by_form=st.booleans())
    def undo(self, where: int, by_form: bool) -> None:
        if by_form:
            self.form(where % 3, "web:undo")
        else:
            self.api(f"desks/{self.town.desks[where % 3].pk}/undo")

    @rule(who=pick, wish=st.sampled_from(["open", "open", "pause", "back", "leave"]))
    def presence(self, who: int, wish: str) -> None:
        self.form(who % 3, "web:presence", data={"presence": wish})

    # How it is pressed

    def api(self, path: str, body: Any = None) -> Any:
        answer = self.program.post(
            f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json"
        )
        assert answer.status_code in ANSWERS, (path, answer.status_code, answer.content)
        self.follow()
        return answer

    def form(self, seat: int, name: str, *args: Any, data: Any = None) -> Any:
        address = reverse(name, args=args)
        answer = self.seats[seat].post(address, data or {})
        if answer.status_code == LOCKED or answer.headers.get("Location", "") in CLOSED:
            # The clock was moved further than a screen stays open, or a session lasts.
            self.seats[seat] = self._seat(self.town.agents[seat], self.town.desks[seat])
            answer = self.seats[seat].post(address, data or {})
        assert answer.status_code in ANSWERS, (name, answer.status_code)
        assert answer.headers.get("Location", "") not in CLOSED, name
        self.follow()
        return answer

    def _here(self, who: int, url: str, *args: Any, data: Any = None) -> None:
        """Something with whoever is at the desk of an agent."""
        present = queries.present_ticket(self.town.desks[who % 3].pk)
        if present is not None:
            self.form(who % 3, url, present.pk, *args, data=data)

    def ticket(self, which: int) -> int:
        pks = list(Ticket.objects.order_by("id").values_list("pk", flat=True))
        return pks[which % len(pks)]

    # What must hold

    def follow(self) -> None:
        """Hear what the last press did: whatever changes a ticket leaves an event."""
        for event in TicketEvent.objects.filter(pk__gt=self.read).order_by("id"):
            self.accounts[event.ticket_id].append(event)
            self.changed.add(event.ticket_id)
            self.read = event.pk
            if event.kind == rules.ISSUED:
                assert self.asked is not None, "a ticket that nobody asked for"
                self.line.comes(event.ticket_id, self.asked, event.at)
                self.asked = None
                self.has_new_numbers = True
            else:
                self.line.hears(event, now=self.now, receiving=self._receiving(event))
        self.asked = None

    def _receiving(self, event: TicketEvent) -> list[tuple[int, int]]:
        """Which desks receive in the hall, and who there: asked by those who let others past."""
        if event.kind != "let_past":
            return []
        site = self.line.people[event.ticket_id].site
        sitting = DeskSession.objects.filter(desk__site=site, closed_at=None, status="open")
        found = dict(sitting.values_list("desk_id", "agent_id"))
        busy = Ticket.objects.filter(site=site, state__in=rules.AT_DESK)
        for desk, agent in busy.values_list("desk_id", "agent_id"):
            found.setdefault(desk, agent)
        # An empty hall is asked as if anybody able sat everywhere.
        return list(found.items()) or [(d.pk, self.town.robot.pk) for d in self.town.here[site]]

    @invariant()
    def the_books_balance(self) -> None:
        if self not in self.open:
            return
        self.follow()
        self._look_at(self.changed)
        self.changed = set()
        if self.has_new_numbers:
            self._numbers()
            self.has_new_numbers = False
        self.the_expected_balance()
        for site_id, number in HallVersion.objects.values_list("site_id", "number"):
            assert number >= self.versions.get(site_id, 0), "a version went back"
            self.versions[site_id] = number

    def _look_at(self, pks: Collection[int]) -> None:
        if not pks:
            return
        at_desks = Ticket.objects.filter(state__in=rules.AT_DESK).values_list("desk_id", flat=True)
        assert max(Counter(at_desks).values(), default=0) <= 1, "two people at a desk"
        legs = defaultdict(list)
        for leg in Leg.objects.filter(ticket__in=pks).order_by("position"):
            legs[leg.ticket_id].append(leg)
        for ticket in Ticket.objects.filter(pk__in=pks):
            _account(ticket, self.accounts[ticket.pk])
            _legs(ticket, legs[ticket.pk])

    def _numbers(self) -> None:
        given: dict[tuple[int, str, str], list[int]] = defaultdict(list)
        for site, day, series, number in Ticket.objects.values_list(
            "site_id", "day", "series", "number"
        ):
            given[site, str(day), series].append(number)
        assert {key: len(numbers) for key, numbers in given.items()} == dict(self.taken)
        for key, numbers in given.items():
            assert sorted(numbers) == list(range(1, len(numbers) + 1)), key
        for counter in TicketCounter.objects.all():
            assert counter.last == self.taken[counter.site_id, str(counter.day), counter.series]


def _account(ticket: Ticket, events: list[TicketEvent]) -> None:
    """Legal moves only, in the order of time, to the state that the row shows."""
    states: dict[int, str] = {}
    state = ""
    last = ticket.issued_at
    for event in events:
        assert event.at >= last, f"{ticket} goes back in time at {event.kind}"
        last = event.at
        if event.kind == rules.ISSUED:
            assert not states
            state = rules.WAITING
            continue
        if event.kind == rules.UNDONE:
            state = states[event.data["of"]]
            continue
        assert rules.may(event.kind, state), f"{ticket}: {event.kind} when {state}"
        states[event.pk] = state
        state = rules.target(event.kind, state)
    assert state == ticket.state, f"{ticket} is {ticket.state}, its account says {state}"
    moments = [ticket.issued_at, ticket.called_at, ticket.last_call_at, ticket.ended_at]
    known = [moment for moment in moments if moment is not None]
    assert known == sorted(known), f"{ticket} waited less than nothing"
    assert ticket.state in OPEN or ticket.ended_at, "an end without its time"
    assert (ticket.state == rules.DONE) == (ticket.contact_id is not None)


def _legs(ticket: Ticket, legs: list[Leg]) -> None:
    """An open visit is on one leg, an ended one on none; what was finished has its contact."""
    under_way = [leg for leg in legs if leg.is_under_way]
    planned = [leg for leg in legs if leg.is_planned]
    if ticket.state in OPEN:
        assert [leg.topic_id for leg in under_way] == [ticket.topic_id], f"{ticket}: legs"
    else:
        assert not under_way, f"{ticket} is over, a leg is not"
        assert not planned, f"{ticket} is over, a topic is still to come"
    for leg in legs:
        assert (leg.ended_by == "finished") == bool(leg.contact_id), f"{ticket}: contact of a leg"
        times = [leg.waiting_since, leg.called_at, leg.started_at, leg.ended_at]
        known = [moment for moment in times if moment is not None]
        assert known == sorted(known), f"{ticket}: times of a leg {known}"


@contextmanager
def town_of_the_machine() -> Iterator[None]:
    """The rows of the machine, gone afterwards."""
    with transaction.atomic():
        Halls.town = build()
        try:
            yield
        finally:
            for halls in list(Halls.open):  # a failure may leave one behind
                halls.close()
            transaction.set_rollback(True)


def run(*, examples: int, steps: int, seed: int = 0) -> "Counter[str]":
    """Press so many buttons in so many towns; without shrinking, a failure shows its steps.

    Says how many calls were compared with the declared order, and who came to an appointment when.
    """
    Halls.seen.clear()
    with town_of_the_machine():
        seeded(seed)(Halls)
        run_state_machine_as_test(
            Halls,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    return Halls.seen.copy()
