"""What became of the shared sheets of a group, house by house: for who coordinates it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parvis.knowledge.models import Adoption, Group, Membership, Overlay, Share
from parvis.knowledge.rules import PUBLIC
from parvis.organisations.models import Authority

OWNER, UNDECIDED, ADOPTED, IGNORED = "owner", "open", "adopted", "ignored"


@dataclass(frozen=True)
class Cell:
    """What one house made of one sheet."""

    authority: Authority
    state: str
    version: int | None = None  # that somebody there looked at
    is_behind: bool = False
    laid: int = 0  # local words, whoever may read them
    reason: str = ""

    @property
    def differs(self) -> bool:
        """Says something else than the shared text, or not its last words."""
        return self.state == IGNORED or self.is_behind or bool(self.laid)


@dataclass(frozen=True)
class Line:
    """One shared sheet across the houses of its group."""

    share: Share
    cells: Sequence[Cell]

    @property
    def differs(self) -> bool:
        """Does any house differ?"""
        return any(cell.differs for cell in self.cells)

    @property
    def is_undecided(self) -> bool:
        """Does any house still have to decide?"""
        return any(cell.state == UNDECIDED for cell in self.cells)


@dataclass(frozen=True)
class Sum:
    """One house across all shared sheets."""

    authority: Authority
    adopted: int
    adapted: int
    behind: int
    ignored: int
    undecided: int


def members(group: Group) -> list[Authority]:
    """The houses of a group, by name."""
    inside = Membership.objects.active().filter(group=group).values("authority")
    return list(Authority.objects.filter(pk__in=inside).order_by("name"))


def lines(group: Group, *, share_id: int | None = None) -> list[Line]:
    """Every shared sheet of a group (or one) with what each house made of it: four queries."""
    rows = Share.objects.active().filter(group=group)
    if share_id is not None:
        rows = rows.filter(pk=share_id)
    shares = list(
        rows.select_related("sheet__current", "sheet__authority", "workgroup")
        .defer("sheet__current__raw", "sheet__current__text", "sheet__current__blocks")
        .order_by("sheet__title", "id")
    )
    houses = members(group)
    sheets = [share.sheet_id for share in shares]
    decided = {
        (one.sheet_id, one.authority_id): one
        for one in Adoption.objects.filter(sheet__in=sheets, authority__in=houses)
        .select_related("version")
        .defer("version__raw", "version__text", "version__blocks")
    }
    laid = _laid(sheets, houses)
    return [
        Line(share, [_cell(share, house, decided, laid) for house in houses]) for share in shares
    ]


def _laid(sheets: Sequence[int], houses: Sequence[Authority]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    rows = Overlay.objects.filter(sheet__in=sheets, authority__in=houses, removed_at=None)
    for sheet_id, authority_id in rows.values_list("sheet_id", "authority_id"):
        found[sheet_id, authority_id] += 1
    return found


def _cell(
    share: Share,
    house: Authority,
    decided: dict[tuple[int, int], Adoption],
    laid: dict[tuple[int, int], int],
) -> Cell:
    sheet = share.sheet
    if sheet.authority_id == house.pk:
        return Cell(house, OWNER, sheet.current.number if sheet.current else None)
    adoption = decided.get((sheet.pk, house.pk))
    if adoption is None or adoption.state == Adoption.State.ENDED:
        return Cell(house, UNDECIDED)
    if adoption.state == Adoption.State.IGNORED:
        return Cell(house, IGNORED, adoption.version.number, reason=adoption.reason)
    return Cell(
        house,
        ADOPTED,
        adoption.version.number,
        is_behind=adoption.version_id != sheet.current_id,
        laid=laid.get((sheet.pk, house.pk), 0),
    )


def sums(lines: Iterable[Line]) -> list[Sum]:
    """The same, house by house."""
    cells: dict[int, list[Cell]] = defaultdict(list)
    for line in lines:
        for cell in line.cells:
            cells[cell.authority.pk].append(cell)
    return [
        Sum(
            held[0].authority,
            adopted=sum(cell.state == ADOPTED for cell in held),
            adapted=sum(bool(cell.laid) for cell in held),
            behind=sum(cell.is_behind for cell in held),
            ignored=sum(cell.state == IGNORED for cell in held),
            undecided=sum(cell.state == UNDECIDED for cell in held),
        )
        for held in cells.values()
    ]


def laid_by_others(share: Share) -> dict[int, tuple[list[Overlay], int]]:
    """By house: its public local words on a shared sheet, and how many others it keeps inside."""
    houses = Membership.objects.active().filter(group=share.group_id).values("authority")
    adopted = Adoption.objects.filter(sheet=share.sheet_id, state=Adoption.State.ADOPTED)
    rows = Overlay.objects.filter(
        sheet=share.sheet_id, removed_at=None, authority__in=houses
    ).filter(authority__in=adopted.values("authority"))
    rows = rows.select_related("sheet__current", "version", "agent__entry")
    found: dict[int, tuple[list[Overlay], int]] = {}
    for one in rows.order_by("authority", "position", "id"):
        words, inside = found.get(one.authority_id, ([], 0))
        is_public = one.level == PUBLIC or one.act == Overlay.Act.HIDE
        found[one.authority_id] = ([*words, one], inside) if is_public else (words, inside + 1)
    return found
