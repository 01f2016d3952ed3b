"""Reading complaints and incidents: what is owed first, and what the person is told."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.common.access import Actor
from parvis.feedback.models import Complaint, Incident
from parvis.organisations import queries as organisations

SHOWN_AT_MOST = 200


def complaints(actor: Actor, *, answered: bool) -> QuerySet[Complaint]:
    """The complaints that the actor may read: owed first by their day, or answered last first."""
    rows = Complaint.objects.visible_to(actor).select_related(
        "service", "case__person", "case__referent", "owner__entry", "recorded_by__entry"
    )
    state = Complaint.State.ANSWERED
    if answered:
        return rows.filter(state=state).order_by("-answered_at", "-id")[:SHOWN_AT_MOST]
    return rows.exclude(state=state).order_by("due_on", "id")[:SHOWN_AT_MOST]


def incidents(actor: Actor) -> QuerySet[Incident]:
    """What colleagues went through, what is open first."""
    rows = Incident.objects.visible_to(actor).select_related(
        "case", "owner__entry", "reported_by__entry"
    )
    return rows.order_by("settled_at", "due_on", "id")[:SHOWN_AT_MOST]


def about_case(case: Case, actor: Actor) -> list[Complaint]:
    """The complaints about a case that the actor may read."""
    if not actor.may("complaints.read"):
        return []
    return list(Complaint.objects.visible_to(actor).filter(case=case).order_by("id"))


@dataclass(frozen=True)
class Told:
    """A complaint as the person reads it on their page."""

    received_at: datetime
    words: str
    state: str
    owner: str  # as the name policy lets them be read; empty while nobody has it
    due_on: date
    answer: str
    answered_at: datetime | None


def for_person(case: Case, on: date) -> list[Told]:
    """What became of the complaints about this case."""
    rows = Complaint.objects.filter(case=case).select_related(
        "owner__entry__service", "owner__entry__authority", "service"
    )
    return [
        Told(
            received_at=row.received_at,
            words=row.words,
            state=row.state,
            owner=_shown(row.owner, on),
            due_on=row.due_on,
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in rows.order_by("id")
    ]


def _shown(agent: Agent | None, on: date) -> str:
    if agent is None or agent.entry is None:
        return ""
    shown = organisations.shown_name(agent.entry, on)
    return shown.name or shown.service
