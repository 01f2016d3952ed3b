"""Pages of an appointment behind its secret link, and meeting whoever follows a case."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.appointments.models import Offer
from tests.appointments.factories import own_agenda, today_at_any_hour
from tests.appointments.routes import an_appointment, of_secret
from tests.cases.factories import windows
from tests.support.routes import Route


def an_offer() -> dict[str, Any]:
    made = an_appointment()
    now = timezone.now()
    offer = Offer.objects.create(
        appointment=made.appointment,
        agenda=made.appointment.agenda,
        starts_at=made.appointment.starts_at - timedelta(minutes=20),
        offered_at=now,
        expires_at=now + timedelta(hours=1),
    )
    return {"secret": made.secret, "offer_id": offer.pk}


def a_case_with_a_referent_who_may_be_met() -> dict[str, Any]:
    opened = windows(now=timezone.now())
    assert opened.case.referent is not None
    today_at_any_hour()  # a place that declared no hours
    own_agenda(agent=opened.case.referent)
    return {"secret": opened.secret}


ROUTES = [
    Route("web:appointment", "public", ours=of_secret),
    Route("web:appointment-move", "public", {"get": 200, "post": 404}, of_secret),
    Route("web:appointment-cancel", "public", {"get": 405, "post": 302}, of_secret),
    Route("web:appointment-earlier", "public", {"get": 405, "post": 302}, of_secret),
    Route(
        "web:appointment-offer",
        "public",
        {"get": 200, "post": 302},
        an_offer,
        data={"decline": "1"},
    ),
    Route("web:appointment-calendar", "public", ours=of_secret),
    Route("web:appointment-slip", "public", ours=of_secret),
    Route(
        "web:tracking-book",
        "public",
        {"get": 200, "post": 404},
        a_case_with_a_referent_who_may_be_met,
    ),
]
