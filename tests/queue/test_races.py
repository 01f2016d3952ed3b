"""Eight desks and kiosks at the same instant: nobody is called twice, no number is given twice.

Each test also runs a naive variant, which must fail: a race that cannot be lost proves nothing.
"""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections

from parvis.common import idempotency
from parvis.common.errors import Refused
from parvis.common.idempotency import Answer
from parvis.organisations.models import Desk, Site
from parvis.queue import actions, queries
from parvis.queue.models import DeskSession, HallVersion, Ticket, TicketEvent
from tests.accounts.factories import AgentFactory
from tests.queue.factories import TicketFactory, at, desk_of, town_hall

THREADS = 8
ROUNDS = 6


@pytest.fixture
def site(shared_database: None) -> Site:
    return town_hall()


@pytest.fixture
def desks(site: Site) -> list[Desk]:
    return [desk_of(site, f"Guichet {number}") for number in range(THREADS)]


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads that all start at the same instant; exceptions are results."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        connection.ensure_connection()
        barrier.wait()
        try:
            return job()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def agent_of(number: int) -> Any:
    return AgentFactory.create(username=f"agent.{number}", entry=None)


def naive_call_next(desk: Desk, *, agent: Any, now: Any) -> Any:
    """What peers do: look first, write then."""
    ticket = (
        Ticket.objects.filter(site_id=desk.site_id, state="waiting").order_by("rank_at").first()
    )
    barrier_of_thought.wait()
    if ticket is None:
        return None
    Ticket.objects.filter(pk=ticket.pk).update(
        state="called", desk=desk, agent=agent, called_at=now, last_call_at=now
    )
    return actions.Called(ticket, None)  # type: ignore[arg-type]


barrier_of_thought = threading.Barrier(THREADS)


def double_calls(call: Callable[..., Any], site: Site, desks: list[Desk], rounds: int) -> int:
    """Rounds in which one person was called to two desks."""
    topic = desks[0].topics.get()
    agents = [agent_of(number) for number in range(THREADS)]
    bad = 0
    for step in range(rounds):
        for _ in range(THREADS):
            TicketFactory(site=site, topic=topic)
        called = at_once(
            *(
                partial(call, desk, agent=agent, now=at(step))
                for desk, agent in zip(desks, agents, strict=True)
            )
        )
        errors = [one for one in called if isinstance(one, Exception)]
        assert errors == []
        people = Counter(one.ticket.pk for one in called if one)
        bad += max(people.values()) > 1 or len(people) < THREADS
        Ticket.objects.update(state="done", ended_at=at(step), desk=None)
    return bad


def test_eight_desks_never_call_the_same_person(site, desks):
    assert double_calls(actions.call_next, site, desks, ROUNDS) == 0


def test_looking_first_and_writing_then_does_call_people_twice(site, desks):
    assert double_calls(naive_call_next, site, desks, 1) == 1


def test_eight_desks_and_three_people(site, desks):
    topic = desks[0].topics.get()
    people = [TicketFactory(site=site, topic=topic).pk for _ in range(3)]
    agents = [agent_of(number) for number in range(THREADS)]

    called = at_once(
        *(
            partial(actions.call_next, desk, agent=agent, now=at(1))
            for desk, agent in zip(desks, agents, strict=True)
        )
    )

    assert sorted(one.ticket.pk for one in called if one) == people
    assert called.count(None) == THREADS - 3


def test_a_double_click_without_any_key_calls_one_person_and_names_them(site, desks):
    topic = desks[0].topics.get()
    for _ in range(THREADS):
        TicketFactory(site=site, topic=topic)
    agent = agent_of(1)

    results = at_once(*[partial(actions.call_next, desks[0], agent=agent, now=at(1))] * THREADS)

    called = [one for one in results if isinstance(one, actions.Called)]
    refused = [one for one in results if isinstance(one, Refused)]
    assert (len(called), len(refused)) == (1, THREADS - 1)
    assert all(called[0].ticket.code in refusal.message for refusal in refused)
    assert Ticket.objects.filter(state="waiting").count() == THREADS - 1


def test_calls_at_once_under_keys_of_their_own_call_one_person_and_name_them(site, desks):
    topic = desks[0].topics.get()
    for _ in range(THREADS):
        TicketFactory(site=site, topic=topic)
    agent = agent_of(1)

    def pressed(key: int) -> Answer:
        def effect() -> Answer:
            called = actions.call_next(desks[0], agent=agent, now=at(1))
            return Answer(200, called.ticket.code if called else "")

        return idempotency.once(effect, scope="desk", key=str(key), mark="", now=at(1))

    results = at_once(*[partial(pressed, key) for key in range(THREADS)])

    [answer] = [one for one in results if isinstance(one, Answer)]
    refused = [one.message for one in results if isinstance(one, Refused)]
    assert len(refused) == THREADS - 1
    assert all(answer.text in sentence for sentence in refused)
    assert Ticket.objects.filter(state="waiting").count() == THREADS - 1


def issue(site: Site, topic: Any, step: int) -> Callable[[], Any]:
    return lambda: actions.issue_ticket(site, topic, now=at(step), source="kiosk").ticket.number


def test_eight_kiosks_give_each_number_once_and_leave_no_gap(site, desks):
    topic = desks[0].topics.get()

    numbers = [
        number
        for step in range(ROUNDS)
        for number in at_once(*[issue(site, topic, step)] * THREADS)
    ]

    assert sorted(numbers) == list(range(1, THREADS * ROUNDS + 1))
    assert HallVersion.objects.get(site=site).number == THREADS * ROUNDS


def test_reading_the_highest_number_first_does_give_numbers_twice(site, desks):
    topic = desks[0].topics.get()
    thinking = threading.Barrier(THREADS)

    def naive() -> int:
        number = Ticket.objects.filter(site=site).count() + 1
        thinking.wait()
        TicketFactory(site=site, topic=topic, number=number)
        return number

    results = at_once(*[naive] * THREADS)

    assert any(isinstance(one, Exception) for one in results)  # the database is the last guard


def test_calls_kiosks_and_people_who_leave_at_the_same_time(site, desks):
    topic = desks[0].topics.get()
    agents = [agent_of(number) for number in range(4)]
    for step in range(ROUNDS):
        for desk in desks[:4]:
            present = queries.present_ticket(desk.pk)
            if present:
                actions.finish(present, agent=agents[0], now=at(step), outcome="resolved")
        waiting = [issue(site, topic, step)() and Ticket.objects.latest("pk") for _ in range(4)]
        jobs: list[Callable[[], Any]] = [
            partial(actions.call_next, desk, agent=agent, now=at(step))
            for desk, agent in zip(desks, agents, strict=False)
        ]
        jobs += [partial(actions.leave, ticket, now=at(step)) for ticket in waiting[:2]]
        jobs += [issue(site, topic, step)] * 2

        results = at_once(*jobs)

        assert [r for r in results if isinstance(r, Exception) and not isinstance(r, Refused)] == []
    assert_the_books_balance()


def assert_the_books_balance() -> None:
    for ticket in Ticket.objects.all():
        kinds = list(
            TicketEvent.objects.filter(ticket=ticket).order_by("id").values_list("kind", flat=True)
        )
        assert kinds[0] == "issued"
        assert kinds.count("called") <= 1
        assert (
            ticket.state
            == {
                "issued": "waiting",
                "called": "called",
                "left": "left",
                "finished": "done",
            }[kinds[-1]]
        )
    numbers = sorted(Ticket.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_agents_who_want_each_others_desks_get_an_answer_and_no_deadlock(site, desks):
    agents = [agent_of(number) for number in range(4)]
    for desk, agent in zip(desks, agents, strict=False):
        actions.sit_down(desk, agent=agent, now=at(0))
    for step in range(ROUNDS):
        wanted = [
            partial(actions.sit_down, desks[4 + step % 2], agent=a, now=at(1)) for a in agents
        ]

        results = at_once(*wanted)

        assert all(isinstance(one, DeskSession | Refused) for one in results), results
    taken = DeskSession.objects.filter(closed_at=None).values_list("desk_id", flat=True)
    assert len(taken) == len(set(taken)) == 4
