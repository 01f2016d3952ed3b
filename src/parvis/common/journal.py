"""One append-only account of who did what: history pages, evidence and access logs read it."""

from typing import Any

from django.db import models

from parvis.common.access import Actor
from parvis.common.models import JournalEntry

SYSTEM = "system"
PERSON = "person"  # a member of the public, known only by a secret link


def name_of(actor: Actor | str | None) -> str:
    """How the journal writes an actor down."""
    if actor is None:
        return SYSTEM
    return actor if isinstance(actor, str) else f"agent:{actor.pk}"


def record(
    actor: Actor | str | None,
    verb: str,
    subject: models.Model,
    *,
    authority_id: int | None = None,
    **data: Any,
) -> None:
    """Write down, in the action's own transaction, that the actor did this to the subject."""
    if authority_id is None and actor is not None and not isinstance(actor, str):
        authority_id = actor.authority_id
    JournalEntry.objects.create(
        authority_id=authority_id,
        actor=name_of(actor),
        verb=verb,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        data=data,
    )


def of(subject: models.Model) -> models.QuerySet[JournalEntry]:
    """Everything that was done to one object, oldest first."""
    return of_key(type(subject), subject.pk)


def of_key(kind: type[models.Model], pk: int) -> models.QuerySet[JournalEntry]:
    """The same of an object that may be there no more, by its key."""
    return JournalEntry.objects.filter(
        object_type=kind._meta.label_lower, object_id=str(pk)
    ).order_by("id")
