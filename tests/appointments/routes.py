"""Who gets which answer at the addresses of appointments."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.appointments import actions, keys, stamps
from parvis.appointments.models import Block
from tests.accounts.factories import ines
from tests.appointments.factories import booked, next_slot, today_at_any_hour
from tests.support.routes import Route, only

STAFF = only("REC", "ADV", "REF", "LIA", "MGR")
KEEPERS = only("MGR")


def a_place() -> dict[str, Any]:
    offered = today_at_any_hour()
    return {"site": offered.agenda.site.slug, "topic": offered.topic.slug}


def a_town() -> dict[str, Any]:
    today_at_any_hour()
    return {}


def a_town_by_name() -> dict[str, Any]:
    return {"slug": today_at_any_hour().agenda.authority.slug}


def a_kiosk() -> dict[str, Any]:
    return {"site": a_place()["site"]}


def a_time() -> dict[str, Any]:
    return {**a_place(), "when": stamps.stamp(next_slot(today_at_any_hour()))}


def an_appointment(**values: Any) -> actions.Booked:
    now = timezone.now()
    offered = today_at_any_hour()
    return booked(offered, next_slot(offered, now=now), now=now, **values)


def of_code() -> dict[str, Any]:
    return {"code": an_appointment().appointment.code}


def missing() -> dict[str, Any]:
    return {**of_code(), "act": "plus-tot"}


def an_agenda() -> dict[str, Any]:
    return {"agenda_id": today_at_any_hour().agenda_id}


def a_block() -> dict[str, Any]:
    agenda, now = today_at_any_hour().agenda, timezone.now()
    row = Block.objects.create(
        agenda=agenda, starts_at=now, ends_at=now + timedelta(hours=1), agent=ines(), at=now
    )
    return {"block_id": row.pk}


def a_feed() -> dict[str, Any]:
    made = actions.make_feed(
        today_at_any_hour().agenda, agent=ines(), now=timezone.now(), with_names=False
    )
    return {"secret": made.secret}


def a_late_ticket() -> dict[str, Any]:
    made = an_appointment()
    now = timezone.now()
    arrival = actions.arrive(made.appointment, now=now, agent=ines())
    assert arrival.issued is not None
    return {"site": made.appointment.agenda.site.slug, "secret": arrival.issued.secret}


def of_secret() -> dict[str, Any]:
    return {"secret": keys.secret_of(an_appointment().appointment)}


ROUTES = [
    Route("appointments:topics", "public", ours=a_town),
    Route("appointments:topics-of", "public", ours=a_town_by_name),
    Route("appointments:slots", "public", ours=a_place),
    Route("appointments:details", "public", {"get": 200, "post": 422}, ours=a_time),
    Route("appointments:check-in", "public", {"get": 200, "post": 409}, ours=a_kiosk),
    Route("appointments:received", "public", ours=a_kiosk),
    Route("appointments:received-late", "public", ours=a_late_ticket),
    Route("appointments:feed", "public", ours=a_feed),
    Route("appointments:agenda", STAFF),
    Route("appointments:here", STAFF),
    Route("appointments:book", STAFF),
    Route("appointments:appointment", STAFF, ours=of_code),
    Route("appointments:move", STAFF, {"get": 200, "post": 302}, ours=of_code),
    Route("appointments:slip", STAFF, ours=of_code),
    Route("appointments:act", STAFF, {"post": 302}, ours=missing),
    Route("appointments:agendas", KEEPERS),
    Route("appointments:add", KEEPERS, {"get": 200, "post": 422}),
    Route("appointments:edit", KEEPERS, {"get": 200, "post": 422}, ours=an_agenda),
    Route("appointments:block", KEEPERS, {"post": 302}, ours=an_agenda),
    Route("appointments:unblock", KEEPERS, {"post": 302}, ours=a_block),
    Route("appointments:subscription", KEEPERS, {"get": 200, "post": 200}, ours=an_agenda),
]
