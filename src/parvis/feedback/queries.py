"""Reading what people said back: one's own thanks, the team's count, never a ranking."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.contacts.models import Contact
from parvis.feedback.models import Response, Thanks, ThanksRecipient

SHOWN_AT_MOST = 100
WALL = 20


def thanks_of(agent: Agent) -> list[ThanksRecipient]:
    """The thanks that reached this agent, latest first: for themselves only."""
    rows = ThanksRecipient.objects.filter(agent=agent).select_related("thanks__case__service")
    return list(rows.order_by("-thanks__at", "-pk")[:SHOWN_AT_MOST])


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
    """Thanks for the cases of the agent's service, without saying who earned them."""
    rows = _of_team(agent)
    return TeamThanks(
        this_year=rows.filter(at__gte=_new_year(now)).count(),
        last_30_days=rows.filter(at__gte=now - timedelta(days=30)).count(),
        words=list(rows.filter(may_be_shown=True).exclude(words="").order_by("-at")[:WALL]),
    )


def _of_team(agent: Agent) -> QuerySet[Thanks]:
    rows = Thanks.objects.visible_to(agent)
    return rows.none() if agent.service_id is None else rows.filter(case__service=agent.service_id)


def _new_year(now: datetime) -> datetime:
    first = date(timezone.localtime(now).year, 1, 1)
    return timezone.make_aware(datetime.combine(first, time.min))


def response_to(contact: Contact | None) -> Response | None:
    """The answer given about one contact, if any."""
    return Response.objects.filter(contact=contact).first() if contact else None
