"""Every change to the sheets that are written here, and the words of all."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.knowledge import markup, queries, rules
from parvis.knowledge.events import SheetVersionPublished
from parvis.knowledge.models import CollectionVersion, Sheet, SheetVersion
from parvis.knowledge.rules import Block, Path
from parvis.organisations.models import Authority, Service, Topic


@dataclass(frozen=True)
class NewSheet:
    """A local sheet to be created, with its first words."""

    ref: str
    title: str
    short_answer: str
    blocks: Sequence[Block]
    service: Service | None = None
    topics: Sequence[Topic] = ()
    keywords: Sequence[str] = ()
    asked: Sequence[str] = ()  # how people ask for it
    breadcrumb: str = ""
    kind: str = ""
    is_public: bool = True
    nature: str = Sheet.Nature.SHEET
    reviewed_on: date | None = None
    review_due_on: date | None = None
    language: str = "fr"
    author: str = ""


@dataclass(frozen=True)
class Wording:
    """Cleaned words of a sheet, ready to be kept."""

    title: str
    short_answer: str
    blocks: list[Block]
    language: str = "fr"
    raw: str = ""
    path: Path = field(default_factory=Path)
    text: str = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        digest = rules.content_hash(
            title=self.title,
            short_answer=self.short_answer,
            blocks=self.blocks,
            language=self.language,
            path=self.path,
        )
        object.__setattr__(self, "digest", digest)
        object.__setattr__(self, "text", queries.public_words(self.short_answer, self.blocks))


def wording(
    title: str,
    short_answer: str,
    blocks: Iterable[Block],
    *,
    language: str = "fr",
    raw: str = "",
    path: Path | None = None,
) -> Wording:
    """Clean what somebody wrote or sent: the only way into a version."""
    cleaned: list[Block] = []
    for block in blocks:
        level = block["level"] if block["level"] in rules.LEVELS else rules.INTERNAL
        safe = Block(
            kind=block["kind"],
            title=markup.printable(block["title"]).strip(),
            level=level,
            html=markup.clean(block["html"]),
        )
        if block.get("until"):
            safe["until"] = block["until"]
        if block["kind"] == rules.STEP:
            safe |= {  # type: ignore[typeddict-item]
                part: one_line(str(block.get(part, "")))[:120] for part in rules.STEP_PARTS
            }
        cleaned.append(safe)
    title = one_line(markup.printable(title))
    return Wording(
        title=title if len(title) <= 300 else f"{title[:299].rsplit(' ', 1)[0]}…",
        short_answer=markup.printable(short_answer).strip(),
        blocks=cleaned,
        language=language,
        raw=markup.printable(raw),
        path=path or Path(),
    )


@transaction.atomic
def publish_version(  # the words and who stands behind them
    sheet: Sheet,
    *,
    now: datetime,
    author: str,
    title: str,
    short_answer: str,
    blocks: Sequence[Block],
    language: str = "fr",
    raw: str = "",
    actor: Actor | None = None,
) -> SheetVersion:
    """Make these words what everybody reads; the same words again change nothing."""
    held = Sheet.objects.select_for_update().get(pk=sheet.pk)
    words = wording(title, short_answer, blocks, language=language, raw=raw)
    version, is_new = _follow(held, words, now=now, author=author)
    if is_new:
        journal.record(
            actor,
            "knowledge.version_published",
            held,
            authority_id=held.authority_id,
            number=version.number,
        )
        collection_changed()
    sheet.title, sheet.current = held.title, version
    return version


@transaction.atomic
def create_local_sheet(
    authority: Authority, new: NewSheet, *, now: datetime, author: str, actor: Actor | None = None
) -> Sheet:
    """Write a sheet of the authority's own, with its first version."""
    return create_local_sheets(authority, [new], now=now, author=author, actor=actor)[0]


@transaction.atomic
def create_local_sheets(
    authority: Authority,
    entries: Sequence[NewSheet],
    *,
    now: datetime,
    author: str,
    actor: Actor | None = None,
) -> list[Sheet]:
    """Write many sheets at once, as an import or the demo town does."""
    worded = [wording(e.title, e.short_answer, e.blocks, language=e.language) for e in entries]
    sheets = Sheet.objects.bulk_create(
        _local_row(authority, new, words) for new, words in zip(entries, worded, strict=True)
    )
    versions = [
        new_version(sheet, words, number=1, now=now, author=new.author or author)
        for sheet, words, new in zip(sheets, worded, entries, strict=True)
    ]
    publish_all(sheets, versions)
    through = Sheet.topics.through
    through.objects.bulk_create(
        through(sheet_id=sheet.pk, topic_id=topic.pk)
        for sheet, new in zip(sheets, entries, strict=True)
        for topic in new.topics
    )
    for sheet in sheets:
        journal.record(actor, "knowledge.sheet_created", sheet, authority_id=authority.pk)
    collection_changed()
    return sheets


def _local_row(authority: Authority, new: NewSheet, words: Wording) -> Sheet:
    return Sheet(
        authority=authority,
        ref=new.ref,
        source=Sheet.Source.LOCAL,
        title=words.title,
        kind=new.kind,
        service=new.service,
        keywords=", ".join(new.keywords),
        asked=rules.writing.asked_lines(markup.printable("\n".join(new.asked))),
        breadcrumb=new.breadcrumb,
        is_public=new.is_public,
        nature=new.nature,
        reviewed_on=new.reviewed_on,
        review_due_on=new.review_due_on,
    )


def new_version(
    sheet: Sheet, words: Wording, *, number: int, now: datetime, author: str
) -> SheetVersion:
    """These words as a version that is not kept yet."""
    return SheetVersion(
        sheet=sheet,
        number=number,
        title=words.title,
        short_answer=words.short_answer,
        blocks=words.blocks,
        text=words.text,
        raw=words.raw,
        path=words.path,
        content_hash=words.digest,
        language=words.language,
        published_at=now,
        author=author,
    )


def _follow(
    sheet: Sheet, words: Wording, *, now: datetime, author: str
) -> tuple[SheetVersion, bool]:
    """The version that holds these words, and whether it had to be made."""
    last = sheet.current
    if last is not None and last.content_hash == words.digest:
        return last, False
    number = (sheet.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    version = new_version(sheet, words, number=number, now=now, author=author)
    version.save()
    sheet.title, sheet.current = words.title, version
    sheet.save(update_fields=["title", "current"])
    emit(SheetVersionPublished(sheet.pk, version.pk, sheet.ref, sheet.authority_id, number))
    return version, True


def publish_all(sheets: Sequence[Sheet], versions: Sequence[SheetVersion]) -> None:
    """Keep new versions of many sheets: three statements, then the news of each."""
    SheetVersion.objects.bulk_create(versions)
    for sheet, version in zip(sheets, versions, strict=True):
        sheet.current = version
    Sheet.objects.bulk_update(sheets, ["current"])
    for sheet, version in zip(sheets, versions, strict=True):
        emit(
            SheetVersionPublished(
                sheet.pk, version.pk, sheet.ref, sheet.authority_id, version.number
            )
        )


def collection_changed() -> None:
    """Tell every node, in this transaction, that its search index is old."""
    # The step is random so that another database (a reset, a restored copy) never shows the
    # number of an index that was built from the one before.
    step = 1 + secrets.randbelow(1 << 20)
    changed = CollectionVersion.objects.filter(id=1).update(number=F("number") + step)
    if not changed:
        CollectionVersion.objects.get_or_create(id=1, defaults={"number": step})
