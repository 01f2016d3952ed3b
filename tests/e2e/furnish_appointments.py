"""Agendas and appointments in every state in which somebody may find them."""

from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.appointments import actions, keys, queries, stamps
from parvis.appointments.models import Agenda, AgendaTopic, Appointment, Offer, Rota
from parvis.organisations.models import Authority, Site, Topic

VISITOR = "Jeanne Tessandier"


def furnish(
    town: Authority, hall: dict[str, Any], username: str, *, now: datetime
) -> dict[str, Any]:
    """A hall that receives by appointment at any hour: what the journeys need of it."""
    site = Site.objects.select_related("authority").get(slug=hall["site"])
    topic = Topic.objects.select_related("service").get(authority=town, slug="acte-naissance")
    agent = Agent.objects.with_rights().get(username=username)
    shared = _agenda(site, topic, now=now, name="Actes", seats=3)
    own = _agenda(
        site, topic, now=now, name=username, agent=agent, is_public=False, is_in_hall=False
    )
    visit = _booked(own, now=now, agent=agent)
    here = _booked(shared, now=now, agent=agent)
    arrival = actions.arrive(here.appointment, now=now, agent=agent)
    cancelled = _booked(shared, now=now, agent=agent)
    actions.cancel(cancelled.appointment, now=now, agent=agent, reason="Panne de réseau")
    waiting = _booked(shared, now=now, agent=agent, email="jeanne@example.org", hours=30)
    offer = Offer.objects.create(
        appointment=waiting.appointment,
        agenda=shared.agenda,
        starts_at=waiting.appointment.starts_at - timedelta(hours=2),
        offered_at=now,
        expires_at=now + timedelta(hours=8),
    )
    return {
        "site": site.slug,
        "topic": topic.slug,
        "code": visit.appointment.code,
        "agent": username,
        "addresses": {
            "web:appointment-offer": reverse(
                "web:appointment-offer", args=[waiting.secret, offer.pk]
            ),
            "appointments:received-late": reverse(
                "appointments:received-late",
                args=[site.slug, arrival.issued.secret if arrival.issued else ""],
            ),
            "appointment-cancelled": reverse("web:appointment", args=[cancelled.secret]),
            "appointment-waiting": reverse("web:appointment", args=[waiting.secret]),
            "appointments-other-place": reverse("appointments:topics")
            + f"?motif={_at_two_places(town, now)}",
        },
    }


def arguments(town: Authority) -> dict[str, dict[str, Any]]:
    """What the addresses of the room are filled with: rows of the demo."""
    agenda = Agenda.objects.filter(authority=town, agent=None, site__slug="mairie").earliest("pk")
    expected = Appointment.objects.filter(agenda=agenda, state="booked").latest("starts_at")
    offered = queries.offerings_of_agenda(agenda)[:1]
    place = {"site": "mairie", "topic": offered[0].topic.slug}
    start = queries.free_days(offered, now=timezone.now(), count=1)[0].slots[0].starts_at
    secret = {"secret": keys.secret_of(expected)}
    code = {"code": expected.code}
    return {
        "appointments:slots": place,
        "appointments:details": {**place, "when": stamps.stamp(start)},
        "appointments:check-in": {"site": "mairie"},
        "appointments:received": {"site": "mairie"},
        "appointments:received-late": {"site": "mairie", "secret": "x"},
        "appointments:appointment": code,
        "appointments:move": code,
        "appointments:slip": code,
        "appointments:edit": {"agenda_id": agenda.pk},
        "appointments:subscription": {"agenda_id": agenda.pk},
        "web:appointment": secret,
        "web:appointment-move": secret,
        "web:appointment-slip": secret,
        "web:appointment-offer": {**secret, "offer_id": 1},
    }


def _at_two_places(town: Authority, now: datetime) -> str:
    """A topic that two places receive for by appointment: people choose."""
    topic = Topic.objects.select_related("service").get(authority=town, slug="livret-famille")
    for slug in ("annexe-nord", "annexe-est"):
        site = Site.objects.select_related("authority").get(slug=slug)
        _agenda(site, topic, now=now, name=f"Livrets, {site.name}")
    return topic.slug


def _agenda(
    site: Site, topic: Topic, *, now: datetime, name: str, seats: int = 1, **values: Any
) -> AgendaTopic:
    agenda = Agenda.objects.create(
        authority=site.authority, site=site, service=topic.service, name=name, **values
    )
    row = AgendaTopic.objects.create(agenda=agenda, topic=topic, minutes=20)
    for weekday in range(7):
        Rota.objects.create(
            agenda=agenda,
            weekday=weekday,
            opens=time(0),
            closes=time(23, 59),
            seats=seats,
            valid_from=now.date() - timedelta(days=1),
        )
    return row


def _booked(
    row: AgendaTopic, *, now: datetime, agent: Agent, hours: int = 0, **reach: str
) -> actions.Booked:
    offered = queries.offering(row.agenda_id, row.topic_id)
    assert offered is not None
    later = now + timedelta(hours=hours)
    free = queries.free_days([offered], now=later, count=1, by_agent=True)[0].slots
    return actions.book(
        offered,
        starts_at=free[0].starts_at,
        guest=actions.Guest(name=VISITOR, **reach),
        now=now,
        made="agent",
        agent=agent,
    )
