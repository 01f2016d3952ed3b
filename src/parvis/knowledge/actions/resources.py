"""Every change to what sheets point to: resources, redirections, dates."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from parvis.common.text import one_line
from parvis.knowledge import markup
from parvis.knowledge.actions.national import Kept
from parvis.knowledge.dila.draft import ListDraft, Moved, ResourceDraft
from parvis.knowledge.models import Redirection, Resource, Sheet

_TOLD = (
    "kind", "national_type", "title", "html", "address", "facts", "history", "is_available",
    "is_current", "source_url", "source_note", "source_date", "raw", "content_hash",
)  # fmt: skip
BATCH = 500


@transaction.atomic
def keep_resources(drafts: Sequence[ResourceDraft], *, audience: str) -> list[Kept]:
    """Store resources that have files of their own; says for each what became of it."""
    held = _held(audience, [draft.ref for draft in drafts])
    kept = []
    for draft in drafts:
        resource = held.get(draft.ref) or Resource(ref=draft.ref, audience=audience)
        kept.append(_kept(resource, draft))
        held[draft.ref] = resource
    changed = {
        draft.ref: held[draft.ref]
        for draft, what in zip(drafts, kept, strict=True)
        if what in {Kept.NEW, Kept.CHANGED}
    }
    _save(list(changed.values()))
    return kept


def _kept(resource: Resource, draft: ResourceDraft) -> Kept:
    dated = draft.origin.dated
    if dated and resource.source_date and dated < resource.source_date:
        return Kept.OLDER
    digest = _digest(draft)
    if resource.pk and resource.content_hash == digest and resource.is_current:
        return Kept.UNCHANGED
    is_new = resource.pk is None
    _tell(resource, draft, digest)
    return Kept.NEW if is_new else Kept.CHANGED


def _tell(resource: Resource, draft: ResourceDraft, digest: str) -> None:
    resource.kind, resource.national_type = draft.kind, draft.national_type
    resource.title = one_line(markup.printable(draft.title))[:300]
    resource.html = markup.clean(draft.html)
    resource.address = draft.address
    resource.facts, resource.history = draft.facts, list(draft.history)
    resource.is_available, resource.is_current = draft.is_available, True
    resource.source_url, resource.source_note = draft.origin.url, draft.origin.note
    resource.source_date = draft.origin.dated
    resource.raw = markup.printable(draft.origin.raw)
    resource.content_hash = digest


def _digest(draft: ResourceDraft) -> str:
    told: list[Any] = [
        draft.kind, draft.national_type, draft.title, draft.html, draft.address, draft.facts,
        list(draft.history), draft.is_available, draft.origin.url, draft.origin.note,
    ]  # fmt: skip
    canonical = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _held(audience: str, refs: Sequence[str]) -> dict[str, Resource]:
    rows = Resource.objects.filter(authority=None, audience=audience, ref__in=refs)
    return {row.ref: row for row in rows.defer("raw")}


def _save(resources: Sequence[Resource]) -> None:
    known = [one for one in resources if one.pk is not None]
    Resource.objects.bulk_create([one for one in resources if one.pk is None])
    Resource.objects.bulk_update(known, _TOLD, batch_size=100)


@transaction.atomic
def keep_list(listed: ListDraft, *, audience: str) -> Kept:
    """Store what a list names and no file of its own has told yet."""
    drafts = {draft.ref: draft for draft in listed.resources}
    held: dict[str, Resource] = {}
    refs = list(drafts)
    for start in range(0, len(refs), BATCH):
        held |= _held(audience, refs[start : start + BATCH])
    changed = []
    for ref, draft in drafts.items():
        resource = held.get(ref) or Resource(ref=ref, audience=audience)
        if resource.pk and _has_own_file(resource):
            continue
        if _kept(resource, draft) in {Kept.NEW, Kept.CHANGED}:
            changed.append(resource)
    is_new = bool(changed) and not held
    _save(changed)
    return Kept.NEW if is_new else Kept.CHANGED if changed else Kept.UNCHANGED


def _has_own_file(resource: Resource) -> bool:
    return bool(resource.source_note)


@transaction.atomic
def keep_redirections(moves: Sequence[Moved], *, audience: str) -> Kept:
    """Store where old addresses lead; what leads to itself is left out."""
    wanted = {
        move.from_ref: move
        for move in moves
        if move.from_ref and move.from_ref != move.to_ref and (move.to_ref or _web(move.to_url))
    }
    held = {
        row.from_ref: row for row in Redirection.objects.filter(authority=None, audience=audience)
    }
    changed = []
    for ref, move in wanted.items():
        row = held.get(ref) or Redirection(audience=audience, from_ref=ref)
        told = (move.to_ref, _web(move.to_url), move.since)
        if row.pk is None or (row.to_ref, row.to_url, row.since) != told:
            row.to_ref, row.to_url, row.since = told
            changed.append(row)
    known = [row for row in changed if row.pk is not None]
    Redirection.objects.bulk_create([row for row in changed if row.pk is None])
    Redirection.objects.bulk_update(known, ["to_ref", "to_url", "since"], batch_size=200)
    if not changed:
        return Kept.UNCHANGED
    return Kept.CHANGED if known or held else Kept.NEW


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) and len(address) <= 600 else ""


@transaction.atomic
def keep_dates(days: dict[str, date], *, audience: str) -> Kept:
    """Write down when national sheets last changed in what matters."""
    sheets = Sheet.objects.filter(authority=None, audience=audience).exclude(state="draft")
    changed = []
    for sheet in sheets.only("id", "ref", "important_change_on"):
        day = days.get(sheet.ref)
        if day and sheet.important_change_on != day:
            sheet.important_change_on = day
            changed.append(sheet)
    Sheet.objects.bulk_update(changed, ["important_change_on"], batch_size=200)
    return Kept.CHANGED if changed else Kept.UNCHANGED
