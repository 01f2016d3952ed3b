"""What the search index takes from the database."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from parvis.knowledge import markup, rules
from parvis.knowledge.models import Adoption, CollectionVersion, Membership, Overlay, Share, Sheet
from parvis.knowledge.queries.overlays import as_read, laid_on
from parvis.knowledge.rules import Block

EVERYBODY = 0  # a national sheet is read by every authority
NO_DAY = date.min  # an embargo never opens in the index: it would have to be built every morning
_AT_ONCE = 200


@dataclass(frozen=True)
class IndexRow:
    """One sheet as the search index takes it."""

    sheet_id: int
    ref: str
    readers: frozenset[int]  # the authorities that read it in these words
    without: frozenset[int]  # those that everybody counts among them and that read it otherwise
    is_public: bool
    is_national: bool
    kind: str
    service_id: int
    title: str
    headline: str
    keywords: str
    asked: str  # how people ask for it, as its editors wrote it
    body: str
    inside: str


def collection_number() -> int:
    """Grows with every published change of any sheet."""
    number = CollectionVersion.objects.values_list("number", flat=True).first()
    return number or 0


def _published() -> QuerySet[Sheet]:
    return Sheet.objects.filter(state=Sheet.State.PUBLISHED, current__isnull=False)


def readers(sheet_ids: Collection[int] | None = None) -> dict[int, frozenset[int]]:
    """The authorities that read sheets of others, by sheet: of these sheets, or of all."""
    rows = Adoption.objects.filter(
        state=Adoption.State.ADOPTED,
        sheet__shares__in=Share.objects.active(),
        sheet__shares__group__memberships__in=Membership.objects.active(),
        sheet__shares__group__memberships__authority=F("authority"),
    )
    if sheet_ids is not None:
        rows = rows.filter(sheet_id__in=sheet_ids)
    found: dict[int, set[int]] = defaultdict(set)
    for sheet_id, authority_id in rows.values_list("sheet_id", "authority_id").distinct():
        found[sheet_id].add(authority_id)
    return {sheet_id: frozenset(authorities) for sheet_id, authorities in found.items()}


def index_stamps() -> dict[int, str]:
    """For every published sheet what changes whenever its place in the index would."""
    adopters, laid = readers(), _overlay_marks()
    rows = _published().values_list(
        "id", "current_id", "current__content_hash", "ref", "authority_id", "is_public", "title",
        "breadcrumb", "keywords", "asked", "kind", "service_id",
    )  # fmt: skip
    return {
        row[0]: _stamp((*row, sorted(adopters.get(row[0], ())), laid.get(row[0], ())))
        for row in rows.order_by("id").iterator(chunk_size=2000)
    }


def _overlay_marks() -> dict[int, list[tuple[int, int]]]:
    rows = Overlay.objects.filter(removed_at=None).order_by("pk")
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for sheet_id, pk, revision in rows.values_list("sheet_id", "pk", "revision"):
        found[sheet_id].append((pk, revision))
    return found


def _stamp(row: tuple[object, ...]) -> str:
    return hashlib.blake2b(repr(row).encode(), digest_size=9).hexdigest()


def index_rows(sheet_ids: Collection[int] | None = None) -> Iterator[IndexRow]:
    """Published sheets, all or those asked for, without loading them all at once."""
    if sheet_ids is None:
        yield from _rows(_published())
        return
    wanted = sorted(sheet_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        yield from _rows(_published().filter(pk__in=wanted[start : start + _AT_ONCE]))


def rows_as_if(sheet: Sheet) -> Iterator[IndexRow]:
    """The same of one sheet that is not published in these words, and maybe never will be."""
    adopters, laid = readers([sheet.pk]), laid_on([sheet.pk])
    return _rows_of(sheet, adopters.get(sheet.pk, frozenset()), laid.get(sheet.pk, {}))


def _rows(sheets: QuerySet[Sheet]) -> Iterator[IndexRow]:
    rows = sheets.select_related("current").defer("current__raw", "current__path")
    start = list(rows.order_by("id").values_list("id", flat=True))
    for at in range(0, len(start), _AT_ONCE):
        chunk = start[at : at + _AT_ONCE]
        adopters, laid = readers(chunk), laid_on(chunk)
        for sheet in rows.filter(pk__in=chunk).order_by("id"):
            yield from _rows_of(sheet, adopters.get(sheet.pk, frozenset()), laid.get(sheet.pk, {}))


def _rows_of(
    sheet: Sheet, adopters: frozenset[int], laid: Mapping[int, Sequence[Overlay]]
) -> Iterator[IndexRow]:
    """One sheet once for each wording in which somebody reads it."""
    version = sheet.current
    assert version is not None  # noqa: S101 - only what is read is indexed
    is_national = sheet.authority_id is None
    otherwise = frozenset(laid) if is_national else adopters.intersection(laid)
    owner = frozenset({sheet.authority_id or EVERYBODY})
    yield _row(sheet, owner, version.text, version.blocks, without=otherwise)
    if not is_national and adopters - otherwise:
        shared = as_read(sheet.authority_id, version, (), today=NO_DAY)
        yield _row(sheet, adopters - otherwise, version.text, shared.blocks)
    for authority_id in sorted(otherwise):
        read = as_read(sheet.authority_id, version, laid[authority_id], today=NO_DAY)
        body = public_words(read.short.text, read.blocks)
        yield _row(sheet, frozenset({authority_id}), body, read.blocks)


def _row(
    sheet: Sheet,
    who: frozenset[int],
    body: str,
    blocks: Iterable[Block],
    *,
    without: frozenset[int] = frozenset(),
) -> IndexRow:
    return IndexRow(
        sheet_id=sheet.pk,
        ref=sheet.ref,
        readers=who,
        without=without,
        is_public=sheet.is_public,
        is_national=sheet.authority_id is None,
        kind=sheet.kind,
        service_id=sheet.service_id or 0,
        title=sheet.title,
        headline=f"{sheet.title} {sheet.breadcrumb}",
        keywords=sheet.keywords,
        asked=sheet.asked,
        body=body,
        inside=inside_words(blocks),
    )


def public_words(short_answer: str, blocks: Iterable[Block]) -> str:
    """The plain words of a text that everybody may find and quote."""
    parts = [short_answer]
    for block in blocks:
        is_said = block["level"] == rules.PUBLIC and not block.get("hidden")
        if is_said and block["kind"] != "notice":
            parts += [block["title"], markup.words(block["html"])]
    return "\n".join(part for part in parts if part)


def inside_words(blocks: Iterable[Block]) -> str:
    """The words that only agents may find: every block that is not public for good."""
    parts = [
        f"{block['title']}\n{markup.words(block['html'])}"
        for block in blocks
        if block["level"] != rules.PUBLIC and not block.get("hidden")
    ]
    return "\n".join(parts)
