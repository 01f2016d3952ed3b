"""Any verb in any order, as agents, kiosks and people may press them: the books always balance."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from parvis.common.errors import Refused
from parvis.queue import actions, queries, rules
from parvis.queue.models import HallVersion, Ticket
from tests.accounts.factories import AgentFactory
from tests.queue.factories import MORNING, canteen, desk_of, town_hall

AGENTS = 3
# A few at each run; PARVIS_TEST_EXAMPLES=200 before a release.
EXAMPLES = int(os.environ.get("PARVIS_TEST_EXAMPLES", "8"))
pick = st.integers(0, 10_000)
WITH_TICKET = {
    "recall": actions.recall,
    "start": actions.start,
    "hold": actions.hold,
    "resume": actions.resume,
    "no-show": actions.mark_no_show,
    "leave": actions.leave,
}


class Hall(RuleBasedStateMachine):
    """Three desks, two topics, any number of people, a clock that now and then jumps back."""

    @initialize()
    def open_the_doors(self) -> None:
        # Each example is undone as a whole: the tables never refuse to be emptied.
        self.books = transaction.atomic()
        self.books.__enter__()
        self.site = town_hall()
        self.desks = [desk_of(self.site, f"Guichet {n}") for n in range(AGENTS)]
        self.topics = [self.desks[0].topics.get(), canteen(self.site)]
        self.desks[1].topics.add(self.topics[1])
        self.desks[2].topics.set([self.topics[1]])
        self.agents = [AgentFactory.create(username=f"a{n}", entry=None) for n in range(AGENTS)]
        self.now = MORNING
        self.issued = 0
        self.version = 0

    def teardown(self) -> None:
        if hasattr(self, "books"):
            transaction.set_rollback(True)
            self.books.__exit__(None, None, None)

    @rule(seconds=st.integers(-30, 900))
    def time_passes(self, seconds: int) -> None:
        self.now = max(MORNING, self.now + timedelta(seconds=seconds))

    @rule(topic=pick, priority=st.sampled_from(["", "", "card", "pregnant"]))
    def take(self, topic: int, priority: str) -> None:
        ticket = actions.issue_ticket(
            self.site,
            self.topics[topic % 2],
            now=self.now,
            source="agent",
            actor=self.agents[0],
            priority=priority,
        ).ticket
        self.issued += 1
        assert ticket.state == "waiting"

    @rule(who=pick)
    def call(self, who: int) -> None:
        desk, agent = self.desks[who % AGENTS], self.agents[who % AGENTS]
        is_busy = queries.present_ticket(desk.pk) is not None
        line = [place for place in queries.line_of_desk(desk, self.now) if place.is_for_here]
        called = self.attempt(actions.call_next, desk, agent=agent)
        if is_busy and line:
            assert called is None
        elif not is_busy:
            assert (called and called.ticket) == (line[0].ticket if line else None)

    @precondition(lambda self: self.issued)
    @rule(verb=st.sampled_from(sorted(WITH_TICKET)), which=pick, who=pick)
    def press(self, verb: str, which: int, who: int) -> None:
        self.attempt(WITH_TICKET[verb], self.ticket(which), agent=self.agents[who % AGENTS])

    @precondition(lambda self: self.issued)
    @rule(which=pick, who=pick, to=pick)
    def transfer(self, which: int, who: int, to: int) -> None:
        where = {"desk": self.desks[to % AGENTS]} if to % 2 else {"topic": self.topics[to % 3 % 2]}
        agent = self.agents[who % AGENTS]
        self.attempt(actions.transfer, self.ticket(which), agent=agent, **where)

    @precondition(lambda self: self.issued)
    @rule(which=pick, who=pick)
    def finish(self, which: int, who: int) -> None:
        agent = self.agents[who % AGENTS]
        self.attempt(actions.finish, self.ticket(which), agent=agent, outcome="resolved")

    @rule(who=pick)
    def finish_and_call(self, who: int) -> None:
        desk, agent = self.desks[who % AGENTS], self.agents[who % AGENTS]
        self.attempt(actions.finish_and_call_next, desk, agent=agent, outcome="passed_on")

    @rule(who=pick)
    def undo(self, who: int) -> None:
        self.attempt(actions.undo_last, self.desks[who % AGENTS], agent=self.agents[who % AGENTS])

    @rule(who=pick, where=pick, leaves=st.booleans())
    def sit(self, who: int, where: int, leaves: bool) -> None:
        agent = self.agents[who % AGENTS]
        session = queries.session_of(agent)
        if session and leaves:
            self.attempt(actions.stand_up, session, agent=agent)
        else:
            self.attempt(actions.sit_down, self.desks[where % AGENTS], agent=agent)

    def attempt(self, verb: Callable[..., Any], subject: Any, **arguments: Any) -> Any:
        try:
            return verb(subject, now=self.now, **arguments)
        except Refused:
            return None

    def ticket(self, which: int) -> Ticket:
        return Ticket.objects.order_by("id")[which % self.issued]

    @invariant()
    def the_books_balance(self) -> None:
        if not hasattr(self, "site"):
            return
        tickets = list(Ticket.objects.prefetch_related("events"))
        numbers = Counter((ticket.series, ticket.number) for ticket in tickets)
        assert len(numbers) == self.issued == len(tickets)
        for series in {ticket.series for ticket in tickets}:
            of_series = sorted(number for name, number in numbers if name == series)
            assert of_series == list(range(1, len(of_series) + 1))
        at_desks = Counter(t.desk_id for t in tickets if t.state in rules.AT_DESK)
        assert all(count == 1 for count in at_desks.values())
        for ticket in tickets:
            self.check(ticket)
        version = HallVersion.objects.filter(site=self.site).values_list("number", flat=True)
        assert (version.first() or 0) >= self.version
        self.version = version.first() or 0

    def check(self, ticket: Ticket) -> None:
        known = [
            ticket.issued_at, ticket.called_at, ticket.last_call_at, ticket.ended_at
        ]  # fmt: skip
        moments = [moment for moment in known if moment is not None]
        assert moments == sorted(moments)
        assert ticket.rank_at <= ticket.issued_at
        assert replayed(ticket) == ticket.state
        assert (ticket.state == rules.DONE) == (ticket.contact_id is not None)


def replayed(ticket: Ticket) -> str:
    """The state that the account of a ticket leads to, by legal moves only."""
    states: dict[int, str] = {}
    state = ""
    for event in sorted(ticket.events.all(), key=lambda event: event.pk):
        if event.kind == rules.ISSUED:
            assert not states
            state = rules.WAITING
        elif event.kind == rules.UNDONE:
            state = states[event.data["of"]]
        else:
            assert rules.may(event.kind, state)
            states[event.pk] = state
            state = rules.MOVES[event.kind].target
    return state


@pytest.mark.django_db
def test_any_verb_in_any_order_keeps_the_books_balanced() -> None:
    run_state_machine_as_test(
        Hall,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
