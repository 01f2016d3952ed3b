import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from parvis.appointments import actions, queries
from parvis.appointments.models import Appointment, Message, Offer, Seat
from parvis.common import codes, journal
from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from parvis.queue import actions as queue
from tests.accounts.factories import ines
from tests.appointments.factories import (
    MONDAY,
    TUESDAY_NINE,
    agenda,
    booked,
    own_agenda,
    tuesday,
)
from tests.organisations.factories import TopicFactory

THREADS = 8


def at_once(*jobs: Any) -> list[Any]:
    """Run the jobs in threads that all start at the same instant; exceptions are results."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Any) -> Any:
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


def no_double_seats() -> bool:
    seats = Counter(Seat.objects.values_list("agenda", "tick", "place"))
    return max(seats.values(), default=0) <= 1


# Booking


@pytest.mark.django_db
def test_a_booking_takes_its_seats_and_gives_a_code_and_a_link():
    made = booked(agenda(minutes=20, buffer_minutes=10))

    appointment = made.appointment
    assert (appointment.state, appointment.sequence) == ("booked", 0)
    assert appointment.ends_at - appointment.starts_at == timedelta(minutes=20)
    assert appointment.seats.count() == 6
    assert codes.parse_reference(appointment.code) == appointment.code
    assert queries.by_secret(made.secret, MONDAY) == appointment


@pytest.mark.django_db
def test_a_slot_that_is_taken_is_refused_with_the_closest_free_ones():
    offered = agenda()
    booked(offered)

    with pytest.raises(actions.SlotTaken) as refusal:
        booked(offered, email="paul@example.org")

    assert refusal.value.nearest[0] == tuesday(9, 20)
    assert "9\xa0h\xa020" in refusal.value.message
    assert Appointment.objects.count() == 1


@pytest.mark.django_db
def test_several_stations_receive_several_people_at_once():
    offered = agenda(seats=2)
    booked(offered)
    booked(offered, email="paul@example.org")

    with pytest.raises(actions.SlotTaken):
        booked(offered, email="zoe@example.org")

    assert set(Seat.objects.values_list("place", flat=True)) == {1, 2}


@pytest.mark.django_db
def test_the_database_itself_lets_nobody_take_a_seat_twice():
    seat = booked().appointment.seats.first()
    other = booked(starts_at=tuesday(10), email="paul@example.org").appointment
    assert seat is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(agenda=seat.agenda, tick=seat.tick, place=seat.place, appointment=other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_eight_people_want_the_last_seat_and_exactly_one_gets_it():
    offered = agenda()
    jobs = [partial(booked, offered, email=f"personne{n}@example.org") for n in range(THREADS)]

    answers = at_once(*jobs)

    won = [answer for answer in answers if isinstance(answer, actions.Booked)]
    told = [answer for answer in answers if isinstance(answer, actions.SlotTaken)]
    assert (len(won), len(told)) == (1, THREADS - 1)
    assert all(refusal.nearest for refusal in told)
    assert no_double_seats()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_overlapping_times_and_several_stations_hold_under_the_same_rush():
    offered = agenda(seats=3)
    starts = [tuesday(9, 0), tuesday(9, 5), tuesday(9, 10), tuesday(9, 15)] * 2
    jobs = [
        partial(booked, offered, start, email=f"personne{n}@example.org")
        for n, start in enumerate(starts)
    ]

    answers = at_once(*jobs)

    won = [answer for answer in answers if isinstance(answer, actions.Booked)]
    assert len(won) == 3
    assert all(isinstance(answer, actions.Booked | actions.SlotTaken) for answer in answers)
    assert no_double_seats()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "name"),
        ({"email": "not-an-address"}, "email"),
        ({"phone": "abc"}, "phone"),
        ({"email": "", "wants_earlier": True}, "mute"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(given: dict[str, Any], code: str):
    with pytest.raises(Refused) as refusal:
        booked(**given)

    assert refusal.value.code == code


@pytest.mark.django_db
def test_nobody_hoards_appointments_for_one_topic():
    offered = agenda()
    booked(offered)
    booked(offered, tuesday(10))

    with pytest.raises(Refused) as refusal:
        booked(offered, tuesday(11), email="JEANNE@example.org")

    assert refusal.value.code == "too_many"
    booked(offered, tuesday(11), agent=ines(), made="agent")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "starts_at",
    [
        MONDAY + timedelta(hours=1),  # within the notice
        TUESDAY_NINE + timedelta(days=70),  # not published yet
        tuesday(13),  # outside the rota
        tuesday(9) + timedelta(minutes=2),  # between two ticks
    ],
)
def test_what_is_not_offered_cannot_be_booked(starts_at: Any):
    with pytest.raises(actions.SlotTaken):
        booked(starts_at=starts_at)


@pytest.mark.django_db
def test_a_colleague_may_book_at_once_and_further_ahead():
    offered = agenda()

    soon = booked(offered, MONDAY + timedelta(hours=1), agent=ines(), made="agent")
    far = booked(offered, TUESDAY_NINE + timedelta(days=28), agent=ines(), made="agent", email="")

    assert (soon.appointment.booked_by, far.appointment.email) == (ines(), "")


# Moving and cancelling


@pytest.mark.django_db
def test_moving_keeps_code_and_link_and_frees_the_old_time():
    offered = agenda()
    made = booked(offered)

    moved = actions.move(made.appointment, starts_at=tuesday(11), now=MONDAY)

    assert (moved.code, moved.sequence) == (made.appointment.code, 1)
    assert booked(offered, email="paul@example.org").appointment.starts_at == TUESDAY_NINE


@pytest.mark.django_db
def test_moving_by_a_few_minutes_overlaps_only_oneself():
    made = booked(agenda(minutes=20))

    moved = actions.move(made.appointment, starts_at=tuesday(9, 10), now=MONDAY)

    assert moved.seats.count() == 4


@pytest.mark.django_db
def test_a_move_that_cannot_be_leaves_everything_as_it_was():
    offered = agenda()
    made = booked(offered)
    booked(offered, tuesday(11), email="paul@example.org")

    with pytest.raises(actions.SlotTaken):
        actions.move(made.appointment, starts_at=tuesday(11), now=MONDAY)

    made.appointment.refresh_from_db()
    assert made.appointment.starts_at == TUESDAY_NINE
    assert made.appointment.seats.count() == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_two_who_exchange_their_times_at_once_never_share_one():
    offered = agenda()
    first, second = booked(offered), booked(offered, tuesday(10), email="paul@example.org")

    at_once(
        partial(actions.move, first.appointment, starts_at=tuesday(11), now=MONDAY),
        partial(actions.move, second.appointment, starts_at=tuesday(11), now=MONDAY),
    )

    assert no_double_seats()
    assert Appointment.objects.filter(starts_at=tuesday(11)).count() == 1


@pytest.mark.django_db
def test_the_authority_cancels_with_a_reason_and_the_seat_is_free_again():
    offered = agenda()
    made = booked(offered)

    with pytest.raises(Refused):
        actions.cancel(made.appointment, now=MONDAY, agent=ines())
    cancelled = actions.cancel(made.appointment, now=MONDAY, agent=ines(), reason="Panne")

    assert (cancelled.state, cancelled.cancelled_by, cancelled.sequence) == (
        "cancelled", "authority", 1,
    )  # fmt: skip
    assert not cancelled.seats.exists()
    booked(offered, email="paul@example.org")


@pytest.mark.django_db
def test_what_is_over_cannot_be_changed_any_more():
    made = booked()
    actions.cancel(made.appointment, now=MONDAY)

    with pytest.raises(Refused):
        actions.cancel(made.appointment, now=MONDAY)
    with pytest.raises(Refused):
        actions.move(made.appointment, starts_at=tuesday(11), now=MONDAY)


@pytest.mark.django_db
def test_a_person_cannot_change_what_has_begun():
    made = booked()

    with pytest.raises(Refused) as refusal:
        actions.move(made.appointment, starts_at=tuesday(11), now=TUESDAY_NINE)

    assert refusal.value.code == "begun"


# Earlier slots


@pytest.mark.django_db
def test_a_freed_slot_is_offered_to_the_first_who_waits_for_one():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    first = booked(offered, tuesday(10), wants_earlier=True)
    booked(offered, tuesday(11), email="zoe@example.org", wants_earlier=True)

    actions.cancel(early.appointment, now=MONDAY)

    made = Offer.objects.get()
    assert (made.appointment, made.starts_at) == (first.appointment, TUESDAY_NINE)
    assert first.appointment.messages.filter(kind="offer").exists()


@pytest.mark.django_db
def test_accepting_moves_the_appointment_and_offers_the_old_time_on():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    first = booked(offered, tuesday(10), wants_earlier=True)
    second = booked(offered, tuesday(11), email="zoe@example.org", wants_earlier=True)
    actions.cancel(early.appointment, now=MONDAY)

    moved = actions.accept(Offer.objects.get(), now=MONDAY)

    assert (moved.pk, moved.starts_at) == (first.appointment.pk, TUESDAY_NINE)
    assert Offer.objects.get(state="open").appointment == second.appointment
    assert Offer.objects.get(state="open").starts_at == tuesday(10)


@pytest.mark.django_db
def test_without_an_answer_the_next_one_is_asked():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    first = booked(offered, tuesday(10), wants_earlier=True)
    second = booked(offered, tuesday(11), email="zoe@example.org", wants_earlier=True)
    actions.cancel(early.appointment, now=MONDAY)

    actions.pass_on_expired(now=MONDAY + timedelta(hours=5))

    assert Offer.objects.get(appointment=first.appointment).state == "expired"
    assert Offer.objects.get(appointment=second.appointment).state == "open"
    with pytest.raises(Refused):
        actions.accept(first.appointment.offers.get(), now=MONDAY + timedelta(hours=5))
    first.appointment.refresh_from_db()
    assert first.appointment.starts_at == tuesday(10)


@pytest.mark.django_db
def test_declining_keeps_the_appointment_and_asks_the_next():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    booked(offered, tuesday(10), wants_earlier=True)
    second = booked(offered, tuesday(11), email="zoe@example.org", wants_earlier=True)
    actions.cancel(early.appointment, now=MONDAY)

    actions.decline(Offer.objects.get(), now=MONDAY)

    assert Offer.objects.get(state="open").appointment == second.appointment


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_what_is_held_for_somebody_is_theirs_however_many_want_it_at_once():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    waiting = booked(offered, tuesday(10), wants_earlier=True)
    actions.cancel(early.appointment, now=MONDAY)
    made = Offer.objects.select_related("appointment").get()
    others = [partial(booked, offered, email=f"personne{n}@example.org") for n in range(3)]

    answers = at_once(partial(actions.accept, made, now=MONDAY), *others)

    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert {refusal.code for refusal in refused} == {"slot_taken"}
    assert len(refused) == 3
    waiting.appointment.refresh_from_db()
    assert waiting.appointment.starts_at == TUESDAY_NINE
    assert no_double_seats()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared_database")
def test_an_answer_in_the_moment_in_which_time_is_up_counts_once():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    first = booked(offered, tuesday(10), wants_earlier=True)
    second = booked(offered, tuesday(11), email="zoe@example.org", wants_earlier=True)
    actions.cancel(early.appointment, now=MONDAY)
    made = Offer.objects.select_related("appointment").get()
    late = made.expires_at

    at_once(
        partial(actions.accept, made, now=late - timedelta(seconds=1)),
        partial(actions.pass_on_expired, now=late),
        partial(actions.pass_on_expired, now=late),
    )

    first.appointment.refresh_from_db()
    accepted = first.appointment.starts_at == TUESDAY_NINE
    held = Offer.objects.get(state="open")
    assert held.appointment == second.appointment
    assert held.starts_at == (tuesday(10) if accepted else TUESDAY_NINE)
    assert no_double_seats()


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["public", "agent"])
def test_nobody_else_sees_or_books_what_is_held(by: str):
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    waiting = booked(offered, tuesday(10), wants_earlier=True)
    actions.cancel(early.appointment, now=MONDAY)

    seen = queries.free_days([offered], now=MONDAY, by_agent=by == "agent")
    theirs = queries.free_days([offered], now=MONDAY, ignoring=waiting.appointment)

    tuesdays = {slot.starts_at for day in seen for slot in day.slots}
    assert TUESDAY_NINE not in tuesdays
    assert TUESDAY_NINE in {slot.starts_at for day in theirs for slot in day.slots}
    with pytest.raises(actions.SlotTaken):
        booked(offered, agent=ines() if by == "agent" else None, made=by)


@pytest.mark.django_db
def test_the_database_itself_lets_nobody_take_a_seat_that_is_held():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    other = booked(offered, tuesday(10), wants_earlier=True).appointment
    actions.cancel(early.appointment, now=MONDAY)
    seat = Seat.objects.filter(offer__isnull=False).first()
    assert seat is not None

    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(agenda=seat.agenda, tick=seat.tick, place=seat.place, appointment=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.filter(pk=seat.pk).update(appointment=other)  # of two at once


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["cancel", "move", "stop", "decline", "expire"])
def test_what_was_held_is_free_again_when_nobody_else_waits(end: str):
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    waiting = booked(offered, tuesday(10), wants_earlier=True).appointment
    actions.cancel(early.appointment, now=MONDAY)
    made = Offer.objects.get()

    match end:
        case "cancel":
            actions.cancel(waiting, now=MONDAY)
        case "move":
            actions.move(waiting, starts_at=tuesday(11), now=MONDAY)
        case "stop":
            actions.wait_for_earlier(waiting, now=MONDAY, wanted=False)
        case "decline":
            actions.decline(made, now=MONDAY)
        case "expire":
            actions.pass_on_expired(now=made.expires_at)

    assert not Seat.objects.filter(offer__isnull=False).exists()
    assert booked(offered, email="zoe@example.org").appointment.starts_at == TUESDAY_NINE


@pytest.mark.django_db
def test_one_time_at_once_is_held_for_somebody():
    offered = agenda()
    early = booked(offered, email="paul@example.org").appointment
    other = booked(offered, tuesday(9, 20), email="lea@example.org").appointment
    booked(offered, tuesday(11), wants_earlier=True)

    for one in (early, other):
        actions.cancel(one, now=MONDAY)

    assert Offer.objects.get().starts_at == TUESDAY_NINE
    assert booked(offered, tuesday(9, 20), email="zoe@example.org")


@pytest.mark.django_db
def test_an_earlier_time_that_overlaps_ones_own_is_held_and_taken():
    offered = agenda(minutes=20)
    early = booked(offered, email="paul@example.org").appointment
    waiting = booked(offered, tuesday(9, 20), wants_earlier=True).appointment
    offered.minutes = 40
    offered.save(update_fields=["minutes"])

    actions.cancel(early, now=MONDAY)
    moved = actions.accept(Offer.objects.get(), now=MONDAY)

    assert (moved.pk, moved.starts_at, moved.seats.count()) == (waiting.pk, TUESDAY_NINE, 8)
    assert not Seat.objects.filter(offer__isnull=False).exists()


@pytest.mark.django_db
def test_an_earlier_slot_before_the_day_that_suits_is_not_offered():
    offered = agenda()
    early = booked(offered, email="paul@example.org")
    booked(
        offered,
        tuesday(10) + timedelta(days=2),
        wants_earlier=True,
        earlier_from=(TUESDAY_NINE + timedelta(days=1)).date(),
    )

    actions.cancel(early.appointment, now=MONDAY)

    assert not Offer.objects.exists()


# Arriving


@pytest.mark.django_db
def test_in_the_hall_an_arrival_takes_a_place_in_line_at_the_time_booked():
    made = booked()

    arrival = actions.arrive(made.appointment, now=tuesday(8, 50))

    assert arrival.issued is not None
    ticket = arrival.issued.ticket
    assert (ticket.source, ticket.booked_at) == ("booked", TUESDAY_NINE)
    assert (arrival.appointment.state, arrival.appointment.ticket) == ("arrived", ticket)


@pytest.mark.django_db
def test_an_arrival_marked_for_somebody_else_is_taken_back_and_leaves_no_place_in_line():
    made = booked()
    first = actions.arrive(made.appointment, now=tuesday(8, 50))
    assert first.issued is not None

    back = actions.take_back_arrival(first.appointment, agent=ines(), now=tuesday(8, 51))

    first.issued.ticket.refresh_from_db()
    assert (back.state, back.arrived_at, back.ticket) == ("booked", None, None)
    assert first.issued.ticket.state == "left"
    desk = first.issued.ticket.site.desks.get()
    assert queue.call_next(desk, agent=ines(), now=tuesday(8, 55)) is None
    again = actions.arrive(back, now=tuesday(8, 58))
    assert (again.appointment.state, again.appointment.ticket is None) == ("arrived", False)


@pytest.mark.django_db
def test_an_arrival_is_not_taken_back_once_somebody_was_called():
    appointment, _ticket, desk = in_the_hall()
    queue.call_next(desk, agent=ines(), now=tuesday(9))

    with pytest.raises(Refused):
        actions.take_back_arrival(appointment, agent=ines(), now=tuesday(9, 1))

    appointment.refresh_from_db()
    assert appointment.state == "arrived"


@pytest.mark.django_db
def test_too_early_is_said_with_the_hour_from_which_it_is_possible():
    made = booked()

    with pytest.raises(Refused) as refusal:
        actions.arrive(made.appointment, now=MONDAY)

    assert refusal.value.code == "too_early"
    made.appointment.refresh_from_db()
    assert made.appointment.state == "booked"


@pytest.mark.django_db
def test_too_late_is_the_ordinary_line_and_said_so():
    made = booked()

    arrival = actions.arrive(made.appointment, now=tuesday(9, 30))

    assert arrival.issued is not None
    assert arrival.issued.ticket.rank_at == tuesday(9, 30)
    assert "9" in arrival.sentence


@pytest.mark.django_db
def test_a_colleague_of_the_back_office_is_told_by_mail_that_the_visitor_is_here():
    made = booked(own_agenda())

    arrival = actions.arrive(made.appointment, now=tuesday(8, 50))

    assert arrival.issued is None
    assert made.appointment.messages.filter(kind="arrived", channel="email").exists()
    assert queries.here_for(ines(), now=tuesday(8, 55)) == [made.appointment]


@pytest.mark.django_db
def test_checking_in_twice_is_told_kindly():
    made = booked(own_agenda())
    actions.arrive(made.appointment, now=tuesday(8, 50))

    with pytest.raises(Refused) as refusal:
        actions.arrive(made.appointment, now=tuesday(8, 51))

    assert refusal.value.code == "over"


@pytest.mark.django_db
def test_an_appointment_without_a_ticket_ends_as_one_contact():
    made = booked(own_agenda())
    actions.arrive(made.appointment, now=tuesday(8, 55))
    actions.start(made.appointment, agent=ines(), now=tuesday(9, 2))

    contact = actions.finish(made.appointment, agent=ines(), now=tuesday(9, 20), outcome="resolved")

    made.appointment.refresh_from_db()
    assert (made.appointment.state, made.appointment.contact) == ("served", contact)
    assert contact.started_at == tuesday(9, 2)
    with pytest.raises(Refused):
        actions.finish(made.appointment, agent=ines(), now=tuesday(9, 21), outcome="resolved")


@pytest.mark.django_db
def test_who_does_not_come_is_marked_at_the_end_and_may_still_arrive():
    made = booked(own_agenda())

    assert actions.settle(now=tuesday(9, 40)) == 0
    assert actions.settle(now=tuesday(9, 50)) == 1

    made.appointment.refresh_from_db()
    assert made.appointment.state == "missed"
    assert actions.arrive(made.appointment, now=tuesday(10)).appointment.state == "arrived"


def in_the_hall() -> tuple[Any, Any, Any]:
    """Somebody who checked in at ten to nine, the desk of the hall, and who sits there."""
    made = booked()
    arrival = actions.arrive(made.appointment, now=tuesday(8, 50))
    assert arrival.issued is not None
    return made.appointment, arrival.issued.ticket, arrival.issued.ticket.site.desks.get()


def received(desk: Any, minute: int, **how: Any) -> Any:
    """The next person, called and received for ten minutes; gives the contact."""
    called = queue.call_next(desk, agent=ines(), now=tuesday(9, minute))
    assert called is not None
    queue.start(called.ticket, agent=ines(), now=tuesday(9, minute + 1))
    done = queue.finish(
        called.ticket, agent=ines(), now=tuesday(9, minute + 11), outcome="resolved", **how
    )
    return done.contact


@pytest.mark.django_db
def test_in_the_hall_the_visit_at_the_desk_ends_the_appointment():
    appointment, _ticket, desk = in_the_hall()

    contact = received(desk, 2)

    appointment.refresh_from_db()
    assert (appointment.state, appointment.contact) == ("served", contact)
    assert (appointment.started_at, appointment.ended_at) == (tuesday(9, 3), tuesday(9, 13))


@pytest.mark.django_db
def test_an_end_that_was_taken_back_counts_when_it_is_noted_anew():
    appointment, ticket, desk = in_the_hall()
    received(desk, 2)
    queue.undo_last(desk, agent=ines(), now=tuesday(9, 13))

    done = queue.finish(ticket, agent=ines(), now=tuesday(9, 20), outcome="passed_on")

    appointment.refresh_from_db()
    assert appointment.contact == done.contact


@pytest.mark.django_db
def test_the_contact_of_an_appointment_is_that_of_its_own_topic():
    appointment, ticket, desk = in_the_hall()
    other = TopicFactory.create(authority=ticket.site.authority, slug="autre", name="Autre")
    desk.topics.add(other)
    queue.add_leg(ticket, other, agent=ines(), now=tuesday(8, 55))
    first = received(desk, 2)
    received(desk, 20)

    appointment.refresh_from_db()
    assert appointment.contact == first


@pytest.mark.django_db
@pytest.mark.parametrize("gone", [queue.leave, queue.mark_no_show])
def test_who_was_given_up_and_comes_back_is_received_all_the_same(gone: Any):
    appointment, ticket, desk = in_the_hall()
    called = queue.call_next(desk, agent=ines(), now=tuesday(9, 1))
    gone(called.ticket, agent=ines(), now=tuesday(9, 2))
    actions.settle(now=tuesday(9, 3))
    queue.come_back(ticket, agent=ines(), now=tuesday(9, 5))

    contact = received(desk, 6)

    appointment.refresh_from_db()
    assert (appointment.state, appointment.contact) == ("served", contact)


# Agendas


@pytest.mark.django_db
def test_blocked_time_is_not_offered_and_says_who_is_expected_then():
    offered = agenda()
    booked(offered)

    actions.block(
        offered.agenda, starts_at=tuesday(9), ends_at=tuesday(10), agent=ines(), now=MONDAY
    )

    assert actions.booked_within(offered.agenda, tuesday(9), tuesday(10)) == 1
    with pytest.raises(actions.SlotTaken):
        booked(offered, tuesday(9, 20), email="paul@example.org")


@pytest.mark.django_db
def test_a_new_feed_ends_the_old_one():
    own = own_agenda().agenda
    first = actions.make_feed(own, agent=ines(), now=MONDAY, with_names=False)
    second = actions.make_feed(own, agent=ines(), now=MONDAY, with_names=True)

    assert queries.feed(first.secret) is None
    assert queries.feed(second.secret) == second.feed
    assert actions.end_feed(own, agent=ines(), now=MONDAY)
    assert queries.feed(second.secret) is None


# Privacy


@pytest.mark.django_db
def test_the_people_of_past_appointments_are_forgotten_and_it_is_written_down():
    made = booked()

    assert actions.forget_past(now=TUESDAY_NINE + timedelta(days=59)) == 0
    assert actions.forget_past(now=TUESDAY_NINE + timedelta(days=61)) == 1

    kept = Appointment.objects.get()
    assert (kept.name, kept.email, kept.phone) == ("", "", "")
    assert kept.starts_at == made.appointment.starts_at
    assert not Message.objects.exists()
    assert JournalEntry.objects.filter(verb="appointments.people_forgotten").exists()


@pytest.mark.django_db
def test_the_journal_says_what_happened_without_naming_the_person():
    made = booked()
    actions.move(made.appointment, starts_at=tuesday(11), now=MONDAY)
    actions.cancel(made.appointment, now=MONDAY)

    lines = list(journal.of(made.appointment))
    assert [line.verb for line in lines] == [
        "appointments.booked", "appointments.moved", "appointments.cancelled",
    ]  # fmt: skip
    assert "jeanne" not in str([line.data for line in lines]).lower()


@pytest.mark.django_db
def test_guests_are_spelt_in_one_way():
    made = booked(name="  Zoé\0  Kerbrat ", phone="+33 2 61 91 00 10", email=" ZOE@Example.org ")

    assert (made.appointment.name, made.appointment.email, made.appointment.phone) == (
        "Zoé Kerbrat", "zoe@example.org", "0261910010",
    )  # fmt: skip
