"""People kept for a desk or a colleague, who is able to receive them, and who is gone."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from parvis.accounts.models import Agent, Skill
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import rules
from parvis.queue.models import DeskSession, HallRules, Leg, Ticket, TicketEvent

_KEEPING = ("issued", "transferred", "held", "came_back")


def hall_rules(site: Site) -> HallRules:
    """What the head of reception decided for a hall, or the defaults."""
    return HallRules.objects.filter(site=site).first() or HallRules(site=site)


def skills_of(agent_ids: Iterable[int]) -> dict[int, set[int]]:
    """The families of topics in which agents are able, by agent."""
    able: dict[int, set[int]] = {}
    known = Skill.objects.filter(agent_id__in=agent_ids, level__gte=rules.ABLE)
    for agent_id, family_id in known.values_list("agent_id", "family_id"):
        able.setdefault(agent_id, set()).add(family_id)
    return able


def is_able(agent: Agent, topic: Topic) -> bool:
    """May this agent receive for the topic, as far as skills go?"""
    if not topic.needs_skill:
        return True
    skills = Skill.objects.filter(agent=agent, family_id=topic.family_id, level__gte=rules.ABLE)
    return skills.exists()


def topics_here(desk: Desk, agent: Agent | None) -> frozenset[int]:
    """The topics of a desk for which the agent may call people there."""
    rows = list(desk.topics.values_list("id", "family_id", "needs_skill"))
    skills: set[int] = set()
    if agent is not None and any(needs_skill for _id, _family, needs_skill in rows):
        skills = skills_of([agent.pk]).get(agent.pk, set())
    return frozenset(
        topic_id
        for topic_id, family_id, needs_skill in rows
        if agent is None or rules.may_call(family_id, needs_skill=needs_skill, skills=skills)
    )


def may_go_on(leg: Leg | None, desk: Desk, agent: Agent) -> bool:
    """Is there another topic, and may the agent receive for it right here?"""
    if leg is None or not desk.topics.filter(pk=leg.topic_id).exists():
        return False
    return is_able(agent, leg.topic)


def gone_lately(site: Site, now: datetime) -> QuerySet[Ticket]:
    """Those who left or missed their call and may still take up their place again."""
    since = now - timedelta(minutes=hall_rules(site).back_minutes)
    today = Ticket.objects.filter(site=site, day__gte=(now - timedelta(days=1)).date())
    gone = today.filter(state__in=[rules.LEFT, rules.NO_SHOW], ended_at__gt=since)
    slips = Leg.objects.filter(ticket=OuterRef("pk"), ended_by=rules.VOIDED)
    return gone.exclude(Exists(slips)).select_related("topic").order_by("-ended_at", "-id")[:8]


def _kept(site: Site, now: datetime) -> QuerySet[Ticket]:
    today = Ticket.objects.filter(site=site, day__gte=(now - timedelta(days=1)).date())
    return today.filter(state__in=[rules.WAITING, rules.HELD]).select_related("topic")


def kept_for_desk(desk: Desk, now: datetime) -> QuerySet[Ticket]:
    """Those whom only this desk calls."""
    return _kept(desk.site, now).filter(reserved_desk=desk)


def kept_for_agent(site: Site, agent: Agent, now: datetime) -> QuerySet[Ticket]:
    """Those whom only this colleague calls."""
    return _kept(site, now).filter(reserved_agent=agent)


def stranded(site: Site, now: datetime) -> list[Ticket]:
    """Those kept for a desk or a colleague that is not there to call them.

    A desk driven by another program has no session: its last act is its sign of life.
    """
    somebody = Q(reserved_desk__isnull=False) | Q(reserved_agent__isnull=False)
    kept = list(_kept(site, now).filter(somebody).select_related("topic", "reserved_desk"))
    if not kept:
        return []
    sessions = list(
        DeskSession.objects.filter(desk__site=site, closed_at=None).select_related("agent")
    )
    since = _kept_since(kept)
    away = timedelta(minutes=hall_rules(site).pause_minutes)
    return [
        ticket
        for ticket in kept
        if not _is_expected(ticket, sessions, since.get(ticket.pk, ticket.issued_at), away, now)
    ]


def _kept_since(kept: list[Ticket]) -> dict[int, datetime]:
    told = TicketEvent.objects.filter(ticket__in=kept, kind__in=_KEEPING)
    last = dict(
        told.order_by().values("ticket_id").annotate(at=Max("at")).values_list("ticket_id", "at")
    )
    return {
        ticket.pk: max(filter(None, [last.get(ticket.pk), ticket.booked_at]))
        for ticket in kept
        if ticket.pk in last or ticket.booked_at
    }


def _is_expected(
    ticket: Ticket,
    sessions: list[DeskSession],
    since: datetime,
    away: timedelta,
    now: datetime,
) -> bool:
    """Does somebody who may call the person sit there, or will soon?"""
    desk = ticket.reserved_desk
    wanted = {"agent_id": ticket.reserved_agent_id}
    if ticket.reserved_agent_id is None:
        wanted = {"desk_id": ticket.reserved_desk_id}
        if desk is not None and not desk.is_active:
            return False
    name, key = next(iter(wanted.items()))
    session = next((one for one in sessions if getattr(one, name) == key), None)
    if session is not None:
        if not is_able(session.agent, ticket.topic):
            return False
        return _is_present(session, away, now)
    signs = TicketEvent.objects.filter(**wanted).order_by("-id").values_list("at", flat=True)
    return rules.is_there(signs.first(), now=now, since=since)


def _is_present(session: DeskSession, away: timedelta, now: datetime) -> bool:
    if session.status == DeskSession.Status.OPEN:
        return True
    if session.status == DeskSession.Status.BACK_OFFICE:
        return False
    return now - (session.status_since or session.opened_at) <= away
