"""Tickets told by their events, as the hall writes them, and contacts with their answers."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from parvis.common.clock import local_day
from parvis.contacts.models import Contact
from parvis.feedback.models import Response
from parvis.organisations.models import Site, Topic
from parvis.quality import models
from parvis.queue.models import Ticket, TicketEvent
from tests.contacts.factories import ContactFactory
from tests.organisations.factories import AuthorityFactory, SiteFactory, TopicFactory

PARIS = ZoneInfo("Europe/Paris")
_numbers = count(1)

STATES = {"finished": "done", "no_show": "no_show", "left": "left", "forgotten": "left"}
Step = tuple[Any, ...]  # kind, minute, and data of the event when it has any


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = models.Goal

    authority = factory.SubFactory(AuthorityFactory)
    code = "WAIT-TARGET"
    value = 0.85
    since = datetime(2026, 1, 1, tzinfo=UTC).date()


def at(day: int, hour: int = 10, minute: float = 0, month: int = 3) -> datetime:
    """An instant by the clocks of Sainte-Orvanne in 2026."""
    return datetime(2026, month, day, hour, tzinfo=PARIS) + timedelta(minutes=minute)


def told_ticket(
    steps: Iterable[Step],
    *,
    joined: datetime,
    site: Site | None = None,
    topic: Topic | None = None,
) -> Ticket:
    """A ticket with its events: issued when joined, then each step so many minutes later."""
    site = site or SiteFactory.create()
    topic = topic or TopicFactory.create(authority=site.authority)
    number = next(_numbers)
    steps = [("issued", 0), *steps]
    moments = [joined.astimezone(UTC) + timedelta(minutes=step[1]) for step in steps]
    ended = moments[-1] if steps[-1][0] in STATES else None
    ticket = Ticket.objects.create(
        site=site,
        topic=topic,
        day=local_day(joined, ZoneInfo(site.timezone)),
        series="E",
        number=number,
        source="kiosk",
        secret_hash=f"{number:064}",
        issued_at=moments[0],
        rank_at=moments[0],
        state=STATES.get(steps[-1][0], "waiting"),
        ended_at=ended,
        transfers=sum(step[0] == "transferred" for step in steps),
    )
    last = None
    for step, moment in zip(steps, moments, strict=True):
        data = dict(step[2]) if len(step) > 2 else {}
        if step[0] == "undone":
            data = {"of": last.pk if last else 0}
        last = TicketEvent.objects.create(ticket=ticket, at=moment, kind=step[0], data=data)
    return ticket


def served(joined: datetime, wait: float, **kwargs: Any) -> Ticket:
    """Called, received at once and finished eight minutes later."""
    return told_ticket(
        [("called", wait), ("started", wait), ("finished", wait + 8)], joined=joined, **kwargs
    )


def answered(contact: Contact, score: int | None, solved: bool | None = None) -> Response:
    return Response.objects.create(
        authority=contact.authority,
        contact=contact,
        at=contact.ended_at,
        via="ticket",
        satisfaction=score,
        solved=solved,
    )


def exchange(started: datetime, **kwargs: Any) -> Contact:
    """A contact of a few minutes, solved at the desk unless said otherwise."""
    return ContactFactory.create(
        started_at=started, ended_at=started + timedelta(minutes=6), **kwargs
    )
