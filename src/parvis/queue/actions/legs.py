"""The legs of a visit: begun, ended, added, given up; as events keep them, so undone exactly."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.organisations.models import Topic
from parvis.queue import claims, rules
from parvis.queue.actions.moves import (
    acting_desk_id,
    check_may,
    check_topic,
    locked,
    moment,
    move,
    plain,
    restored,
)
from parvis.queue.models import Leg, Ticket


class Trail:
    """What one gesture does to the legs of a ticket; ``told`` goes into its event."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.legs = list(ticket.legs.select_related("topic").order_by("position"))
        self.told: list[dict[str, Any]] = []

    @property
    def under_way(self) -> Leg | None:
        """The leg that the person waits for or is received for."""
        return next((leg for leg in self.legs if leg.is_under_way), None)

    @property
    def next(self) -> Leg | None:
        """The first leg still to come."""
        return next((leg for leg in self.legs if leg.is_planned), None)

    def change(self, leg: Leg, **changes: Any) -> None:
        """Write a change of one leg."""
        before = {name: plain(getattr(leg, name)) for name in changes}
        Leg.objects.filter(pk=leg.pk).update(**changes)
        for name, value in changes.items():
            setattr(leg, name, value)
        self.told.append({"leg": leg.pk, "before": before})

    def add(self, topic: Topic, *, since: datetime | None = None) -> Leg:
        """One more leg: planned, or under way since then."""
        position = max((leg.position for leg in self.legs), default=0) + 1
        leg = Leg.objects.create(
            ticket=self.ticket, position=position, topic=topic, waiting_since=since
        )
        self.legs.append(leg)
        self.told.append({"made": leg.pk})
        return leg

    def begin(self, topic: Topic, *, at: datetime) -> None:
        """The leg of this topic is under way: the planned one, if it was planned."""
        leg = next((one for one in self.legs if one.is_planned and one.topic_id == topic.pk), None)
        if leg is None:
            self.add(topic, since=at)
        else:
            self.change(leg, waiting_since=at)

    def complete(self, *, at: datetime, by: str, **how: Any) -> None:
        """End the leg under way, with where and when it was received."""
        leg = self.under_way
        if leg is None:
            return
        ticket = self.ticket
        was_called = ticket.desk_id is not None
        if was_called:
            how |= {"desk_id": ticket.desk_id, "agent_id": ticket.agent_id}
            how |= {"called_at": _called_at(ticket, leg), "started_at": ticket.started_at}
        self.change(leg, ended_at=at, ended_by=by, **how)

    def end_all(self, *, at: datetime, by: str) -> None:
        """The visit ends before its legs."""
        self.complete(at=at, by=by)
        for leg in [leg for leg in self.legs if leg.is_planned]:
            self.change(leg, ended_at=at, ended_by=by)

    def take_up_again(self) -> None:
        """The visit goes on where it was left."""
        over = [leg for leg in self.legs if leg.ended_by in ("left", "no_show")]
        last = max((leg.ended_at for leg in over if leg.ended_at), default=None)
        for leg in [leg for leg in over if leg.ended_at == last]:
            self.change(leg, ended_at=None, ended_by="")


def _called_at(ticket: Ticket, leg: Leg) -> datetime | None:
    if ticket.calls > 1 and leg.position == 1:
        return ticket.called_at
    known = ticket.last_call_at or ticket.called_at
    since = leg.waiting_since
    return max(known, since) if known and since else known


def put_back(told: list[dict[str, Any]]) -> None:
    """Make the legs of an event what they were before it."""
    for change in reversed(told):
        if "made" in change:
            Leg.objects.filter(pk=change["made"]).delete()
        else:
            Leg.objects.filter(pk=change["leg"]).update(**restored(change["before"]))


@transaction.atomic
def add_leg(ticket: Ticket, topic: Topic, *, agent: Agent, now: datetime) -> Leg:
    """One more topic in the same visit: "and also…"."""
    ticket = locked(ticket)
    check_may(ticket, "leg_added")
    check_topic(ticket.site, topic)
    trail = Trail(ticket)
    to_come = [leg for leg in trail.legs if leg.ended_at is None]
    if any(leg.topic_id == topic.pk for leg in to_come):
        raise Refused(
            _("“%(topic)s” is already part of this visit.") % {"topic": topic.label},
            code="known_topic",
        )
    if len(to_come) >= rules.TOPICS_AT_MOST:
        raise Refused(
            _("A visit has at most %(count)s topics.") % {"count": rules.TOPICS_AT_MOST},
            code="too_many",
        )
    leg = trail.add(topic)
    _note(ticket, "leg_added", trail, agent=agent, now=now, topic=topic.pk)
    return leg


@transaction.atomic
def drop_leg(leg: Leg, *, agent: Agent, now: datetime) -> Leg:
    """The person no longer wants to be received for one of the topics still to come."""
    ticket = locked(leg.ticket)
    check_may(ticket, "leg_dropped")
    trail = Trail(ticket)
    found = next((one for one in trail.legs if one.pk == leg.pk and one.is_planned), None)
    if found is None:
        raise Refused(
            _("This topic is no longer to come: there is nothing to drop."), code="wrong_state"
        )
    trail.change(found, ended_at=moment(ticket, now), ended_by="leg_dropped")
    _note(ticket, "leg_dropped", trail, agent=agent, now=now, topic=found.topic_id)
    return found


def _note(
    ticket: Ticket, kind: str, trail: Trail, *, agent: Agent, now: datetime, topic: int
) -> None:
    move(
        ticket,
        kind,
        at=moment(ticket, now),
        agent=agent,
        by_desk=acting_desk_id(ticket, agent),
        data={"topic": topic, "legs": trail.told},
    )
    claims.bump_version(ticket.site_id)
