"""Every change that comes with the national set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from django.db import transaction

from parvis.common.events import emit
from parvis.knowledge.actions.sheets import (
    Wording,
    collection_changed,
    new_version,
    publish_all,
    wording,
)
from parvis.knowledge.dila.draft import Draft
from parvis.knowledge.events import NationalSheetChanged
from parvis.knowledge.models import Sheet


class Kept(StrEnum):
    """What became of one national sheet."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    OLDER = "older"


@dataclass(frozen=True)
class National:
    """A national sheet with its words cleaned: the slow part, done before any lock is held."""

    draft: Draft
    words: Wording

    @classmethod
    def of(cls, draft: Draft) -> Self:
        words = wording(
            draft.title, draft.short_answer, draft.blocks, raw=draft.raw, path=draft.path
        )
        return cls(draft, words)


@transaction.atomic
def keep_national(
    sheets: Sequence[National], *, audience: str, now: datetime, author: str
) -> list[Kept]:
    """Store a batch of national sheets, all or none; says for each what became of it."""
    held = {
        sheet.ref: sheet
        for sheet in Sheet.objects.select_for_update(of=("self",))
        .filter(authority=None, audience=audience, ref__in=[one.draft.ref for one in sheets])
        .select_related("current")
        .defer("current__raw", "current__blocks", "current__text")
    }
    incoming = [_Incoming.of(one, held.get(one.draft.ref), audience) for one in sheets]
    _store([one for one in incoming if one.kept in {Kept.NEW, Kept.CHANGED}], now, author)
    return [one.kept for one in incoming]


@dataclass(frozen=True)
class _Incoming:
    sheet: Sheet
    words: Wording
    kept: Kept
    old_version_id: int | None

    @classmethod
    def of(cls, national: National, sheet: Sheet | None, audience: str) -> Self:
        draft, words = national.draft, national.words
        if sheet is None:
            fresh = Sheet(ref=draft.ref, audience=audience, source=Sheet.Source.NATIONAL)
            _describe(fresh, draft, words)
            return cls(fresh, words, Kept.NEW, None)
        if draft.dated and sheet.source_date and draft.dated < sheet.source_date:
            return cls(sheet, words, Kept.OLDER, sheet.current_id)
        same_words = sheet.current is not None and sheet.current.content_hash == words.digest
        described = _describe(sheet, draft, words)
        kept = Kept.CHANGED if described or not same_words else Kept.UNCHANGED
        return cls(sheet, words, kept, sheet.current_id)


_DESCRIBED = (
    "title", "kind", "breadcrumb", "reviewed_on", "review_due_on", "source_url", "source_note",
    "source_date", "source_file", "download_url", "important_change_on", "state",
)  # fmt: skip


def _describe(sheet: Sheet, draft: Draft, words: Wording) -> bool:
    """Write down what stands beside the words; True when any of it is different."""
    values = (
        words.title, draft.kind, draft.breadcrumb, draft.reviewed_on, draft.review_due_on,
        draft.source_url, draft.source_note, draft.dated, draft.source_file,
        draft.download_url, draft.important_change_on or sheet.important_change_on,
        # A sheet that had been withdrawn and is in an edition again is read again.
        Sheet.State.PUBLISHED,
    )  # fmt: skip
    changed = False
    for name, value in zip(_DESCRIBED, values, strict=True):
        changed |= getattr(sheet, name) != value
        setattr(sheet, name, value)
    return changed


def _store(incoming: Sequence[_Incoming], now: datetime, author: str) -> None:
    if not incoming:
        return
    Sheet.objects.bulk_create(one.sheet for one in incoming if one.kept is Kept.NEW)
    known = [one.sheet for one in incoming if one.kept is Kept.CHANGED]
    Sheet.objects.bulk_update(known, _DESCRIBED)
    reworded = [one for one in incoming if not _says(one.sheet, one.words)]
    versions = [
        new_version(
            one.sheet,
            one.words,
            number=one.sheet.current.number + 1 if one.sheet.current else 1,
            now=now,
            author=author,
        )
        for one in reworded
    ]
    publish_all([one.sheet for one in reworded], versions)
    for one in reworded:
        _announce(one)
    collection_changed()


def _announce(one: _Incoming) -> None:
    sheet = one.sheet
    if one.old_version_id and sheet.current_id:
        emit(
            NationalSheetChanged(
                sheet.pk, sheet.ref, sheet.audience, one.old_version_id, sheet.current_id
            )
        )


def _says(sheet: Sheet, words: Wording) -> bool:
    return sheet.current is not None and sheet.current.content_hash == words.digest
