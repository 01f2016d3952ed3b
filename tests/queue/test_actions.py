"""The verbs of the hall, a handful of tests each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from parvis.common.errors import Refused
from parvis.contacts.models import Contact
from parvis.queue import actions, queries, rules
from parvis.queue.models import HallVersion, Ticket, TicketEvent
from tests.accounts.factories import ines, marc, rozenn
from tests.organisations.factories import TopicFactory
from tests.queue.factories import MORNING, TicketFactory, at, canteen, desk_of, town_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Any:
    return town_hall()


@pytest.fixture
def desk(site: Any) -> Any:
    return desk_of(site)


@pytest.fixture
def topic(desk: Any) -> Any:
    return desk.topics.get()


def issue(site: Any, topic: Any, minutes: float = 0, **kwargs: Any) -> Ticket:
    return actions.issue_ticket(site, topic, now=at(minutes), source="kiosk", **kwargs).ticket


def kinds(ticket: Ticket) -> list[str]:
    return list(ticket.events.values_list("kind", flat=True))


# Taking a ticket


def test_numbers_of_a_series_follow_each_other_from_one(site, desk, topic):
    family = canteen(site)
    desk.topics.add(family)

    codes = [issue(site, wanted).code for wanted in (topic, topic, family, topic)]

    assert codes == ["E\u00a01", "E\u00a02", "F\u00a01", "E\u00a03"]


def test_a_new_ticket_leaves_its_event_and_wakes_the_screens(site, topic):
    ticket = issue(site, topic)

    assert kinds(ticket) == ["issued"]
    assert HallVersion.objects.get(site=site).number == 1


def test_only_the_hash_of_the_secret_is_kept(site, topic):
    issued = actions.issue_ticket(site, topic, now=MORNING, source="kiosk")

    assert issued.secret not in str(Ticket.objects.values().get())
    assert queries.ticket_by_secret(issued.secret, at(1)) == issued.ticket


def test_a_number_is_not_lost_when_something_fails_afterwards(site, topic):
    issue(site, topic)

    with transaction.atomic():
        issue(site, topic)
        transaction.set_rollback(True)

    assert issue(site, topic).number == 2


def test_a_closed_site_gives_no_ticket_and_says_when_it_opens(site, topic):
    evening = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)

    with pytest.raises(Refused) as refusal:
        actions.issue_ticket(site, topic, now=evening, source="kiosk")

    assert "mercredi 25 novembre" in refusal.value.message
    assert "8\u00a0h\u00a030" in refusal.value.message
    assert not Ticket.objects.exists()


def test_an_agent_may_give_a_ticket_after_closing_time(site, topic):
    evening = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)

    issued = actions.issue_ticket(site, topic, now=evening, source="agent", actor=ines())

    assert issued.ticket.number == 1


def test_hours_that_nobody_confirmed_do_not_close_the_kiosk(site, topic):
    site.seasons.all().delete()

    assert issue(site, topic).number == 1


def test_a_topic_that_no_desk_serves_is_refused(site, desk):
    with pytest.raises(Refused, match="Cantine"):
        issue(site, canteen(site))


def test_a_topic_of_another_authority_is_refused(site, desk):
    foreign = TopicFactory(authority=rozenn().authority)

    with pytest.raises(Refused):
        issue(site, foreign)


@pytest.mark.parametrize(
    "wrong", [{"priority": "mayor"}, {"needs": ["a-dog"]}, {"source": "pigeon"}]
)
def test_words_that_are_not_on_the_list_are_refused(site, topic, wrong):
    with pytest.raises(Refused):
        actions.issue_ticket(site, topic, **{"now": MORNING, "source": "kiosk", **wrong})


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Paris", "2026-11-24T22:59:59+00:00", "2026-11-24T23:00:00+00:00"),
        ("Europe/Paris", "2026-10-25T22:59:59+00:00", "2026-10-25T23:00:00+00:00"),
        ("Europe/Paris", "2026-03-29T21:59:59+00:00", "2026-03-29T22:00:00+00:00"),
        ("Indian/Reunion", "2026-11-24T19:59:59+00:00", "2026-11-24T20:00:00+00:00"),
    ],
)
def test_numbers_begin_again_at_local_midnight(zone, before, after):
    site = town_hall(timezone=zone)
    topic = desk_of(site).topics.get()
    agent = ines()

    def number(moment: str) -> int:
        now = datetime.fromisoformat(moment)
        issued = actions.issue_ticket(site, topic, now=now, source="agent", actor=agent)
        return issued.ticket.number

    assert [number(before), number(before), number(after), number(after)] == [1, 2, 1, 2]


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
def test_numbers_go_on_through_the_night_of_the_clock_change(night):
    site = town_hall()
    topic = desk_of(site).topics.get()
    start = datetime.fromisoformat(f"{night}T00:15:00+01:00").astimezone(UTC)

    numbers = [
        actions.issue_ticket(
            site, topic, now=start + timedelta(minutes=30 * step), source="agent", actor=ines()
        ).ticket.number
        for step in range(8)
    ]

    assert numbers == list(range(1, 9)) or numbers == [1, *range(1, 8)]
    assert set(Ticket.objects.values_list("day", flat=True)) >= {date.fromisoformat(night)}


# Calling


def test_the_first_who_came_is_called_first(site, desk, topic):
    first, _second = issue(site, topic, 0), issue(site, topic, 1)

    called = actions.call_next(desk, agent=ines(), now=at(12))

    assert called.ticket == first
    assert called.ticket.state == "called"
    assert called.ticket.called_at == at(12)
    assert called.reason == "attend depuis 9\u00a0h\u00a000"
    assert kinds(called.ticket) == ["issued", "called"]


def test_nobody_is_called_for_what_the_desk_does_not_serve(site, desk, topic):
    issue(site, topic)
    other = desk_of(site, "Guichet 2", [canteen(site)])

    assert actions.call_next(other, agent=ines(), now=at(1)) is None


def test_a_priority_passes_but_not_before_who_came_beyond_the_limit(site, desk, topic):
    old = issue(site, topic, 0)
    recent = issue(site, topic, 10)
    priority = issue(site, topic, 25, priority="pregnant")
    agent = ines()

    order = []
    for minute in range(26, 29):
        called = actions.call_next(desk, agent=agent, now=at(minute))
        order.append(called.ticket)
        actions.finish(called.ticket, agent=agent, now=at(minute, 30), outcome="resolved")

    assert order == [old, priority, recent]


def test_the_reason_names_the_priority(site, desk, topic):
    issue(site, topic, priority="reduced_mobility")

    called = actions.call_next(desk, agent=ines(), now=at(3))

    assert called.why == rules.Why("priority", MORNING, "reduced_mobility")
    assert called.reason == "attend depuis 9\u00a0h\u00a000, priorité\u00a0: mobilité réduite"


def test_a_desk_holds_one_ticket_and_the_refusal_names_it(site, desk, topic):
    issue(site, topic)
    waiting = issue(site, topic)
    actions.call_next(desk, agent=ines(), now=at(1))

    with pytest.raises(Refused, match="E\u00a01"):
        actions.call_next(desk, agent=ines(), now=at(2))

    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    assert HallVersion.objects.get(site=site).number == 3


def test_the_database_itself_refuses_a_second_ticket_at_a_desk(site, desk, topic):
    TicketFactory(site=site, desk=desk, called=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        TicketFactory(site=site, desk=desk, called=True)


def test_calling_costs_the_same_whatever_the_line(site, desk, topic, django_assert_max_num_queries):
    for _ in range(30):
        TicketFactory(site=site, topic=topic)
    agent = ines()

    # SAVEPOINT, claim, RELEASE, event, version; the two others only open the test's transaction.
    with django_assert_max_num_queries(8):
        actions.call_next(desk, agent=agent, now=at(1))


def test_yesterdays_forgotten_tickets_are_not_called(site, desk, topic):
    TicketFactory(site=site, topic=topic, issued_at=MORNING - timedelta(hours=20))
    today = issue(site, topic)

    assert actions.call_next(desk, agent=ines(), now=at(1)).ticket == today


def test_a_clock_that_jumps_back_makes_no_negative_wait(site, desk, topic):
    issue(site, topic, 60)

    ticket = actions.call_next(desk, agent=ines(), now=at(1)).ticket
    finished = actions.finish(ticket, agent=ines(), now=at(2), outcome="resolved")

    assert finished.ticket.issued_at <= finished.ticket.called_at <= finished.ticket.ended_at
    moments = list(ticket.events.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_a_recall_is_on_the_screen_again(site, desk, topic):
    issue(site, topic)
    ticket = actions.call_next(desk, agent=ines(), now=at(1)).ticket

    actions.recall(ticket, agent=ines(), now=at(2))

    shown = queries.display_snapshot(site, at(2))["calls"]
    assert [call["called_at"] for call in shown] == ["2026-11-24T08:02:00.000Z"]
    ticket.refresh_from_db()
    assert (ticket.called_at, ticket.calls) == (at(1), 2)


def test_somebody_held_comes_back_to_the_desk_where_the_agent_sits(site, desk, topic):
    agent = ines()
    other = desk_of(site, "Guichet 2", [topic])
    issue(site, topic)
    actions.sit_down(desk, agent=agent, now=at(0))
    held = actions.hold(
        actions.call_next(desk, agent=agent, now=at(1)).ticket, agent=agent, now=at(2)
    )
    actions.sit_down(other, agent=agent, now=at(3))

    resumed = actions.resume(held, agent=agent, now=at(10))

    assert (resumed.state, resumed.desk) == ("called", other)


def test_nobody_is_resumed_at_a_desk_that_is_busy(site, desk, topic):
    agent = ines()
    issue(site, topic)
    issue(site, topic)
    held = actions.hold(
        actions.call_next(desk, agent=agent, now=at(1)).ticket, agent=agent, now=at(2)
    )
    actions.call_next(desk, agent=agent, now=at(3))

    with pytest.raises(Refused, match="E\u00a02"):
        actions.resume(held, agent=agent, now=at(4))


def test_a_move_that_is_not_allowed_says_why(site, topic):
    ticket = issue(site, topic)

    with pytest.raises(Refused, match="en attente"):
        actions.start(ticket, agent=ines(), now=at(1))


def test_a_ticket_that_changed_meanwhile_is_not_overwritten(site, desk, topic):
    stale = issue(site, topic)
    actions.leave(Ticket.objects.get(pk=stale.pk), now=at(1))

    with pytest.raises(Refused):
        actions.leave(stale, now=at(2))

    assert kinds(stale) == ["issued", "left"]


# Ending


def test_finishing_writes_the_contact_down(site, desk, topic):
    agent = ines()
    issue(site, topic, needs=["seat"])
    ticket = actions.call_next(desk, agent=agent, now=at(4)).ticket
    actions.start(ticket, agent=agent, now=at(5))

    finished = actions.finish(
        ticket, agent=agent, now=at(11), outcome="resolved", avoidable_cause="chasing", note="vu"
    )

    contact = Contact.objects.get()
    assert finished.contact == contact
    assert (contact.started_at, contact.ended_at) == (at(5), at(11))
    assert (contact.desk, contact.agent, contact.site) == (desk, agent, site)
    assert (contact.channel, contact.outcome, contact.needs) == ("desk", "resolved", ["seat"])
    assert Ticket.objects.get().contact == contact


def test_without_start_the_exchange_began_when_the_person_was_called(site, desk, topic):
    issue(site, topic)
    ticket = actions.call_next(desk, agent=ines(), now=at(4)).ticket

    finished = actions.finish(ticket, agent=ines(), now=at(9), outcome="resolved")

    assert finished.ticket.started_at == finished.contact.started_at == at(4)


def test_finish_and_call_next_do_both_or_neither(site, desk, topic):
    agent = ines()
    issue(site, topic)
    issue(site, topic)
    first = actions.call_next(desk, agent=agent, now=at(1)).ticket

    with pytest.raises(Refused):
        actions.finish_and_call_next(desk, agent=agent, now=at(2), outcome="who knows")
    second = actions.finish_and_call_next(desk, agent=agent, now=at(3), outcome="resolved").ticket

    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("done", "called", 2)


def test_a_transfer_keeps_the_arrival_and_the_note(site, desk, topic):
    agent = ines()
    school = canteen(site)
    other = desk_of(site, "Guichet 2", [school])
    issue(site, topic, 0)
    ticket = actions.call_next(desk, agent=agent, now=at(5)).ticket
    actions.issue_ticket(site, school, now=at(2), source="kiosk")

    actions.transfer(ticket, agent=agent, now=at(6), topic=school, note="dossier complet")

    called = actions.call_next(other, agent=marc(), now=at(7)).ticket
    assert called == ticket
    assert (called.issued_at, called.note, called.transfers) == (MORNING, "dossier complet", 1)
    assert called.called_at == at(5)


def test_after_a_transfer_the_contact_begins_at_the_second_desk(site, desk, topic):
    agent = ines()
    other = desk_of(site, "Guichet 2", [topic])
    issue(site, topic)
    ticket = actions.call_next(desk, agent=agent, now=at(5)).ticket
    actions.transfer(ticket, agent=agent, now=at(6), desk=other)
    again = actions.call_next(other, agent=agent, now=at(20)).ticket

    finished = actions.finish(again, agent=agent, now=at(25), outcome="resolved")

    assert finished.contact.started_at == at(20)


def test_a_call_that_waited_its_turn_is_not_earlier_than_the_transfer(site, desk, topic):
    agent = ines()
    other = desk_of(site, "Guichet 2", [topic])
    issue(site, topic)
    ticket = actions.call_next(desk, agent=agent, now=at(5)).ticket
    actions.transfer(ticket, agent=agent, now=at(6), desk=other)

    again = actions.call_next(other, agent=agent, now=at(5.5)).ticket

    assert again.last_call_at == at(6)
    moments = list(ticket.events.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_who_is_sent_to_a_desk_is_called_by_that_desk_only(site, desk, topic):
    agent = ines()
    other = desk_of(site, "Guichet 2", [canteen(site)])
    actions.transfer(issue(site, topic), agent=agent, now=at(1), desk=other)

    assert actions.call_next(desk, agent=agent, now=at(2)) is None
    called = actions.call_next(other, agent=agent, now=at(2))
    assert called.why.because == "reserved"


def test_a_transfer_to_the_desk_of_another_site_is_refused(site, desk, topic):
    elsewhere = desk_of(town_hall(slug="annexe"), "Guichet 1", [topic])

    with pytest.raises(Refused):
        actions.transfer(issue(site, topic), agent=ines(), now=at(1), desk=elsewhere)


def test_the_display_forgets_the_call_of_somebody_sent_on(site, desk, topic):
    issue(site, topic)
    ticket = actions.call_next(desk, agent=ines(), now=at(1)).ticket

    actions.transfer(ticket, agent=ines(), now=at(2), topic=topic)

    assert queries.display_snapshot(site, at(2))["calls"] == []


def test_forgotten_tickets_of_earlier_days_are_closed_once(site, topic):
    old = TicketFactory(site=site, topic=topic, issued_at=MORNING - timedelta(hours=20))
    recent = issue(site, topic)

    assert actions.close_forgotten(site, now=at(1)) == 1
    assert actions.close_forgotten(site, now=at(1)) == 0

    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.state, recent.state) == ("left", "waiting")


# Undo


def test_a_call_is_taken_back_within_ten_seconds(site, desk, topic):
    agent = ines()
    ticket = issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(1))

    actions.undo_last(desk, agent=agent, now=at(1, 9))

    ticket.refresh_from_db()
    assert (ticket.state, ticket.desk, ticket.called_at, ticket.calls) == ("waiting", None, None, 0)
    assert kinds(ticket) == ["issued", "called", "undone"]
    assert queries.display_snapshot(site, at(1, 9))["calls"] == []


def test_after_ten_seconds_nothing_is_taken_back(site, desk, topic):
    issue(site, topic)
    actions.call_next(desk, agent=ines(), now=at(1))

    with pytest.raises(Refused):
        actions.undo_last(desk, agent=ines(), now=at(1, 11))


def test_finish_and_call_next_are_taken_back_one_after_the_other(site, desk, topic):
    agent = ines()
    first, second = issue(site, topic), issue(site, topic)
    actions.call_next(desk, agent=agent, now=at(1))
    actions.finish_and_call_next(desk, agent=agent, now=at(5), outcome="resolved")

    actions.undo_last(desk, agent=agent, now=at(5, 2))
    actions.undo_last(desk, agent=agent, now=at(5, 4))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("called", "waiting")
    assert first.contact is None
    assert Contact.objects.get().undone_at is not None


@pytest.mark.parametrize("verb", ["hold", "mark_no_show", "leave", "start"])
def test_other_slips_are_taken_back_too(site, desk, topic, verb):
    agent = ines()
    issue(site, topic)
    ticket = actions.call_next(desk, agent=agent, now=at(1)).ticket
    getattr(actions, verb)(ticket, agent=agent, now=at(2))

    undone = actions.undo_last(desk, agent=agent, now=at(2, 3))

    assert (undone.state, undone.desk, undone.ended_at) == ("called", desk, None)


def test_a_transfer_is_taken_back_with_topic_and_note(site, desk, topic):
    agent = ines()
    school = canteen(site)
    desk_of(site, "Guichet 2", [school])
    issue(site, topic)
    ticket = actions.call_next(desk, agent=agent, now=at(1)).ticket
    actions.transfer(ticket, agent=agent, now=at(2), topic=school, note="suite")

    undone = actions.undo_last(desk, agent=agent, now=at(2, 3))

    assert (undone.topic, undone.note, undone.transfers) == (topic, "", 0)
    assert (undone.state, undone.desk, undone.called_at) == ("called", desk, at(1))


def test_nobody_takes_back_what_a_colleague_did(site, desk, topic):
    issue(site, topic)
    actions.call_next(desk, agent=ines(), now=at(1))

    with pytest.raises(Refused):
        actions.undo_last(desk, agent=marc(), now=at(1, 2))


def test_what_somebody_else_changed_since_is_not_taken_back(site, desk, topic):
    issue(site, topic)
    ticket = actions.call_next(desk, agent=ines(), now=at(1)).ticket
    actions.leave(ticket, now=at(1, 2))

    with pytest.raises(Refused):
        actions.undo_last(desk, agent=ines(), now=at(1, 4))


# Desks


def test_a_desk_taken_by_a_colleague_is_named(site, desk):
    actions.sit_down(desk, agent=ines(), now=at(0))

    with pytest.raises(Refused, match="Inès Rollin"):
        actions.sit_down(desk, agent=marc(), now=at(1))


def test_sitting_down_elsewhere_leaves_the_first_desk(site, desk, topic):
    other = desk_of(site, "Guichet 2", [topic])
    actions.sit_down(desk, agent=ines(), now=at(0))

    actions.sit_down(other, agent=ines(), now=at(5))

    assert [session.desk for session in queries.open_desks(site)] == [other]


def test_who_forgot_to_leave_yesterday_does_not_block_the_desk(site, desk):
    actions.sit_down(desk, agent=ines(), now=MORNING - timedelta(days=1))

    actions.sit_down(desk, agent=marc(), now=at(0))

    assert queries.session_of(ines()) is None


def test_nobody_leaves_a_desk_with_a_ticket_open(site, desk, topic):
    issue(site, topic)
    session = actions.sit_down(desk, agent=ines(), now=at(0))
    actions.call_next(desk, agent=ines(), now=at(1))

    for verb in (actions.pause, actions.stand_up):
        with pytest.raises(Refused, match="E\u00a01"):
            verb(session, agent=ines(), now=at(2))


def test_a_desk_on_a_break_gives_no_promise_of_a_wait(site, desk, topic):
    session = actions.sit_down(desk, agent=ines(), now=at(0))
    before = queries.expected_wait(site, topic, at(1))

    actions.pause(session, agent=ines(), now=at(2))
    during = queries.expected_wait(site, topic, at(3))
    actions.back(session, agent=ines(), now=at(4))

    assert (before is None, during) == (False, None)
    assert queries.expected_wait(site, topic, at(5)) == before


def test_an_agent_of_another_authority_sits_at_no_desk_of_ours(desk):
    with pytest.raises(Refused):
        actions.sit_down(desk, agent=rozenn(), now=at(0))


def test_events_cannot_be_rewritten(site, topic):
    issue(site, topic)

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        TicketEvent.objects.update(kind="left")
