"""A sheet as one authority reads it: its local words in it, the notes of other houses left out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from parvis.common.access import Actor
from parvis.knowledge import drafting, markup, rules
from parvis.knowledge.models import Overlay, OverlayEdit, Sheet, SheetVersion
from parvis.knowledge.rules import Block, Local, overlays, sharing


@dataclass(frozen=True)
class Said:
    """A text as one authority reads and says it."""

    short: overlays.Short
    blocks: list[Block]


NOTHING = Said(overlays.Short(""), [])


def said(
    sheet: Sheet, authority_id: int, *, today: date, version: SheetVersion | None = None
) -> Said:
    """What one authority reads; what it does not show is marked, never dropped."""
    version = version or sheet.current
    if version is None:
        return NOTHING
    if sheet.authority_id == authority_id:
        return _as_written(version)
    laid: list[Overlay] = []
    if getattr(sheet, "laid", True) is not None:  # annotated: nobody ever laid anything here
        rows = Overlay.objects.filter(authority_id=authority_id, sheet_id=sheet.pk)
        laid = list(_with_people(rows))
    return as_read(sheet.authority_id, version, laid, today=today)


def said_each(
    owned: Iterable[tuple[int | None, SheetVersion]], authority_id: int, *, today: date
) -> dict[int, Said]:
    """The same for many texts at once, by version; each comes with the authority that wrote it."""
    rows = list(owned)
    laid = laid_on([version.sheet_id for owner, version in rows if owner != authority_id])
    found = {}
    for owner, version in rows:
        over = laid.get(version.sheet_id, {}).get(authority_id, [])
        is_own = owner == authority_id
        found[version.pk] = (
            _as_written(version) if is_own else as_read(owner, version, over, today=today)
        )
    return found


def _as_written(version: SheetVersion) -> Said:
    return Said(overlays.Short(version.short_answer), list(version.blocks))


def as_read(
    owner_id: int | None, version: SheetVersion, laid: Sequence[Overlay], *, today: date
) -> Said:
    """A text of somebody else with these overlays on it."""
    short = overlays.short_said(version.short_answer, _short_layers(laid, version))
    on_blocks = [one for one in laid if one.position != overlays.SHORT]
    blocks = version.blocks
    if on_blocks:
        blocks = overlays.merged(blocks, layers(on_blocks, version))
    if owner_id is None:
        return Said(short, list(blocks))
    return Said(
        short, [block for block in blocks if block.get("local") or sharing.crosses(block, today)]
    )


def _short_layers(laid: Iterable[Overlay], version: SheetVersion) -> list[overlays.ShortLayer]:
    is_kept = not version._state.adding  # else another wording: it says it in its own way
    return [
        overlays.ShortLayer(
            one.act,
            markup.words(markup.clean(one.html)),
            is_kept and one.version.short_answer == version.short_answer,
            _local(one, check=is_kept and one.version_id != version.pk),
        )
        for one in laid
        if one.position == overlays.SHORT
    ]


def keep_shared(*versions: SheetVersion | None, today: date) -> None:
    """Take the notes of the house that wrote them out of versions that others look at."""
    for version in versions:
        if version is not None:
            version.blocks = sharing.shared_blocks(version.blocks, today)


def layers(laid: Iterable[Overlay], version: SheetVersion) -> list[overlays.Layer]:
    """Overlays at their places in a text, which need not be the one that their authors saw."""
    now: list[rules.diffs.Piece] | None = None
    is_kept = not version._state.adding  # else another wording of the sheet: its blocks are others
    moved: dict[int, dict[int, overlays.Place] | None] = {version.pk or 0: None}
    found = []
    for one in laid:
        if one.version_id not in moved:
            if not is_kept:
                moved[one.version_id] = {}
            else:
                now = now or drafting.words_of(version.blocks)
                moved[one.version_id] = overlays.places(drafting.words_of(one.version.blocks), now)
        place = overlays.place_of(one.position, moved[one.version_id])
        is_old = is_kept and one.version_id != version.pk
        found.append(overlays.Layer(one.act, block_of(one), place, _local(one, check=is_old)))
    return found


def block_of(one: Overlay) -> Block:
    """The local words as a block."""
    block = Block(kind=one.kind, title=one.title, level=one.level, html=one.html)
    if one.until:
        block["until"] = one.until.isoformat()
    return block


def _local(one: Overlay, *, check: bool) -> Local:
    return Local(
        id=one.pk,
        by=one.agent.display_name,
        on=one.at.date().isoformat(),
        check=check,
        act=one.act,
        note=one.note,
    )


def _with_people(rows: QuerySet[Overlay]) -> QuerySet[Overlay]:
    return (
        rows.filter(removed_at=None)
        .select_related("agent__entry", "version")
        .defer("version__raw", "version__text")
        .order_by("position", "id")
    )


def laid_on(sheet_ids: Collection[int] | None = None) -> dict[int, dict[int, list[Overlay]]]:
    """Overlays in use by sheet and authority: of these sheets, or of all."""
    rows = Overlay.objects.all()
    if sheet_ids is not None:
        rows = rows.filter(sheet_id__in=sheet_ids)
    found: dict[int, dict[int, list[Overlay]]] = defaultdict(lambda: defaultdict(list))
    for one in _with_people(rows):
        found[one.sheet_id][one.authority_id].append(one)
    return found


_STEPS = (
    'SELECT SUM("o"."revision") FROM "knowledge_overlay" "o"'
    ' WHERE "o"."authority_id" = %s AND "o"."sheet_id" = "knowledge_sheet"."id"'
)


def steps_laid(authority_id: int) -> RawSQL:
    """Grows with every step of the local words of one authority; for an annotation of sheets."""
    return RawSQL(_STEPS, (authority_id,), IntegerField())  # noqa: S611 - our words, one parameter


def mark(sheet: Sheet, authority_id: int) -> str:
    """Changes with the text that an authority reads of a sheet, beside the words of its version.

    Nothing for what it reads as it was written.
    """
    if sheet.authority_id == authority_id:
        return ""
    steps: int | None = getattr(sheet, "laid", None)
    if steps:
        return f"{authority_id}.{steps}"
    return "shared" if sheet.authority_id is not None else ""


def overlays_of(actor: Actor, sheet: Sheet) -> QuerySet[Overlay]:
    """The local words that the actor's house laid on a sheet."""
    rows = Overlay.objects.visible_to(actor).filter(sheet=sheet)
    return _with_people(rows).select_related("sheet")


def overlay_for(actor: Actor, pk: int) -> Overlay | None:
    """Local words of the actor's house on a sheet that it still reads."""
    rows = Overlay.objects.visible_to(actor).filter(
        pk=pk, sheet__in=Sheet.objects.readable_by(actor.authority_id).values("pk")
    )
    return rows.select_related(
        "sheet__current", "sheet__authority", "version", "agent__entry"
    ).first()


def overlays_to_check(actor: Actor) -> QuerySet[Overlay]:
    """Local words over a text that changed since somebody here looked at it."""
    rows = Overlay.objects.visible_to(actor).filter(
        sheet__in=Sheet.objects.readable_by(actor.authority_id)
        .filter(state=Sheet.State.PUBLISHED)
        .values("pk")
    )
    changed = _with_people(rows).exclude(version=F("sheet__current"))
    return changed.select_related("sheet__current", "sheet__authority").order_by(
        "sheet__title", "sheet", "position", "id"
    )


def all_overlays(actor: Actor) -> QuerySet[Overlay]:
    """Every local word in use in the actor's house."""
    rows = _with_people(Overlay.objects.visible_to(actor))
    readable = Sheet.objects.readable_by(actor.authority_id).values("pk")
    return rows.filter(sheet__in=readable).select_related("sheet__authority")


def edits_of(actor: Actor, sheet: Sheet) -> QuerySet[OverlayEdit]:
    """What became of the local words on a sheet, the last step first."""
    rows = OverlayEdit.objects.visible_to(actor).filter(overlay__sheet=sheet)
    return rows.select_related("overlay", "agent__entry", "version").defer(
        "version__raw", "version__text", "version__blocks"
    )


@dataclass(frozen=True)
class Spot:
    """A place of a sheet where local words can be laid."""

    position: int
    block: Block | None  # None for the top
    words: str = ""  # of the short answer


def spots(
    sheet: Sheet, authority_id: int, *, today: date, version: SheetVersion | None = None
) -> list[Spot]:
    """The places of a sheet that an authority can lay words on: those it reads."""
    version = version or sheet.current
    if version is None or sheet.authority_id == authority_id:
        return []
    is_national = sheet.authority_id is None
    short = Spot(overlays.SHORT, None, version.short_answer)
    return [Spot(overlays.TOP, None), short] + [
        Spot(number, block)
        for number, block in enumerate(version.blocks, start=1)
        if is_national or sharing.crosses(block, today)
    ]
