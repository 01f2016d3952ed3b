"""Every change to the places behind the kinds of office that national sheets name."""

from django.db import transaction

from parvis.common import journal
from parvis.common.access import Actor
from parvis.knowledge.models import LocalPlace


@transaction.atomic
def keep_place(place: LocalPlace, *, actor: Actor) -> LocalPlace:
    """Name a place of the authority for a kind of office, or change it."""
    place.authority_id = actor.authority_id
    place.save()
    journal.record(actor, "knowledge.place_kept", place, pivot=place.pivot)
    return place


@transaction.atomic
def remove_place(place: LocalPlace, *, actor: Actor) -> None:
    """Sheets name only the kind of office again."""
    journal.record(actor, "knowledge.place_removed", place, pivot=place.pivot)
    place.delete()
