"""Appointments: by code, by secret, of a day, of one's own, waiting for an earlier slot."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from parvis.accounts.models import Agent
from parvis.appointments import rules
from parvis.appointments.models import Agenda, Appointment, CalendarFeed, Offer
from parvis.cases.models import Case
from parvis.common import codes
from parvis.common.access import Actor
from parvis.common.clock import day_bounds
from parvis.contacts.rules import normal_email, normal_phone, plain
from parvis.organisations.models import Site

LIVE = [rules.BOOKED]
FEED_PAST, FEED_AHEAD = timedelta(days=14), timedelta(days=120)


def whole() -> QuerySet[Appointment]:
    """Appointments with all that their pages show."""
    return Appointment.objects.select_related(
        "agenda__site__authority",
        "agenda__service",
        "agenda__agent__entry__service",
        "agenda__agent__entry__authority",
        "topic__service",
        "topic__family",
        "case",
        "ticket",
        "booked_by__entry",
    )


def by_secret(secret: str, now: datetime) -> Appointment | None:
    """The appointment whose page this is; None alike for unknown and for long past."""
    found = whole().filter(
        secret_hash=codes.hash_secret(secret), ends_at__gt=now - rules.PAGE_LIVES
    )
    return found.first()


def by_code(text: str, *, actor: Actor) -> Appointment | None:
    """The appointment of this code, however it was typed, among those of the actor."""
    return by_code_at(text, authority_id=actor.authority_id)


def by_code_at(text: str, *, authority_id: int) -> Appointment | None:
    """The same at one authority, for its kiosks."""
    code = codes.parse_reference(text)
    if code is None:
        return None
    return whole().filter(code=code, authority_id=authority_id).first()


def of_day(agendas: list[int], day: date, zone: ZoneInfo) -> list[Appointment]:
    """Who is expected on a local day, whatever became of it, in the order of the clock."""
    start, end = day_bounds(day, zone)
    return list(_between(agendas, start, end))


def between(agendas: list[int], first: date, last: date, zone: ZoneInfo) -> list[Appointment]:
    """Who is expected from one local day to another, both included."""
    return list(_between(agendas, day_bounds(first, zone)[0], day_bounds(last, zone)[1]))


def of_case(case: Case) -> QuerySet[Appointment]:
    """The appointments made about a case, latest first."""
    return whole().filter(case=case).order_by("-starts_at")


def live_appointments(authority_id: int, topic_id: int, *, email: str, phone: str) -> int:
    """How many are to come for one topic with this e-mail or telephone."""
    who = Q()
    if email:
        who |= Q(email=email)
    if phone:
        who |= Q(phone=phone)
    if not who:
        return 0
    rows = Appointment.objects.filter(who, authority_id=authority_id, topic_id=topic_id)
    return rows.filter(state__in=LIVE).count()


def booked_at(topic_id: int, site: Site, starts_at: datetime) -> list[Appointment]:
    """Who has booked this time for this topic at a place."""
    rows = whole().filter(topic=topic_id, agenda__site=site, starts_at=starts_at, state__in=LIVE)
    return list(rows.order_by("id"))


def is_of(appointment: Appointment, *, name: str, email: str, phone: str) -> bool:
    """Whether an appointment was made with these very details."""
    reached = (appointment.email, appointment.phone) == (normal_email(email), normal_phone(phone))
    return reached and plain(appointment.name) == plain(name)


def waiting_for_earlier(agenda: Agenda, starts_at: datetime) -> QuerySet[Appointment]:
    """Who asked to be told of a slot like this one, the first who booked first.

    One slot at a time is held for somebody: who has one to answer for is not asked again.
    """
    day = starts_at.astimezone(ZoneInfo(agenda.site.timezone)).date()
    rows = Appointment.objects.filter(
        agenda=agenda, state=rules.BOOKED, wants_earlier=True, starts_at__gt=starts_at
    )
    rows = rows.filter(Q(earlier_from=None) | Q(earlier_from__lte=day))
    rows = rows.exclude(offers__agenda=agenda, offers__starts_at=starts_at)
    rows = rows.exclude(offers__state="open")
    return rows.select_related("agenda__site__authority", "topic").order_by("booked_at", "id")


def held_between(agendas: list[int], first: date, last: date, zone: ZoneInfo) -> list[Offer]:
    """The times held for somebody who was offered one, between two local days."""
    start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    rows = Offer.objects.filter(
        state=Offer.State.OPEN, agenda__in=agendas, starts_at__gte=start, starts_at__lt=end
    )
    return list(rows.select_related("appointment").order_by("starts_at", "id"))


def held_for(appointment: Appointment, *, now: datetime) -> Offer | None:
    """The earlier time that is held for somebody at the moment, if there is one."""
    rows = appointment.offers.filter(state=Offer.State.OPEN, expires_at__gt=now)
    return rows.first()


def expected_today(site: Site, *, now: datetime) -> QuerySet[Appointment]:
    """Who is expected at a place today and has neither cancelled nor been received."""
    zone = ZoneInfo(site.timezone)
    start, end = day_bounds(now.astimezone(zone).date(), zone)
    rows = whole().filter(agenda__site=site, starts_at__gte=start, starts_at__lt=end)
    return rows.filter(state__in=[rules.BOOKED, rules.MISSED, rules.ARRIVED]).order_by("starts_at")


def by_name_and_hour(site: Site, name: str, hour: str, *, now: datetime) -> Appointment | None:
    """Who says their name and the hour of their appointment; None unless exactly one fits."""
    wanted = set(plain(name).split())
    digits = "".join(sign for sign in hour if sign.isdigit())
    if not wanted or len(digits) not in {1, 2, 3, 4}:
        return None
    spelt = f"{int(digits[:-2]) if len(digits) > 2 else int(digits):02}" + (
        digits[-2:] if len(digits) > 2 else "00"
    )
    zone = ZoneInfo(site.timezone)
    found = [
        one
        for one in expected_today(site, now=now)
        if f"{one.starts_at.astimezone(zone):%H%M}" == spelt
        and wanted <= set(plain(one.name).split())
    ]
    return found[0] if len(found) == 1 else None


def here_for(agent: Agent, *, now: datetime) -> list[Appointment]:
    """The visitors of a colleague who have arrived and are not received yet."""
    rows = whole().filter(
        agenda__agent=agent, state=rules.ARRIVED, started_at=None, arrived_at__gt=now - _A_DAY
    )
    return list(rows.order_by("starts_at", "id"))


def feed(secret: str) -> CalendarFeed | None:
    """The calendar feed of this key, unless it was ended."""
    rows = CalendarFeed.objects.filter(
        secret_hash=codes.hash_secret(secret), ended_at=None, agent__is_active=True
    )
    return rows.select_related("agenda__site__authority", "agenda__service").first()


def for_feed(agenda: Agenda, *, now: datetime) -> list[Appointment]:
    """What a calendar program reads of an agenda: two weeks back, four months ahead."""
    rows = _between([agenda.pk], now - FEED_PAST, now + FEED_AHEAD)
    return list(rows.exclude(state=rules.CANCELLED))


_A_DAY = timedelta(days=1)


def _between(agendas: list[int], start: datetime, end: datetime) -> QuerySet[Appointment]:
    rows = whole().filter(agenda_id__in=agendas, starts_at__gte=start, starts_at__lt=end)
    return rows.order_by("starts_at", "agenda__name", "id")
