"""What makes sheets found, and what was looked for."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from parvis.common.access import Actor
from parvis.knowledge.models import (
    Gap,
    Pin,
    QuestionSet,
    Searched,
    SearchMeasure,
    Synonym,
    Vote,
)
from parvis.knowledge.rules import finding as finding_rules


def synonym_pairs(authority_id: int) -> list[tuple[str, str]]:
    """What people of this authority say, and what sheets say instead."""
    rows = Synonym.objects.filter(authority_id=authority_id).order_by("said")
    return list(rows.values_list("said", "written"))


def pin_pairs(authority_id: int) -> list[tuple[str, int]]:
    """For which words which sheet comes first."""
    rows = Pin.objects.filter(authority_id=authority_id).order_by("words")
    return list(rows.values_list("words", "sheet_id"))


def question_sets(actor: Actor) -> QuerySet[QuestionSet]:
    """The saved sets of an authority."""
    return QuestionSet.objects.visible_to(actor).annotate(size=Count("questions"))


def size_of(question_set: QuestionSet) -> int:
    """How many questions a set of ``question_sets`` has."""
    return int(getattr(question_set, "size", 0))


def failed_searches(authority_id: int, *, since: date) -> list[tuple[str, str, date]]:
    """The searches that led nowhere, as stems, masked words and day."""
    rows = Searched.objects.filter(authority_id=authority_id, day__gte=since)
    failed = rows.filter(Q(said_no=True) | Q(was_answered=False, opened=None))
    return list(failed.values_list("stems", "words", "day").order_by("-id")[:20_000])


@dataclass(frozen=True)
class GapRow:
    """A gap on screen: what is lacking now, and what was decided about it."""

    lack: finding_rules.Lack
    gap: Gap | None


def gaps(actor: Actor, *, today: date) -> list[GapRow]:
    """What people look for and do not find; what was closed comes back when it is asked again."""
    lacking = finding_rules.lacks(
        failed_searches(actor.authority_id, since=today - timedelta(days=90))
    )
    kept = {
        gap.stems: gap for gap in Gap.objects.visible_to(actor).select_related("owner", "sheet")
    }
    rows = [GapRow(lack, kept.pop(lack.stems, None)) for lack in lacking]
    waiting = [gap for gap in kept.values() if gap.state == Gap.State.OPEN]
    rows += [
        GapRow(finding_rules.Lack(gap.stems, gap.words, gap.count, gap.last_on), gap)
        for gap in waiting
    ]
    return [row for row in rows if _is_open(row)]


def _is_open(row: GapRow) -> bool:
    gap = row.gap
    if gap is None or gap.state == Gap.State.OPEN:
        return True
    return bool(
        gap.closed_on and row.lack.last_on > gap.closed_on and gap.state == Gap.State.WRITTEN
    )


def open_votes(actor: Actor) -> QuerySet[Vote]:
    """Reasons given with "not useful" that nobody has settled."""
    votes = Vote.objects.visible_to(actor).filter(was_useful=False, settled_on=None)
    return votes.exclude(reason="").select_related("sheet__service")


@dataclass(frozen=True)
class Usefulness:
    """How many said that sheets helped them."""

    helpful: int
    votes: int


def usefulness(authority_id: int, *, first: date, last: date) -> Usefulness:
    """The votes of a period, over all sheets that the authority shows."""
    votes = Vote.objects.filter(authority_id=authority_id, day__range=(first, last))
    counts = votes.aggregate(votes=Count("pk"), helpful=Count("pk", filter=Q(was_useful=True)))
    return Usefulness(counts["helpful"], counts["votes"])


def last_measures(authority_id: int) -> list[SearchMeasure]:
    """The newest figures of each saved set: how findable the sheets are."""
    rows = SearchMeasure.objects.filter(question_set__authority_id=authority_id)
    newest: dict[int, SearchMeasure] = {}
    for row in rows.select_related("question_set").order_by("at", "id"):
        newest[row.question_set_id] = row
    return list(newest.values())
