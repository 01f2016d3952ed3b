"""What surrounds a visit at the workstation: notes, colleagues, the panel of contacts."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.contacts.forms import EntryForm
from parvis.contacts.models import Channel
from parvis.organisations.models import Site
from parvis.queue import queries as queue

TOPICS_OFFERED = 6
LONGEST = 300
NOTHING_TYPED: dict[str, Any] = {
    "typed": "",
    "note": "",
    "is_open": False,
    "problem": "",
    "candidates": [],
}


def said(request: AgentRequest, hall: Site) -> dict[str, Any]:
    """What the panel of colleagues shows."""
    return {
        "hall": hall,
        "talk": queue.talk_of(hall, request.user, timezone.now()),
        "colleagues": queue.colleagues_here(hall, request.user),
    }


def surroundings(request: AgentRequest, hall: Site) -> dict[str, Any]:
    """All that stands around the visit."""
    return {
        **said(request, hall),
        "notes": queue.notes_of_today(hall, timezone.now()),
        "entry": _entry(request),
    }


def _entry(request: AgentRequest) -> dict[str, Any]:
    """The panel of contacts: empty, or as it was sent, with the topics that may be meant."""
    if "noter" not in request.GET:
        return {**NOTHING_TYPED, "channel": Channel.DESK.value}
    kept = {name: request.GET.get(name, "")[:LONGEST] for name in ("typed", "channel", "note")}
    form = EntryForm({**kept, "minutes": ""}, agent=request.user)
    form.is_valid()
    problem = " ".join(str(line) for line in form.errors.get("typed", []))
    return {
        **kept,
        "is_open": True,
        "problem": problem or _("Choose the topic."),
        "candidates": form.candidates[:TOPICS_OFFERED],
    }
