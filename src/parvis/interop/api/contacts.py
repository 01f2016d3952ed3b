"""Contacts over HTTP: one row per exchange on any channel."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Status

from parvis.contacts import actions
from parvis.contacts.models import Contact, Linking, Person
from parvis.interop.api.auth import ApiRequest, fetch, need
from parvis.interop.api.knowledge import sheets_named
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import (
    ContactOut,
    NewContact,
    PersonIn,
)
from parvis.interop.api.values import Misfit
from parvis.organisations.models import Topic

router = ApiRouter(tags=["contacts"])
# Clocks differ a little between machines; a contact of next week is a mistake.
CLOCK_TOLERANCE = timedelta(minutes=5)


@router.post("contacts", response={201: ContactOut}, summary="Log a contact")
def log_contact(request: ApiRequest, body: NewContact) -> Status[Any]:
    agent = need(request, "contacts.log")
    now = timezone.now()
    ended = body.ended_at or now
    started = body.started_at or min(ended, now)
    _refuse_odd_times(started, ended, now)
    person, linking = find_person(request, body.person, now)
    contact = actions.log_contact(
        authority=agent.authority,
        agent=agent,
        topic=fetch(Topic.objects.visible_to(agent), body.topic),
        channel=body.channel,
        outcome=body.outcome,
        started_at=started,
        ended_at=ended,
        now=now,
        person=person,
        linking=linking,
        avoidable_cause=body.avoidable_cause or "",
        sheets=sheets_named(agent, body.sheets),
        note=body.note,
    )
    return Status(201, contact_out(contact))


def find_person(
    request: ApiRequest, given: str | PersonIn | None, now: Any
) -> tuple[Person | None, str]:
    """The person meant by an id, or by what they told about themselves."""
    agent = request.auth
    if given is None:
        return None, Linking.NONE
    if isinstance(given, PersonIn):
        if not any(given.dict().values()):
            return None, Linking.NONE
        return actions.identify_person(agent.authority, now=now, **given.dict())
    return fetch(Person.objects.visible_to(agent), given), Linking.MANUAL


def contact_out(contact: Contact) -> dict[str, Any]:
    """A contact as the contract writes it."""
    used = contact.sheets_used.select_related("version__sheet")
    return {
        "id": contact.id,
        "channel": contact.channel,
        "topic": contact.topic_id,
        "outcome": contact.outcome,
        "person": contact.person_id,
        "linking": contact.linking,
        "started_at": contact.started_at,
        "ended_at": contact.ended_at,
        "recorded_at": contact.recorded_at,
        "avoidable_cause": contact.avoidable_cause or None,
        "sheets": [row.version.sheet.ref for row in used],
    }


def _refuse_odd_times(started: Any, ended: Any, now: Any) -> None:
    if ended < started:
        raise Misfit("ended_at", _("The contact cannot end before it began."))
    if ended > now + CLOCK_TOLERANCE:
        raise Misfit("ended_at", _("The contact cannot end in the future."))
