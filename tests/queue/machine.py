"""Two halls in two time zones, driven over HTTP by any verb in any order; the books must balance.

The machine presses what programs, agents and people may press, moves the clock, and after every
step reads the tables themselves. ``test_machine`` runs a little of it, ``tests/load`` all of it.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

from parvis.accounts.actions import create_token
from parvis.accounts.models import Agent, Skill
from parvis.accounts.queries import DESK_KEY
from parvis.common.clock import local_day
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import queries, rules
from parvis.queue.models import HallVersion, Leg, Ticket, TicketCounter, TicketEvent
from tests.accounts.factories import AgentFactory
from tests.organisations.factories import AuthorityFactory, TopicFactory
from tests.queue.factories import canteen, desk_of, town_hall

MINUTE = timedelta(minutes=1)
# An ordinary morning, both nights on which clocks change, and midnights of both sites.
STARTS = [
    datetime(2026, 11, 24, 8, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 40, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 40, tzinfo=UTC),
    datetime(2026, 11, 24, 22, 50, tzinfo=UTC),
    datetime(2026, 11, 24, 19, 50, tzinfo=UTC),
]
PRIORITIES = ["", "", "", "card", "pregnant"]
OUTCOMES = ["resolved", "passed_on", "abandoned"]
OPEN = {rules.WAITING, rules.CALLED, rules.SERVING, rules.HELD}
LOCKED = 423
ANSWERS = {200, 201, 204, 302, 409}
pick = st.integers(0, 9_999)
SIMPLE = ["recall", "start", "resume", "no-show", "leave", "come-back", "let-pass"]
GESTURES = ["rappeler", "commencer", "attente", "attente-guichet", "attente-tous", "absent"]


@dataclass
class Town:
    """The rows that every example starts from."""

    token: str
    robot: Agent
    sites: list[Site]
    desks: list[Desk]
    agents: list[Agent]  # one for each desk
    topics: list[Topic]
    skilled: Topic

    @property
    def here(self) -> dict[int, list[Desk]]:
        """The desks of each site."""
        return {site.pk: [d for d in self.desks if d.site_id == site.pk] for site in self.sites}


def build() -> Town:
    """Two sites: two desks in Paris time, one on Réunion; one topic needs a skill."""
    cache.clear()
    authority = AuthorityFactory.create()
    sites = [town_hall(), town_hall(slug="saint-denis", timezone="Indian/Reunion")]
    birth = TopicFactory.create(authority=authority)
    school = canteen(sites[0])
    secret = TopicFactory.create(
        authority=authority, slug="pacs", name="Pacs", family=school.family, needs_skill=True
    )
    desks = [
        desk_of(sites[0], "Guichet 1", [birth, school]),
        desk_of(sites[0], "Guichet 2", [school, secret]),
        desk_of(sites[1], "Guichet 1", [birth, school, secret]),
    ]
    agents = [AgentFactory.create(username=f"agent.{n}", entry=None) for n in range(3)]
    admin = AgentFactory.create(username="admin", roles=["ADM"], entry=None)
    made = create_token(authority, actor=admin, now=STARTS[0], name="machine", role="MGR")
    robot = Agent.objects.get(is_robot=True)
    for able in (agents[1], robot):
        Skill.objects.create(
            agent=able, family=school.family, level=2, validated_on=STARTS[0].date()
        )
    return Town(str(made.secret), robot, sites, desks, agents, [birth, school, secret], secret)


class Halls(RuleBasedStateMachine):
    """What programs and agents may press, and what must hold whatever they press."""

    town: Town  # set by whoever runs the machine
    open: "list[Halls]" = []  # those whose books are not closed yet

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
        self.read = 0  # the last event that was looked at
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

    @rule(seconds=st.sampled_from([1, 5, 20, 90, 400, 1500, -30]))
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
        answer = self.api(f"sites/{place.pk}/tickets", body)
        if answer.status_code == 201:
            day = local_day(self.now, ZoneInfo(place.timezone))
            series = answer.json()["code"].split("\u00a0")[0]
            self.taken[place.pk, str(day), series] += 1

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
        expected = self._next(desk, self.town.robot)
        body = {"finish": {"outcome": ends}} if ends else {}
        answer = self.api(f"desks/{desk.pk}/call-next", body)
        if answer.status_code == 409:
            assert bool(present) is not bool(ends)
        elif answer.status_code == 200 and present is None:
            self._fair(int(answer.json()["ticket"]["id"]), expected, desk)

    @rule(who=pick)
    def press_n(self, who: int) -> None:
        seat, desk = who % 3, self.town.desks[who % 3]
        present = queries.present_ticket(desk.pk)
        expected = self._next(desk, self.town.agents[seat])
        self.form(seat, "web:call-next")
        here = queries.present_ticket(desk.pk)
        if present is None and here is not None:
            self._fair(here.pk, expected, desk)

    @precondition(lambda self: self.taken)
    @rule(which=pick, where=pick)
    def choose(self, which: int, where: int) -> None:
        desk = self.town.desks[where % 3]
        body = {"ticket": str(self.ticket(which)), "reason": "a train to catch"}
        self.api(f"desks/{desk.pk}/call", body)

    @rule(where=pick, topic=pick, reason=st.sampled_from(["", "a short question"]))
    def receive(self, where: int, topic: int, reason: str) -> None:
        desk = self.town.desks[where % 3]
        body = {"topic": str(self.town.topics[topic % 3].pk), "reason": reason}
        answer = self.api(f"desks/{desk.pk}/receive", body)
        if answer.status_code == 201:
            day = local_day(self.now, ZoneInfo(desk.site.timezone))
            series = answer.json()["ticket"]["code"].split("\u00a0")[0]
            self.taken[desk.site_id, str(day), series] += 1

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
        return answer

    def form(self, seat: int, name: str, *args: Any, data: Any = None) -> Any:
        address = reverse(name, args=args)
        answer = self.seats[seat].post(address, data or {})
        if answer.status_code == LOCKED:  # the clock was moved further than a screen stays open
            self.seats[seat] = self._seat(self.town.agents[seat], self.town.desks[seat])
            answer = self.seats[seat].post(address, data or {})
        assert answer.status_code in ANSWERS, (name, answer.status_code)
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

    def _next(self, desk: Desk, agent: Agent) -> list[Ticket]:
        places = queries.line_of_desk(desk, self.now, agent)
        return [place.ticket for place in places if place.is_for_here]

    def _fair(self, called: int, line: list[Ticket], desk: Desk) -> None:
        """The first of the line was called, and passed nobody beyond the declared limit."""
        if not line:
            # Only somebody who had been kept for a desk or a colleague that is gone.
            kinds = TicketEvent.objects.filter(ticket=called).values_list("kind", flat=True)
            assert "released" in kinds
            return
        assert called == line[0].pk
        fairness = desk.site.fairness_minutes * MINUTE
        for other in line[1:]:
            keeps = rules.may_pass(line[0].issued_at, other.issued_at, fairness=fairness)
            assert other.let_past or keeps, f"{line[0]} passes {other}"

    @invariant()
    def the_books_balance(self) -> None:
        if self not in self.open:
            return
        # Whatever changes a ticket leaves an event: only what is new has to be looked at.
        new = list(TicketEvent.objects.filter(pk__gt=self.read).order_by("id"))
        for event in new:
            self.accounts[event.ticket_id].append(event)
            self.read = event.pk
        self._look_at({event.ticket_id for event in new})
        if any(event.kind == rules.ISSUED for event in new):
            self._numbers()
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


def run(*, examples: int, steps: int, seed: int = 0) -> None:
    """Press so many buttons in so many towns; without shrinking, a failure shows its steps."""
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
