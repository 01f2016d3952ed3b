"""Reading what people said back: one's own thanks, the team's count, never a ranking."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.common.access import Actor
from parvis.contacts.models import Contact
from parvis.feedback.models import Response, Thanks, ThanksRecipient
from parvis.organisations.models import Service

SHOWN_AT_MOST = 100
WALL = 20


def thanks_of(agent: Agent, *, year: int | None = None) -> list[ThanksRecipient]:
    """The thanks that reached this agent, latest first: the last ones, or a year of them."""
    rows = ThanksRecipient.objects.filter(agent=agent).select_related("thanks__case__service")
    rows = rows.order_by("-thanks__at", "-pk")
    if year is None:
        return list(rows[:SHOWN_AT_MOST])
    first, next_first = (_first_of(one) for one in (year, year + 1))
    return list(rows.filter(thanks__at__gte=first, thanks__at__lt=next_first))


def unseen_thanks(agent: Agent) -> int:
    """How many of the agent's thanks are new to them."""
    return ThanksRecipient.objects.filter(agent=agent, seen_at=None).count()


@dataclass(frozen=True)
class TeamThanks:
    """What a team received: a count, and the words that may be shown."""

    this_year: int
    last_30_days: int
    words: list[Thanks]


def team_thanks(agent: Agent, *, now: datetime) -> TeamThanks:
    """Thanks that reached colleagues of the agent's team, without saying who earned them."""
    rows = _of_team(agent)
    shown = rows.filter(may_be_shown=True).exclude(words="")
    # Words about a sensitive case stay with its service, whoever else helped.
    shown = shown.filter(
        Q(case__service__is_sensitive=False) | Q(case__service_id=agent.service_id)
    )
    return TeamThanks(
        this_year=rows.filter(at__gte=_new_year(now)).count(),
        last_30_days=rows.filter(at__gte=now - timedelta(days=30)).count(),
        words=list(shown.order_by("-at")[:WALL]),
    )


def _of_team(agent: Agent) -> QuerySet[Thanks]:
    rows = Thanks.objects.visible_to(agent)
    if agent.service_id is None:
        return rows.none()
    reached = ThanksRecipient.objects.filter(service_id=agent.service_id)
    return rows.filter(pk__in=reached.values("thanks_id"))


@dataclass(frozen=True)
class Wall:
    """One team of the house, for its managers: how many thanks reached it this year."""

    service: str
    this_year: int


def teams(actor: Actor, *, now: datetime) -> list[Wall]:
    """Every team of the authority by its name, never by its number: this is no ranking."""
    reached = ThanksRecipient.objects.visible_to(actor).filter(thanks__at__gte=_new_year(now))
    counted = reached.values("service").annotate(n=Count("thanks", distinct=True))
    numbers = {row["service"]: row["n"] for row in counted.order_by("service")}
    services = Service.objects.visible_to(actor).filter(is_active=True)
    walls = [Wall(service.label, numbers.get(service.pk, 0)) for service in services]
    return sorted(walls, key=lambda wall: wall.service.casefold())


def years_thanked(agent: Agent) -> list[int]:
    """The years in which thanks reached this agent, latest first."""
    rows = ThanksRecipient.objects.filter(agent=agent)
    found = rows.datetimes("thanks__at", "year")
    return sorted({timezone.localtime(one).year for one in found}, reverse=True)


def _new_year(now: datetime) -> datetime:
    return _first_of(timezone.localtime(now).year)


def _first_of(year: int) -> datetime:
    return timezone.make_aware(datetime.combine(date(year, 1, 1), time.min))


def response_to(contact: Contact | None) -> Response | None:
    """The answer given about one contact, if any."""
    return Response.objects.filter(contact=contact).first() if contact else None
