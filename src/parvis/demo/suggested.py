"""What lay ready at the desks of the last weeks, and what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from parvis.accounts.models import Agent
from parvis.assistant.actions.suggesting import occasion_of
from parvis.assistant.models import Suggestion
from parvis.assistant.queries.suggesting import Suggested, suggest
from parvis.contacts.models import Contact
from parvis.demo.seeds import rng
from parvis.organisations.models import Authority, Topic

DAYS: Final = 40
MOST: Final = 240
# Of a hundred visits for which sheets lay ready: which one was taken, none of them most often.
PLACES: Final = (1,) * 42 + (2,) * 12 + (3,) * 5 + (0,) * 41
DEEDS: Final = ("opened", "given", "used", "used")


def create(town: Authority, *, seed: int, now: datetime) -> int:
    """Visits of the last weeks, drawn by chance, with what was proposed for their topic."""
    chance = rng(seed, "suggested")
    visits = _visits(town, now)
    drawn = chance.sample(visits, min(MOST, len(visits)))
    ready = _ready(town, {one.topic_id for one in drawn}, now)
    rows = [
        _row(one, ready[one.topic_id], chance)
        for one in sorted(drawn, key=lambda one: (one.started_at, one.pk))
        if ready[one.topic_id].proposals
    ]
    return len(Suggestion.objects.bulk_create(rows))


def _visits(town: Authority, now: datetime) -> Sequence[Contact]:
    rows = Contact.objects.standing().filter(
        authority=town, channel="desk", agent__isnull=False, started_at__gt=now - timedelta(DAYS)
    )
    return list(rows.order_by("pk").only("pk", "agent_id", "topic_id", "started_at"))


def _ready(town: Authority, topic_ids: set[int], now: datetime) -> dict[int, Suggested]:
    """What lies ready for each topic, asked once."""
    agents = Agent.objects.at_work().filter(authority=town, grants__role="REC").with_rights()
    agent: Agent = agents.order_by("username")[0]
    topics = Topic.objects.filter(pk__in=topic_ids).select_related("service").order_by("pk")
    return {topic.pk: suggest(agent, topic=topic, now=now) for topic in topics}


def _row(visit: Contact, suggested: Suggested, chance: Random) -> Suggestion:
    place = min(chance.choice(PLACES), len(suggested.proposals))
    deed = chance.choice(DEEDS) if place else ""
    said_no = not place and chance.random() < 0.15
    return Suggestion(
        authority_id=visit.authority_id,
        agent_id=visit.agent_id,
        topic_id=visit.topic_id,
        place=Suggestion.Place.VISIT,
        occasion=occasion_of(f"contact:{visit.pk}"),
        at=visit.started_at,
        proposed=[one.kept for one in suggested.proposals],
        chosen=suggested.proposals[place - 1].sheet if place else None,
        position=place or None,
        deed=deed,
        helpful=True if place else False if said_no else None,
    )
