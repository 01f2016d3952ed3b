"""What choosing a place means for the hall: the desk opens, the one before closes."""

from datetime import datetime
from functools import partial

from django.db import transaction

from parvis.accounts.models import Agent
from parvis.organisations.models import Desk, Site
from parvis.queue import actions as hall
from parvis.queue import claims
from parvis.queue import queries as queue
from parvis.queue.models import DeskSession


@transaction.atomic
def take_place(agent_id: int, desk_id: int | None, *, now: datetime) -> None:
    """Receive at the chosen desk from now on; without a desk, nowhere."""
    agent = Agent.objects.with_rights().get(pk=agent_id)
    mine = queue.session_of(agent)
    if desk_id is None:
        if mine is not None:
            hall.stand_up(mine, agent=agent, now=now)
        return
    if not agent.may("queue.work"):
        return
    desk = Desk.objects.select_related("site__authority").get(pk=desk_id)
    other = queue.session_at(desk)
    if other is not None and other.agent_id != agent.pk:
        _vacate(other, agent=agent, now=now)
    hall.sit_down(desk, agent=agent, now=now)


@transaction.atomic
def leave_place(agent_id: int, *, now: datetime) -> None:
    """Close the desk of somebody who goes; whoever sat there is kept on hold for a colleague."""
    agent = Agent.objects.with_rights().get(pk=agent_id)
    session = queue.session_of(agent)
    if session is not None:
        _vacate(session, agent=agent, now=now)


def _vacate(session: DeskSession, *, agent: Agent, now: datetime) -> None:
    visitor = queue.present_ticket(session.desk_id)
    if visitor is not None:
        hall.hold(visitor, agent=agent, now=now, wish="anyone")
    hall.stand_up(session, agent=agent, now=now)


def wake_halls(authority_id: int) -> None:
    """Have every desk of an authority look again, wherever the colleague who asked sits now.

    After the commit: the row of a hall is locked as briefly as possible, and never two of them. A
    process that dies in between costs a minute at most, after which every page looks by itself.
    """
    transaction.on_commit(partial(_wake_halls, authority_id), robust=True)


def _wake_halls(authority_id: int) -> None:
    halls = Site.objects.filter(authority_id=authority_id, is_active=True).order_by("pk")
    for site_id in list(halls.values_list("pk", flat=True)):
        claims.bump_version(site_id)
