"""A sheet as a record: everything that its house knows of it, or what its public may read."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from parvis.accounts.models import Agent
from parvis.knowledge import rules
from parvis.knowledge.models import (
    Attachment,
    Citation,
    Sheet,
    SheetDraft,
    SheetText,
    SheetVersion,
)
from parvis.knowledge.rules import Block, writing
from parvis.organisations.models import Authority, Service, Topic

FORMAT = "parvis-sheets"
VERSION = 1
Record = dict[str, Any]
_AT_ONCE = 100
_SIGNED = ("based_on", "author", "reviewer", "saved_by")


@dataclass(frozen=True)
class Names:
    """What drafts name by number, by the names that people use."""

    services: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    colleagues: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, authority: Authority) -> "Names":
        """Those of one house."""
        return cls(
            dict(Service.objects.filter(authority=authority).values_list("pk", "slug")),
            dict(Topic.objects.filter(authority=authority).values_list("pk", "slug")),
            dict(Agent.objects.filter(authority=authority).values_list("pk", "username")),
        )

    def said(self, about: dict[str, Any]) -> Record:
        """What stands beside the words of a draft."""
        return {
            **about,
            "service": self.services.get(about.get("service") or 0),
            "keeper": self.colleagues.get(about.get("keeper") or 0),
            "topics": sorted(
                self.topics[pk] for pk in about.get("topics", ()) if pk in self.topics
            ),
        }


class Scope(StrEnum):
    """How much of the sheets goes out."""

    PUBLIC = "public"  # what everybody may read today
    CURRENT = "current"  # every level, the words of today
    WHOLE = "whole"  # every level, every version


def header(scope: Scope, authority: Authority | None = None) -> Record:
    """The first line: what this is and whose; no time, so that the same is the same."""
    about: Record = {"format": FORMAT, "version": VERSION, "scope": scope.value}
    return about | ({"house": authority.slug} if authority else {})


def sheets_of(
    authority: Authority, scope: Scope, refs: Collection[str] | None = None
) -> QuerySet[Sheet]:
    """The sheets of an authority that this scope lets out, with all that a record needs of them."""
    rows = Sheet.objects.filter(authority=authority)
    drafts = SheetDraft.objects.filter(state__in=sorted(writing.OPEN))
    if scope is Scope.WHOLE:  # what nobody has read yet is on its way in a draft
        rows = rows.filter(Q(current__isnull=False) | Q(pk__in=drafts.values("sheet")))
    else:
        rows, drafts = rows.filter(current__isnull=False), drafts.none()
    if scope is Scope.PUBLIC:
        rows = rows.filter(is_public=True, state=Sheet.State.PUBLISHED)
    if refs is not None:
        rows = rows.filter(ref__in=refs)
    versions = SheetVersion.objects.select_related("written_by", "reviewed_by").order_by("number")
    citations = Citation.objects.filter(article__text__authority=authority)
    return (
        rows.select_related("current", "service", "keeper", "moved_to")
        .prefetch_related(
            "topics",
            Prefetch("versions", versions),
            Prefetch("texts", SheetText.objects.select_related("based_on", "author")),
            Prefetch("attachments", Attachment.objects.select_related("agent").order_by("id")),
            Prefetch("drafts", drafts.select_related(*_SIGNED).order_by("id")),
            Prefetch("citations", citations.select_related("article__text", "version")),
        )
        .order_by("ref", "id")
    )


def records(
    authority: Authority, scope: Scope, *, today: date, refs: Collection[str] | None = None
) -> Iterator[Record]:
    """One record per sheet, by reference; the same sheets give the same records."""
    names = Names.of(authority) if scope is Scope.WHOLE else Names()
    for sheet in sheets_of(authority, scope, refs).iterator(chunk_size=_AT_ONCE):
        yield record(sheet, scope, today, names)


def record(sheet: Sheet, scope: Scope, today: date, names: Names) -> Record:
    """All of one sheet that this scope lets out."""
    if scope is Scope.PUBLIC:
        return _public(sheet, today)
    drafts = {"drafts": [_draft(one, names) for one in sheet.drafts.all()]}
    versions = [v for v in sheet.versions.all() if scope is Scope.WHOLE or v == sheet.current]
    known = {version.pk for version in versions}
    return {
        **_about(sheet),
        "keywords": sheet.keywords,
        "asked": sheet.asked,
        "keeper": sheet.keeper.username if sheet.keeper else None,
        "urgent_check_by": _iso(sheet.urgent_check_by),
        "state": sheet.state,
        "is_public": sheet.is_public,
        "moved_to": sheet.moved_to.ref if sheet.moved_to else None,
        "archived_on": _iso(sheet.archived_on),
        "archive_note": sheet.archive_note,
        "current": sheet.current.number if sheet.current else None,
        "versions": [_version(version) for version in versions],
        "texts": [
            _text(text)
            for text in sorted(sheet.texts.all(), key=lambda one: (one.kind, one.language))
            if text.based_on_id in known
        ],
        "attachments": [_file(one) for one in sheet.attachments.all()],
        "citations": [_citation(one) for one in sorted(sheet.citations.all(), key=_article)],
        **(drafts if scope is Scope.WHOLE else {}),
    }


def _draft(draft: SheetDraft, names: Names) -> Record:
    """A text on its way, with its writers by name."""
    return {
        "title": draft.title,
        "short_answer": draft.short_answer,
        "blocks": draft.blocks,
        "about": names.said(draft.about),
        "state": draft.state,
        "is_urgent": draft.is_urgent,
        "reason": draft.reason,
        "returned_words": draft.returned_words,
        "based_on": draft.based_on.number if draft.based_on else None,
        "author": draft.author.username,
        "reviewer": draft.reviewer.username if draft.reviewer else None,
        "saved_by": draft.saved_by.username,
        "revision": draft.revision,
        "started_at": draft.started_at.isoformat(),
        "saved_at": draft.saved_at.isoformat(),
        "proposed_at": _iso(draft.proposed_at),
    }


def _about(sheet: Sheet) -> Record:
    return {
        "ref": sheet.ref,
        "nature": sheet.nature,
        "audience": sheet.audience,
        "kind": sheet.kind,
        "breadcrumb": sheet.breadcrumb,
        "service": sheet.service.slug if sheet.service else None,
        "topics": sorted(topic.slug for topic in sheet.topics.all()),
        "reviewed_on": _iso(sheet.reviewed_on),
        "review_due_on": _iso(sheet.review_due_on),
        "review_every_days": sheet.review_every_days,
        "source_url": sheet.source_url,
        "source_note": sheet.source_note,
        "source_date": _iso(sheet.source_date),
    }


def _public(sheet: Sheet, today: date) -> Record:
    """What the page of the sheet says, and nothing about who wrote it."""
    version = sheet.current
    assert version is not None  # noqa: S101 - only what is read goes out
    words = {
        "number": version.number,
        "title": version.title,
        "short_answer": version.short_answer,
        "blocks": _public_blocks(version.blocks, today),
        "language": version.language,
        "published_at": version.published_at.isoformat(),
    }
    texts = [_text(text) for text in sheet.texts.all() if text.is_shown]
    files = [
        {**_file(one), "level": rules.PUBLIC, "until": None}
        for one in sheet.attachments.all()
        if one.removed_at is None and rules.is_public(_as_block(one), today)
    ]
    for one in [*texts, *files]:
        one.pop("author", None)
        one.pop("agent", None)
    for text in texts:
        text["blocks"] = _public_blocks(text["blocks"], today)
        text["based_on"] = version.number
    texts.sort(key=lambda one: (one["kind"], one["language"]))
    return {
        **_about(sheet),
        "current": version.number,
        "versions": [words],
        "texts": texts,
        "attachments": files,
    }


def _as_block(attachment: Attachment) -> Block:
    """A file has the levels of a block."""
    block = Block(kind="", title="", level=attachment.level, html="")
    if attachment.until:
        block["until"] = attachment.until.isoformat()
    return block


def _public_blocks(blocks: list[Block], today: date) -> list[Block]:
    """The public blocks as plainly public: the day of an embargo that has passed stays inside."""
    shown = [block.copy() for block in blocks if rules.is_public(block, today)]
    for block in shown:
        block["level"] = rules.PUBLIC
        block.pop("until", None)
    return shown


def _version(version: SheetVersion) -> Record:
    return {
        "number": version.number,
        "title": version.title,
        "short_answer": version.short_answer,
        "blocks": version.blocks,
        "path": version.path,
        "language": version.language,
        "published_at": version.published_at.isoformat(),
        "author": version.author,
        "reviewer": version.reviewer,
        "written_by": version.written_by.username if version.written_by else None,
        "reviewed_by": version.reviewed_by.username if version.reviewed_by else None,
        "reason": version.reason,
        "is_urgent": version.is_urgent,
        "raw": version.raw,
    }


def _text(text: SheetText) -> Record:
    return {
        "kind": text.kind,
        "language": text.language,
        "title": text.title,
        "short_answer": text.short_answer,
        "blocks": text.blocks,
        "based_on": text.based_on.number,
        "is_shown": text.is_shown,
        "panel": text.panel,
        "signed_on": _iso(text.signed_on),
        "author": text.author.username,
        "saved_at": text.saved_at.isoformat(),
    }


def _file(one: Attachment) -> Record:
    return {
        "title": one.title,
        "name": one.name,
        "sha256": one.digest,
        "level": one.level,
        "until": _iso(one.until),
        "agent": one.agent.username,
        "at": one.at.isoformat(),
        "removed_at": one.removed_at.isoformat() if one.removed_at else None,
    }


def _citation(one: Citation) -> Record:
    return {
        "text": one.article.text.short_name,
        "article": one.article.number,
        "wording": one.version.number,
        "words": one.words,
    }


def _article(one: Citation) -> tuple[str, str]:
    return one.article.text.short_name, one.article.number


def _iso(day: date | datetime | None) -> str | None:
    return day.isoformat() if day else None
