"""Appointments over HTTP: free slots, booking, moving, cancelling, reading."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Status

from parvis.appointments import actions, keys, queries
from parvis.appointments.models import AgendaTopic, Appointment, Made
from parvis.common import codes
from parvis.common.http import full_address, problem
from parvis.interop.api.auth import ApiRequest, need, number
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_appointments import (
    AppointmentOut,
    Cancellation,
    MoveTo,
    NewAppointment,
    SlotsAsked,
    SlotsOut,
)
from parvis.interop.api.values import Misfit

router = ApiRouter(tags=["appointments"])
MOST_DAYS = 31


@router.get("appointments/slots", response=SlotsOut, summary="Free slots for a topic")
def slots(request: ApiRequest, asked: Query[SlotsAsked]) -> Any:
    need(request, "appointments.read")
    rows = _offered(request, asked.topic, asked.site, asked.agenda)
    first = asked.first or timezone.localdate()
    last = asked.last or date.max
    days = queries.free_days(rows, now=timezone.now(), first=first, count=MOST_DAYS)
    found = [one for day in days if day.day <= last for one in day.slots]
    return {
        "slots": [
            {
                "starts_at": one.starts_at,
                "minutes": one.offering.minutes,
                "free": one.free,
                "agenda": one.offering.agenda_id,
                "topic": one.offering.topic_id,
                "site": one.offering.agenda.site_id,
            }
            for one in found[: asked.limit]
        ]
    }


@router.post("appointments", response={201: AppointmentOut}, summary="Book an appointment")
def book(request: ApiRequest, body: NewAppointment) -> Any:
    need(request, "appointments.book")
    rows = _offered(request, body.topic, body.site, body.agenda)
    now = timezone.now()
    free = [row for row in rows if queries.place_for(row, body.starts_at, now=now) is not None]
    guest = actions.Guest(
        name=body.name,
        email=body.email,
        phone=body.phone,
        language=body.language or "fr",
        note=body.note,
        wants_earlier=body.wants_earlier,
    )
    try:
        booked = actions.book(
            (free or rows)[0], starts_at=body.starts_at, guest=guest, now=now, made=Made.API
        )
    except actions.SlotTaken as taken:
        return _taken(taken)
    return Status(201, _out(booked.appointment))


@router.get("appointments/{reference}", response=AppointmentOut, summary="An appointment")
def appointment(request: ApiRequest, reference: str) -> Any:
    need(request, "appointments.read")
    return _out(_found(request, reference))


@router.post("appointments/{reference}/move", response=AppointmentOut, summary="Another time")
def move(request: ApiRequest, reference: str, body: MoveTo) -> Any:
    need(request, "appointments.book")
    found = _found(request, reference)
    try:
        return _out(actions.move(found, starts_at=body.starts_at, now=timezone.now()))
    except actions.SlotTaken as taken:
        return _taken(taken)


@router.post("appointments/{reference}/cancel", response=AppointmentOut, summary="Call it off")
def cancel(request: ApiRequest, reference: str, body: Cancellation | None = None) -> Any:
    agent = need(request, "appointments.book")
    found = _found(request, reference)
    given = body or Cancellation()
    by_house = given.by == "authority"
    cancelled = actions.cancel(
        found, now=timezone.now(), agent=agent if by_house else None, reason=given.reason
    )
    return _out(cancelled)


@router.post("appointments/{reference}/arrive", response=AppointmentOut, summary="Is here")
def arrive(request: ApiRequest, reference: str) -> Any:
    agent = need(request, "appointments.book")
    found = _found(request, reference)
    return _out(actions.arrive(found, now=timezone.now(), agent=agent).appointment)


@router.post(
    "appointments/{reference}/take-back", response=AppointmentOut, summary="Not here after all"
)
def take_back(request: ApiRequest, reference: str) -> Any:
    """As long as nobody called or received them; they are expected as before."""
    agent = need(request, "appointments.book")
    found = _found(request, reference)
    return _out(actions.take_back_arrival(found, agent=agent, now=timezone.now()))


def _offered(request: ApiRequest, topic: str, site: str, agenda: str) -> list[AgendaTopic]:
    """What is offered for a topic, perhaps at one place or in one agenda; 404 for none."""
    rows = queries.offerings(request.auth.authority_id, public=False)
    rows = rows.filter(topic_id=number(topic))
    # A colleague's own agenda is asked for by its number.
    of_agenda = {"agenda_id": number(agenda)} if agenda else {"agenda__agent": None}
    rows = rows.filter(**of_agenda)
    if site:
        rows = rows.filter(agenda__site_id=number(site))
    found = list(rows)
    if not found:
        raise Http404
    if len({row.agenda.site_id for row in found}) > 1:
        raise Misfit("site", _("Several places receive people for this topic: name one."))
    return found


def _found(request: ApiRequest, reference: str) -> Appointment:
    found = queries.by_code(reference, actor=request.auth)
    if found is None:
        raise Http404
    return found


def _taken(taken: actions.SlotTaken) -> HttpResponse:
    nearest = [_stamp(one) for one in taken.nearest]
    return problem(409, _("Not possible now"), taken.message, code=taken.code, nearest=nearest)


def _stamp(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _out(found: Appointment) -> dict[str, Any]:
    path = keys.page_path(found)
    return {
        "code": codes.format_reference(found.code),
        "state": found.state,
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "agenda": found.agenda_id,
        "topic": found.topic_id,
        "site": found.agenda.site_id,
        "name": found.name,
        "sequence": found.sequence,
        "wants_earlier": found.wants_earlier,
        "arrived_at": found.arrived_at,
        "ended_at": found.ended_at,
        "ticket": found.ticket_id,
        "contact": found.contact_id,
        "page_url": full_address(path) if path else "",
    }
