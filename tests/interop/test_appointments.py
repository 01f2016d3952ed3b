import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.appointments.models import Appointment
from tests.appointments.factories import next_slot, today_at_any_hour
from tests.interop.conftest import Api


@pytest.fixture
def offered(db: None) -> Any:
    return today_at_any_hour(seats=1)


def wish(offered: Any, **more: Any) -> dict[str, Any]:
    return {
        "topic": str(offered.topic_id),
        "starts_at": next_slot(offered).isoformat(),
        "name": "Jeanne Tessandier",
        "email": "jeanne@example.org",
        **more,
    }


def test_free_slots_are_those_that_may_be_booked(api: Api, offered: Any):
    answer = api.get(f"appointments/slots?topic={offered.topic_id}&limit=3")

    slots = answer.json()["slots"]
    assert answer.status_code == 200
    assert len(slots) == 3
    assert slots[0]["agenda"] == str(offered.agenda_id)
    assert (
        api.post("appointments", wish(offered, starts_at=slots[0]["starts_at"])).status_code == 201
    )


def test_the_same_key_books_once(api: Api, offered: Any):
    body = wish(offered)

    first, second = (api.post("appointments", body, key="k1") for _n in range(2))

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert Appointment.objects.count() == 1


def test_a_slot_that_is_taken_answers_409_with_the_closest_free_ones(api: Api, offered: Any):
    body = wish(offered)
    api.post("appointments", body)

    answer = api.post("appointments", {**body, "email": "paul@example.org"})

    problem = json.loads(answer.content)
    assert (answer.status_code, problem["code"]) == (409, "slot_taken")
    assert len(problem["nearest"]) == 3


def test_an_appointment_is_moved_and_cancelled_by_its_code(api: Api, offered: Any):
    made = api.post("appointments", wish(offered)).json()
    later = next_slot(offered, now=timezone.now() + timedelta(hours=20)).isoformat()

    moved = api.post(f"appointments/{made['code']}/move", {"starts_at": later}).json()
    cancelled = api.post(f"appointments/{made['code']}/cancel").json()

    assert (moved["sequence"], moved["state"]) == (1, "booked")
    assert cancelled["state"] == "cancelled"
    assert api.get(f"appointments/{made['code']}").json()["state"] == "cancelled"


def test_an_arrival_is_taken_back_once(api: Api, offered: Any):
    made = api.post("appointments", wish(offered)).json()
    here = api.post(f"appointments/{made['code']}/arrive").json()

    back = api.post(f"appointments/{made['code']}/take-back")
    again = api.post(f"appointments/{made['code']}/take-back")

    assert (here["state"], back.json()["state"]) == ("arrived", "booked")
    assert again.status_code == 409


def test_the_house_gives_its_reason_when_it_cancels(api: Api, offered: Any):
    made = api.post("appointments", wish(offered)).json()

    without = api.post(f"appointments/{made['code']}/cancel", {"by": "authority"})
    answer = api.post(f"appointments/{made['code']}/cancel", {"by": "authority", "reason": "Panne"})

    assert (without.status_code, answer.status_code) == (409, 200)


def test_another_authority_finds_nothing(api: Api, foreign_api: Api, offered: Any):
    made = api.post("appointments", wish(offered)).json()

    assert foreign_api.get(f"appointments/{made['code']}").status_code == 404
    assert foreign_api.get(f"appointments/slots?topic={offered.topic_id}").status_code == 404
    assert foreign_api.post("appointments", wish(offered)).status_code == 404
    assert foreign_api.post(f"appointments/{made['code']}/cancel").status_code == 404


@pytest.mark.parametrize("starts_at", ["2026-11-24T09:00:00", "yesterday", "9999-12-31T23:59:00Z"])
def test_times_that_make_no_sense_are_refused(api: Api, offered: Any, starts_at: str):
    assert api.post("appointments", wish(offered, starts_at=starts_at)).status_code in {409, 422}
