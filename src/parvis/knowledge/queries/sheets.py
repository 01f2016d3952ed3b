"""What others read of the sheets."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from parvis.common.access import Actor
from parvis.knowledge import markup, rules
from parvis.knowledge.models import CollectionVersion, Sheet
from parvis.organisations.models import Authority

_LONG = ("current__raw", "current__text", "current__blocks")


def public_sheet(authority: Authority, ref: str) -> Sheet | None:
    """The sheet that the public of an authority reads: its own before the national one."""
    return _own_first(Sheet.objects.public(authority.pk), ref)


def sheet_for(actor: Actor, ref: str) -> Sheet | None:
    """The sheet that an agent reads, internal parts included: the own one before the national."""
    return _own_first(Sheet.objects.visible_to(actor), ref)


def _own_first(sheets: QuerySet[Sheet], ref: str) -> Sheet | None:
    found = sheets.filter(ref=ref, current__isnull=False).select_related("current", "service")
    return (
        found.defer("current__raw").order_by(F("authority_id").asc(nulls_last=True), "id").first()
    )


def sheets_by_ref(actor: Actor, names: Collection[str]) -> list[Sheet]:
    """The sheets that an agent names by reference or id, own ones first, each name once."""
    ids = [int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 19]
    rows = Sheet.objects.visible_to(actor).filter(Q(ref__in=names) | Q(pk__in=ids))
    found: dict[str, Sheet] = {}
    for sheet in rows.select_related("current").defer(*_LONG):
        found[str(sheet.pk)] = sheet
        if sheet.ref not in found or sheet.authority_id is not None:
            found[sheet.ref] = sheet
    return [found[name] for name in dict.fromkeys(names) if name in found]


def own_public_sheets(authority: Authority) -> QuerySet[Sheet]:
    """The sheets that the authority wrote for its public, by place and title."""
    sheets = Sheet.objects.public(authority.pk).filter(authority=authority)
    return sheets.order_by("breadcrumb", "title").select_related("service")


def own_sheets(actor: Actor) -> QuerySet[Sheet]:
    """The sheets of an agent's authority, those past their check first."""
    sheets = Sheet.objects.visible_to(actor).filter(
        authority_id=actor.authority_id, state=Sheet.State.PUBLISHED, current__isnull=False
    )
    return sheets.order_by(F("review_due_on").asc(nulls_last=True), "title").select_related(
        "service"
    )


def known_refs(authority_id: int, refs: Iterable[str]) -> set[str]:
    """Those of the references that the public of the authority can open here."""
    wanted = set(refs)
    if not wanted:
        return set()
    sheets = Sheet.objects.public(authority_id).filter(ref__in=wanted, current__isnull=False)
    return set(sheets.values_list("ref", flat=True))


def collection_number() -> int:
    """Grows with every published change of any sheet."""
    number = CollectionVersion.objects.values_list("number", flat=True).first()
    return number or 0


@dataclass(frozen=True)
class IndexRow:
    """One sheet as the search index takes it."""

    sheet_id: int
    ref: str
    authority_id: int | None
    is_public: bool
    headline: str
    body: str
    inside: str


def index_rows() -> Iterator[IndexRow]:
    """Every published sheet, without loading them all at once."""
    rows = Sheet.objects.filter(state=Sheet.State.PUBLISHED, current__isnull=False).values_list(
        "id", "ref", "authority_id", "is_public", "title", "breadcrumb", "keywords",
        "current__text", "current__blocks",
    )  # fmt: skip
    for (
        pk,
        ref,
        authority_id,
        is_public,
        title,
        breadcrumb,
        keywords,
        text,
        blocks,
    ) in rows.order_by("id").iterator(chunk_size=200):
        headline = f"{title} {breadcrumb} {keywords}"
        yield IndexRow(pk, ref, authority_id, is_public, headline, text, inside_words(blocks))


def inside_words(blocks: Iterable[rules.Block]) -> str:
    """The words that only agents may find: every block that is not public for good."""
    parts = [
        f"{block['title']}\n{markup.words(block['html'])}"
        for block in blocks
        if block["level"] != rules.PUBLIC
    ]
    return "\n".join(parts)


def hits(
    authority_id: int, sheet_ids: Collection[int], refs: Collection[str], *, public_only: bool
) -> list[Sheet]:
    """Sheets of a search as the database has them now, with the own ones that replace national."""
    readable = Sheet.objects.filter(Q(authority_id=authority_id) | Q(authority_id=None))
    if public_only:
        readable = Sheet.objects.public(authority_id)
    chosen = Q(pk__in=sheet_ids) | Q(authority_id=authority_id, ref__in=refs)
    return list(
        readable.filter(chosen, state=Sheet.State.PUBLISHED, current__isnull=False)
        .select_related("current", "service")
        .defer("current__raw")
    )
