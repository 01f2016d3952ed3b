"""What a receipt must say, and by when the two electronic ones leave."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.cases.rules import receipts
from parvis.cases.rules.receipts import Content, Due, Lack
from parvis.cases.rules.silence import Meaning
from parvis.common.calendar import Territory, WorkingCalendar, is_working_day

PARIS = ZoneInfo("Europe/Paris")
WHOLE = Content(
    received_on=date(2026, 3, 3),
    service="Urbanisme",
    address="1, place du Parvis",
    email="urbanisme@sainte-orvanne.example",
    phone="02 61 91 00 42",
    meaning=Meaning.REJECTION,
    falls_on=date(2026, 5, 3),
    appeal="Devant le tribunal administratif, dans les deux mois.",
)


def due(
    received_at: datetime, *, territory: Territory = Territory.METROPOLIS, channel: str = "email"
) -> Due | None:
    calendar = WorkingCalendar(territory)
    return receipts.electronic_due(
        received_at, channel=channel, zone=PARIS, calendar=calendar, days=7
    )


def test_a_receipt_with_everything_may_leave():
    assert receipts.lacking(WHOLE) == []


@pytest.mark.parametrize(
    ("without", "lack"),
    [
        ({"received_on": None}, Lack.RECEIVED_ON),
        ({"service": " "}, Lack.SERVICE),
        ({"address": ""}, Lack.ADDRESS),
        ({"email": ""}, Lack.EMAIL),
        ({"phone": ""}, Lack.PHONE),
        ({"falls_on": None}, Lack.SILENCE),
        ({"appeal": ""}, Lack.APPEAL),
    ],
)
def test_each_thing_that_the_law_asks_for_is_missed(without: dict[str, object], lack: Lack):
    assert receipts.lacking(replace(WHOLE, **without)) == [lack]  # type: ignore[arg-type]


def test_a_day_that_waits_for_something_named_is_no_lack():
    waits = replace(WHOLE, meaning=Meaning.ACCEPTANCE, falls_on=None, waits=True, appeal="")

    assert receipts.lacking(waits) == []


def test_without_effect_neither_day_nor_appeal_is_said():
    assert receipts.lacking(replace(WHOLE, meaning=Meaning.NONE, falls_on=None, appeal="")) == []


def test_sent_on_friday_evening_registered_on_monday():
    friday = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)

    assert due(friday) == Due(date(2026, 11, 23), date(2026, 11, 27))


def test_the_holidays_of_the_territory_count():
    thursday = datetime(2027, 3, 25, 10, 0, tzinfo=UTC)  # before Good Friday

    metropolis, moselle = due(thursday), due(thursday, territory=Territory.ALSACE_MOSELLE)
    assert metropolis is not None
    assert metropolis.registration_on == date(2027, 3, 26)
    assert moselle is not None
    assert moselle.registration_on == date(2027, 3, 30)  # nor on Easter Monday


def test_just_before_midnight_is_a_day_of_the_place():
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)  # Thursday there

    assert due(late) == Due(date(2026, 11, 20), date(2026, 11, 26))


def test_a_letter_or_a_visit_has_no_electronic_receipt():
    assert due(datetime(2026, 11, 20, tzinfo=UTC), channel="post") is None


@given(
    st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(list(Territory)),
)
def test_registration_is_the_first_working_day_after(received_at: datetime, territory: Territory):
    found, calendar = due(received_at, territory=territory), WorkingCalendar(territory)

    assert found is not None
    day = received_at.astimezone(PARIS).date()
    assert found.registration_on > day
    assert is_working_day(found.registration_on, calendar)
    between = (found.registration_on - day).days
    assert not any(is_working_day(day + timedelta(days=n), calendar) for n in range(1, between))
