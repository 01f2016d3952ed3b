from datetime import date, time, timedelta

import pytest

from parvis.appointments import actions, queries
from parvis.appointments.models import Rota, SpecialDay
from tests.accounts.factories import ines, marc, rozenn
from tests.appointments.factories import (
    MONDAY,
    TUESDAY_NINE,
    agenda,
    booked,
    own_agenda,
    tuesday,
)
from tests.organisations.factories import (
    ClosureFactory,
    HoursExceptionFactory,
    ServiceFactory,
)
from tests.queue.factories import town_hall

pytestmark = pytest.mark.django_db


def days(offered, **more):
    return queries.free_days([offered], now=MONDAY, **more)


def test_free_days_come_in_order_with_their_slots():
    found = days(agenda(), count=2)

    assert [one.day for one in found] == [date(2026, 11, 23), date(2026, 11, 24)]
    assert found[0].slots[0].starts_at == MONDAY + timedelta(hours=2)
    assert len(found[1].slots) == 9


def test_nothing_is_offered_within_the_notice_nor_beyond_what_is_published():
    offered = agenda(notice_minutes=180, horizon_days=1)

    found = days(offered, count=9)

    assert [one.day.day for one in found] == [23, 24]
    assert found[0].slots[0].starts_at >= MONDAY + timedelta(hours=3)


def test_closures_exceptions_and_public_holidays_of_the_place_hold_for_its_agendas():
    offered = agenda()
    site = offered.agenda.site
    ClosureFactory.create(site=site, first_day=date(2026, 11, 24), last_day=date(2026, 11, 24))
    HoursExceptionFactory.create(site=site, date=date(2026, 11, 25), opens=None, closes=None)

    found = days(offered, count=3)

    assert [one.day.day for one in found] == [23, 26, 27]


def test_a_place_that_declared_no_hours_leaves_it_to_the_rota():
    site = town_hall()
    site.seasons.all().delete()

    assert days(agenda(site), count=1)[0].slots


def test_hours_that_ran_out_are_not_claimed():
    site = town_hall()
    site.seasons.update(valid_through=date(2026, 11, 24))

    assert [one.day.day for one in days(agenda(site), count=5)] == [23, 24]


def test_a_special_day_and_a_rota_that_ends():
    offered = agenda()
    SpecialDay.objects.create(
        agenda=offered.agenda, date=date(2026, 11, 24), opens=time(14), closes=time(15), seats=2
    )
    Rota.objects.filter(weekday=2).update(valid_until=date(2026, 11, 24))

    found = {one.day.day: one.slots for one in days(offered, count=4)}

    assert len(found[24]) == 3
    assert found[24][0].free == 2
    assert 25 not in found


def test_free_days_cost_the_same_however_far_one_looks(django_assert_max_num_queries):
    offered = agenda()
    booked(offered)

    with django_assert_max_num_queries(12):
        days(offered, count=40)


def test_the_nearest_slots_are_those_of_the_same_place():
    offered = agenda()
    booked(offered)

    near = queries.nearest_slots([offered], TUESDAY_NINE, now=MONDAY)

    assert near[0] == tuesday(9, 20)


def test_the_referent_comes_first_among_those_who_may_be_met():
    own = own_agenda()

    found = queries.offerings_for_case([marc().pk, ines().pk], own.topic_id)

    assert found == [own]


def test_a_code_is_found_however_it_is_typed_and_never_by_another_authority():
    appointment = booked().appointment
    typed = f" {appointment.code[:4].lower()} {appointment.code[4:].lower()}"

    assert queries.by_code(typed, actor=ines()) == appointment
    assert queries.by_code(appointment.code, actor=rozenn()) is None
    assert queries.by_code("nonsense", actor=ines()) is None


@pytest.mark.parametrize("hour", ["9", "9:00", "09h00", "0900"])
def test_a_name_and_an_hour_are_enough_when_they_fit_one_person(hour):
    offered = agenda()
    appointment = booked(offered).appointment
    site = offered.agenda.site

    assert queries.by_name_and_hour(site, "tessandier", hour, now=TUESDAY_NINE) == appointment
    assert queries.by_name_and_hour(site, "Kerbrat", hour, now=TUESDAY_NINE) is None
    assert queries.by_name_and_hour(site, "", hour, now=TUESDAY_NINE) is None


def test_two_of_the_same_name_at_the_same_hour_must_ask():
    offered = agenda(seats=2)
    booked(offered)
    booked(offered, email="autre@example.org")

    found = queries.by_name_and_hour(offered.agenda.site, "Tessandier", "9", now=TUESDAY_NINE)

    assert found is None


def test_a_day_shows_who_comes_and_what_is_free():
    offered = agenda()
    booked(offered)
    cancelled = booked(offered, tuesday(10), email="paul@example.org")
    actions.cancel(cancelled.appointment, now=MONDAY)

    day = queries.days_of(
        [offered.agenda], TUESDAY_NINE.date(), TUESDAY_NINE.date(), agent=ines(), now=MONDAY
    )[0]

    assert (day.expected, day.free) == (1, 8)
    assert day.hours[0].lines[0].appointment.name == "Jeanne Tessandier"


def test_what_a_sensitive_service_receives_people_for_stays_within_it():
    offered = agenda()
    offered.agenda.service.is_sensitive = True
    offered.agenda.service.save()
    appointment = queries.whole().get(pk=booked(offered, note="Aide urgente").appointment.pk)
    other = marc(service=ServiceFactory.create(slug="urbanisme", name="Urbanisme"))

    shown = queries.line_of(appointment, other, MONDAY)

    assert (shown.topic, shown.note) == (offered.agenda.service.label, "")
    assert queries.line_of(appointment, ines(), MONDAY).note == "Aide urgente"


def test_the_page_of_an_appointment_ends_two_weeks_after_it():
    made = booked()

    assert queries.by_secret(made.secret, TUESDAY_NINE + timedelta(days=13)) is not None
    assert queries.by_secret(made.secret, TUESDAY_NINE + timedelta(days=15)) is None
    assert queries.by_secret("x" * 32, TUESDAY_NINE) is None
