from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from parvis.appointments import actions, calendars, keys, letters, queries
from tests.appointments.factories import MONDAY, TUESDAY_NINE, booked, tuesday

NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)


def entry(**values: Any) -> calendars.Entry:
    return calendars.Entry(
        **{
            "uid": "1@parvis",
            "sequence": 0,
            "starts_at": NINE,
            "ends_at": NINE + timedelta(minutes=20),
            "summary": "Carte d’identité",
            "stamped_at": NINE,
            **values,
        }
    )


def read(text: str) -> Any:
    return next(iter(Calendar.from_ical(text).walk("VEVENT")))


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")))


@given(words, words, st.integers(0, 500))
def test_what_is_written_is_read_back(summary: str, place: str, sequence: int):
    text = calendars.written(
        [entry(summary=summary, place=place, sequence=sequence)], method=calendars.REQUEST
    )

    event = read(text)
    assert str(event["SUMMARY"]) == summary
    assert str(event.get("LOCATION", "")) == place
    assert (event["SEQUENCE"], event["DTSTART"].dt) == (sequence, NINE)


@given(words)
def test_lines_are_folded_at_75_octets_and_end_in_crlf(summary: str):
    text = calendars.written([entry(summary=summary)], method=calendars.REQUEST)

    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)


def test_an_invitation_names_who_invites_and_who_is_invited():
    text = calendars.written(
        [entry(organiser="etat-civil@example.org", guest="jeanne@example.org", guest_name="J. T.")],
        method=calendars.REQUEST,
    )

    event = read(text)
    assert "METHOD:REQUEST\r\n" in text
    assert str(event["ORGANIZER"]) == "mailto:etat-civil@example.org"
    assert str(event["ATTENDEE"]) == "mailto:jeanne@example.org"
    assert event["STATUS"] == "CONFIRMED"


@pytest.mark.django_db
def test_the_same_appointment_keeps_its_name_and_counts_its_changes():
    made = booked()
    told = []
    for change in (
        lambda: made.appointment,
        lambda: actions.move(made.appointment, starts_at=tuesday(11), now=MONDAY),
        lambda: actions.cancel(made.appointment, now=MONDAY),
    ):
        change()
        appointment = queries.whole().get(pk=made.appointment.pk)
        method = calendars.method_for(appointment.state, has_guest=True)
        told.append((method, read(letters.calendar_of(appointment, now=MONDAY, method=method))))

    assert [method for method, _event in told] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {str(event["UID"]) for _method, event in told} == {f"{made.appointment.uid}@parvis"}
    assert [event["SEQUENCE"] for _method, event in told] == [0, 1, 2]
    assert told[2][1]["STATUS"] == "CANCELLED"
    assert told[0][1]["DTSTART"].dt == TUESDAY_NINE


@pytest.mark.django_db
def test_the_link_in_a_mail_is_always_the_same_and_dies_with_the_installations_key(settings):
    made = booked()

    assert keys.secret_of(made.appointment) == made.secret
    assert made.secret in keys.page_path(made.appointment)

    settings.SECRET_KEY = "another"
    assert keys.page_path(made.appointment) == ""
