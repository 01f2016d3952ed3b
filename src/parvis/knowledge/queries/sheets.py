"""What others read of the sheets."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from parvis.common.access import Actor
from parvis.knowledge.models import Sheet, SheetVersion
from parvis.knowledge.queries.index import inside_words, public_words
from parvis.knowledge.queries.overlays import said_each, steps_laid
from parvis.organisations.models import Authority

_LONG = ("current__raw", "current__text", "current__blocks")


def public_sheet(authority: Authority, ref: str) -> Sheet | None:
    """The sheet that the public of an authority reads: its own before the national one."""
    return _own_first(Sheet.objects.public(authority.pk), authority.pk, ref)


def sheet_for(actor: Actor, ref: str) -> Sheet | None:
    """The sheet that an agent reads, internal parts included: the own one before the national."""
    return _own_first(Sheet.objects.visible_to(actor), actor.authority_id, ref)


def _own_first(sheets: QuerySet[Sheet], authority_id: int, ref: str) -> Sheet | None:
    found = sheets.filter(ref=ref, current__isnull=False)
    found = found.select_related("current", "service", "authority").defer("current__raw")
    found = found.annotate(laid=steps_laid(authority_id))
    return found.order_by(is_put_away(), nearness(authority_id), "id").first()


def owner_name(sheet: Sheet, authority_id: int) -> str:
    """The name of who wrote a sheet, when that is another authority."""
    if sheet.authority_id is None or sheet.authority_id == authority_id:
        return ""
    return sheet.authority.name if sheet.authority else ""


def nearness(authority_id: int) -> Case:
    """To order by: what the authority wrote, what it adopted, what is national."""
    return Case(
        When(authority_id=authority_id, then=Value(0)),
        When(authority_id=None, then=Value(2)),
        default=Value(1),
    )


def is_put_away() -> Case:
    """To order by: what is read before what was put away."""
    return Case(When(state=Sheet.State.PUBLISHED, then=Value(0)), default=Value(1))


def sheets_by_ref(actor: Actor, names: Collection[str]) -> list[Sheet]:
    """The sheets that an agent names by reference or id, own ones first, each name once."""
    ids = [int(name) for name in names if name.isascii() and name.isdigit() and len(name) < 19]
    rows = Sheet.objects.visible_to(actor).filter(Q(ref__in=names) | Q(pk__in=ids))
    found: dict[str, Sheet] = {}
    rows = rows.select_related("current").defer(*_LONG)
    for sheet in rows.order_by(nearness(actor.authority_id), "id"):
        found[str(sheet.pk)] = sheet
        found.setdefault(sheet.ref, sheet)
    return [found[name] for name in dict.fromkeys(names) if name in found]


def own_public_sheets(authority: Authority) -> QuerySet[Sheet]:
    """The sheets that the authority wrote or adopted for its public, by place and title."""
    sheets = Sheet.objects.public(authority.pk).filter(authority__isnull=False)
    return sheets.order_by("breadcrumb", "title").select_related("service")


def own_sheets(actor: Actor) -> QuerySet[Sheet]:
    """The sheets of an agent's authority and what it adopted, those past their check first."""
    sheets = Sheet.objects.visible_to(actor).filter(
        authority__isnull=False, state=Sheet.State.PUBLISHED, current__isnull=False
    )
    return sheets.order_by(F("review_due_on").asc(nulls_last=True), "title").select_related(
        "service", "authority"
    )


def known_refs(authority_id: int, refs: Iterable[str]) -> set[str]:
    """Those of the references that the public of the authority can open here."""
    wanted = set(refs)
    if not wanted:
        return set()
    sheets = Sheet.objects.public(authority_id).filter(ref__in=wanted, current__isnull=False)
    return set(sheets.values_list("ref", flat=True))


def hits(
    authority_id: int, sheet_ids: Collection[int], refs: Collection[str], *, public_only: bool
) -> list[Sheet]:
    """Sheets of a search as the database has them now, with the own ones that replace national."""
    readable = Sheet.objects.readable_by(authority_id)
    if public_only:
        readable = Sheet.objects.public(authority_id)
    chosen = Q(pk__in=sheet_ids) | Q(authority_id=authority_id, ref__in=refs)
    return list(
        readable.filter(chosen, state=Sheet.State.PUBLISHED, current__isnull=False)
        .annotate(laid=steps_laid(authority_id))
        .select_related("current", "service", "authority")
        .defer(*_LONG)
    )


def public_kinds(authority_id: int) -> list[str]:
    """The kinds of sheet that the public of an authority can narrow a search to."""
    kinds = Sheet.objects.public(authority_id).exclude(kind="").order_by("kind")
    return list(kinds.values_list("kind", flat=True).distinct())


def version_texts(version_ids: Collection[int], *, inside: bool) -> Iterator[tuple[int, str]]:
    """The public words of versions; with what is inside, all that agents may read."""
    if not version_ids:
        return
    rows = SheetVersion.objects.filter(pk__in=version_ids)
    if not inside:
        yield from rows.values_list("pk", "text")
        return
    for pk, text, blocks in rows.values_list("pk", "text", "blocks"):
        yield pk, f"{text}\n{inside_words(blocks)}"


def texts_as_read(
    authority_id: int, version_ids: Collection[int], *, inside: bool
) -> Iterator[tuple[int, str]]:
    """The same of sheets of others, as one authority reads them."""
    if not version_ids:
        return
    rows = SheetVersion.objects.filter(pk__in=version_ids).select_related("sheet").defer("raw")
    versions = list(rows.order_by("pk"))
    owned = [(version.sheet.authority_id, version) for version in versions]
    said = said_each(owned, authority_id, today=timezone.localdate())
    for version in versions:
        read = said[version.pk]
        blocks = read.blocks
        text = public_words(read.short.text, blocks)
        yield version.pk, f"{text}\n{inside_words(blocks)}" if inside else text
