"""Sheets in every state in which their keepers may find them."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.knowledge import actions
from parvis.knowledge.models import Sheet, SheetDraft
from parvis.knowledge.rules.writing import Writing
from parvis.organisations.models import Authority

EDITOR = "berenice.thibodet"


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Page -> arguments, from what the demo town is writing today."""
    drafts = SheetDraft.objects.filter(sheet__authority=town)
    proposed = drafts.filter(state="proposed").earliest("id")
    versioned = Sheet.objects.filter(authority=town, versions__number=2).order_by("ref")[0]
    sheet = {"ref": versioned.ref}
    return {
        "knowledge:preview": {"pk": proposed.pk},
        "knowledge:read-draft": {"pk": proposed.pk},
        "knowledge:try-draft": {"pk": proposed.pk},
        "knowledge:catch-up": {"pk": _behind(town, now).pk},
        "knowledge:versions": sheet,
        "knowledge:version": {**sheet, "number": 2},
        "knowledge:archive": sheet,
        "knowledge:texts": {"ref": "SO-099"},
        "knowledge:text": {"ref": "SO-021", "which": "simple"},
        "knowledge:text-history": {"ref": "SO-021", "which": "simple"},
    }


def addresses(town: Authority, *, now: datetime) -> dict[str, str]:
    """Pages of one agent alone: the editor, and two texts to choose from."""
    editor = Agent.objects.with_rights().get(username=EDITOR)  # who opens these pages
    sheet = Sheet.objects.get(authority=town, ref="SO-050")
    draft = actions.open_draft(sheet, agent=editor, now=now)
    other = Sheet.objects.get(authority=town, ref="SO-051")
    shared = actions.open_draft(other, agent=_with_role(town, "MGR"), now=now)
    words = Writing(**{**shared.writing, "title": "Carte électorale"})  # type: ignore[typeddict-item]
    aside = actions.save_draft(shared, words, agent=editor, now=now, revision=0).aside
    assert aside is not None
    archived = Sheet.objects.get(authority=town, ref="SO-052")
    actions.archive(archived, agent=editor, now=now, note="Voir la fiche nationale.")
    return {
        "sheet-editor": reverse("knowledge:draft", args=[draft.pk]),
        "two-texts": reverse("knowledge:two-texts", args=[shared.pk, aside.pk]),
        "sheet-archived": "/fiches/SO-052/",
    }


def _behind(town: Authority, now: datetime) -> SheetDraft:
    """A text begun before something else was published."""
    editor, head = _with_role(town, "KBE"), _with_role(town, "MGR")
    sheet = Sheet.objects.get(authority=town, ref="SO-053")
    draft = actions.open_draft(sheet, agent=editor, now=now - timedelta(hours=2))
    urgent = actions.open_draft(sheet, agent=head, now=now, is_urgent=True)
    words = Writing(**{**urgent.writing, "title": "Où voter"})  # type: ignore[typeddict-item]
    saved = actions.save_draft(urgent, words, agent=head, now=now, revision=urgent.revision)
    actions.publish_urgent(
        saved.draft, agent=head, now=now, revision=saved.draft.revision, reason="Bureau fermé"
    )
    return draft


def _with_role(town: Authority, role: str) -> Agent:
    agents = Agent.objects.at_work().filter(authority=town, grants__role=role)
    return agents.with_rights().order_by("username")[0]
