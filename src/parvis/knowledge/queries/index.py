"""What the search index takes from the database."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from parvis.knowledge import markup, rules
from parvis.knowledge.models import CollectionVersion, Sheet
from parvis.knowledge.rules import Block

EVERYBODY = 0  # a national sheet is read by every authority
_AT_ONCE = 200


@dataclass(frozen=True)
class IndexRow:
    """One sheet as the search index takes it."""

    sheet_id: int
    ref: str
    readers: frozenset[int]  # the authorities that may read it
    is_public: bool
    kind: str
    service_id: int
    headline: str
    keywords: str
    body: str
    inside: str


def collection_number() -> int:
    """Grows with every published change of any sheet."""
    number = CollectionVersion.objects.values_list("number", flat=True).first()
    return number or 0


def _published() -> QuerySet[Sheet]:
    return Sheet.objects.filter(state=Sheet.State.PUBLISHED, current__isnull=False)


def readers(sheet_id: int, authority_id: int | None) -> frozenset[int]:
    """The authorities that find a sheet: its own, or everybody for a national one."""
    return frozenset({authority_id or EVERYBODY})


def index_stamps() -> dict[int, str]:
    """For every published sheet what changes whenever its place in the index would."""
    rows = _published().values_list(
        "id", "current_id", "current__content_hash", "ref", "authority_id", "is_public", "title",
        "breadcrumb", "keywords", "kind", "service_id",
    )  # fmt: skip
    return {
        row[0]: _stamp((*row, sorted(readers(row[0], row[4]))))
        for row in rows.order_by("id").iterator(chunk_size=2000)
    }


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


def _rows(sheets: QuerySet[Sheet]) -> Iterator[IndexRow]:
    rows = sheets.values_list(
        "id", "ref", "authority_id", "is_public", "kind", "service_id", "title", "breadcrumb",
        "keywords", "current__text", "current__blocks",
    )  # fmt: skip
    for (
        pk, ref, owner, is_public, kind, service_id, title, breadcrumb, keywords, text, blocks,
    ) in rows.order_by("id").iterator(chunk_size=_AT_ONCE):  # fmt: skip
        yield IndexRow(
            sheet_id=pk,
            ref=ref,
            readers=readers(pk, owner),
            is_public=is_public,
            kind=kind,
            service_id=service_id or 0,
            headline=f"{title} {breadcrumb}",
            keywords=keywords,
            body=text,
            inside=inside_words(blocks),
        )


def inside_words(blocks: Iterable[Block]) -> str:
    """The words that only agents may find: every block that is not public for good."""
    parts = [
        f"{block['title']}\n{markup.words(block['html'])}"
        for block in blocks
        if block["level"] != rules.PUBLIC
    ]
    return "\n".join(parts)
