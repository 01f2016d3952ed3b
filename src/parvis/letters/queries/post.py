"""The registers of the mail room: what came and left, day by day, by words and by number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from parvis.common.access import Actor
from parvis.letters.models import IncomingPost, OutgoingPost

PAGE = 50
WORDS = 4  # of what is looked for
STATISTICS = 30  # days


@dataclass(frozen=True)
class Wanted:
    """What of a register is to be seen."""

    text: str = ""
    first: date | None = None
    last: date | None = None
    unattached: bool = False


@dataclass(frozen=True)
class Page:
    """One page of a register, latest first, and the mark of the next."""

    rows: list[Any]
    next: str


def incoming(actor: Actor, wanted: Wanted = Wanted()) -> QuerySet[IncomingPost]:
    """The incoming post that the actor may read."""
    rows = IncomingPost.objects.visible_to(actor)
    if wanted.unattached:
        rows = rows.filter(case=None)
    rows = rows.filter(_between("received_on", wanted))
    for word in wanted.text.split()[:WORDS]:
        rows = rows.filter(
            Q(sender__icontains=word)
            | Q(subject__icontains=word)
            | Q(registered_number__iexact=word)
            | _numbered(word, "A-")
        )
    return rows.select_related("topic", "service", "case", "agent__entry")


def outgoing(actor: Actor, wanted: Wanted = Wanted()) -> QuerySet[OutgoingPost]:
    """The outgoing post that the actor may read."""
    rows = OutgoingPost.objects.visible_to(actor).filter(_between("posted_on", wanted))
    for word in wanted.text.split()[:WORDS]:
        rows = rows.filter(
            Q(recipient__icontains=word)
            | Q(subject__icontains=word)
            | Q(registered_number__iexact=word)
            | _numbered(word, "D-")
        )
    return rows.select_related("service", "case", "letter", "agent__entry")


def _between(field: str, wanted: Wanted) -> Q:
    since = Q(**{f"{field}__gte": wanted.first}) if wanted.first else Q()
    return since & Q(**{f"{field}__lte": wanted.last}) if wanted.last else since


def _numbered(word: str, prefix: str) -> Q:
    """A number typed as it is stamped (A-2026-00041), or its digits alone."""
    year, dash, digits = word.upper().removeprefix(prefix).rpartition("-")
    if not digits.isdecimal() or len(digits) > 8:
        return Q(pk=None)
    found = Q(number=int(digits))
    return found & Q(year=int(year)) if dash and year.isdecimal() else found


def page(rows: QuerySet[Any], after: str) -> Page:
    """One page by number, from the mark of the last one on."""
    year, _dash, number = after.partition("-")
    if year.isdecimal() and number.isdecimal() and len(after) < 16:
        rows = rows.filter(Q(year__lt=int(year)) | Q(year=int(year), number__lt=int(number)))
    found = list(rows.order_by("-year", "-number")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], f"{last.year}-{last.number}" if last else "")


@dataclass(frozen=True)
class DayCount:
    """How much came and left on a day."""

    day: date
    came: int
    attached: int
    left: int


def by_day(actor: Actor, today: date) -> list[DayCount]:
    """The last thirty days on which something came or left, latest first."""
    since = today - timedelta(days=STATISTICS)
    came = {
        row["received_on"]: (row["n"], row["filed"])
        for row in IncomingPost.objects.visible_to(actor)
        .filter(received_on__gt=since)
        .values("received_on")
        .annotate(n=Count("pk"), filed=Count("case"))
        .order_by("received_on")
    }
    left = dict(
        OutgoingPost.objects.visible_to(actor)
        .filter(posted_on__gt=since)
        .values_list("posted_on")
        .annotate(n=Count("pk"))
        .order_by("posted_on")
    )
    days = sorted(set(came) | set(left), reverse=True)
    return [DayCount(day, *came.get(day, (0, 0)), left.get(day, 0)) for day in days]


def incoming_table(rows: QuerySet[IncomingPost]) -> Iterator[list[object]]:
    """The lines of the incoming register for a spreadsheet."""
    for row in rows.order_by("year", "number"):
        yield [
            row.label,
            row.posted_on or "",
            row.received_on,
            row.registered_at,
            row.sender,
            row.address,
            row.subject,
            row.registered_number,
            row.topic.label,
            row.service.label,
            row.case.reference if row.case else "",
            row.agent.display_name,
        ]


def outgoing_table(rows: QuerySet[OutgoingPost]) -> Iterator[list[object]]:
    """The lines of the outgoing register for a spreadsheet."""
    for row in rows.order_by("year", "number"):
        yield [
            row.label,
            row.posted_on,
            row.get_way_display(),
            row.registered_number,
            row.recipient,
            row.address.replace("\n", ", "),
            row.subject,
            row.service.label,
            row.case.reference if row.case else "",
            row.agent.display_name,
        ]
