"""Who somebody is: said at the desk if they wish, never asked for to be received."""

from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.accounts.models import Agent
from parvis.contacts import actions as contacts
from parvis.queue import claims
from parvis.queue.actions.moves import acting_desk_id, check_may, locked, moment, move
from parvis.queue.models import Ticket


@transaction.atomic
def identify(ticket: Ticket, *, agent: Agent, now: datetime, **details: Any) -> Ticket:
    """Note who it is: ``first_name``, ``last_name``, ``phone``, ``email``, ``address``."""
    ticket = locked(ticket)
    check_may(ticket, "identified")
    person, linking = contacts.identify_person(ticket.site.authority, now=now, **details)
    move(
        ticket,
        "identified",
        at=moment(ticket, now),
        agent=agent,
        by_desk=acting_desk_id(ticket, agent),
        data={"linking": linking},
        person_id=person.pk,
    )
    claims.bump_version(ticket.site_id)
    return locked(ticket)
