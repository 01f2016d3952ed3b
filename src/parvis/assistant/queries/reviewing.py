"""What those who look after the assistant read: conversations of a month, and its figures."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from parvis.assistant.models import Conversation
from parvis.assistant.rules.figures import Counts
from parvis.common.access import Actor
from parvis.contacts.models import Contact

TO_JUDGE = 50  # conversations a month
SHOWN = 100
# Nothing said of it, nobody asked for: helped, or gone for good; nobody knows.
SILENT = Q(helped=None, would_have_called="") & ~Q(outcome="handed_over")
LINKABLE = Q(contact__person__isnull=False, topic__isnull=False)  # who they are is known
AGAIN_WITHIN = timedelta(days=14)
MET_WITHIN = timedelta(days=7)
VIEWS = (
    "all",
    "judge",
    "contained",
    "confirmed",
    "unhelpful",
    "handed_over",
    "abandoned",
    "silent",
)


def of_month(actor: Actor, first: date) -> QuerySet[Conversation]:
    """The conversations of one month in which something was understood, the latest first."""
    rows = Conversation.objects.visible_to(actor).exclude(outcome="")
    start, end = bounds(first)
    return rows.filter(started_at__gte=start, started_at__lt=end).select_related("topic")


def to_judge(actor: Actor, first: date) -> list[Conversation]:
    """Fifty of the month, drawn by chance: the secret of each is chance already."""
    drawn = of_month(actor, first).filter(said__author="assistant").distinct()
    return list(drawn.prefetch_related("said").order_by("secret_hash")[:TO_JUDGE])


def listed(actor: Actor, first: date, view: str) -> list[Conversation]:
    """What one view of the month shows."""
    if view == "judge":
        return to_judge(actor, first)
    rows = of_month(actor, first)
    if view == "unhelpful":
        rows = rows.filter(helped=False)
    elif view in {"contained", "handed_over", "abandoned"}:
        rows = rows.filter(outcome=view)
    elif view == "confirmed":
        rows = rows.filter(outcome="contained", helped=True)
    elif view == "silent":
        rows = rows.filter(SILENT)
    return list(rows.prefetch_related("said").order_by("-started_at", "-id")[:SHOWN])


def counts_of(actor: Actor, first: date) -> Counts:
    """The figures of one month."""
    contained = Q(outcome="contained")
    yes = Q(would_have_called="yes")
    met = Contact.objects.standing().filter(
        topic=OuterRef("topic"),
        person=OuterRef("contact__person"),
        started_at__gt=OuterRef("last_at"),
        started_at__lt=OuterRef("last_at") + MET_WITHIN,
    )
    rows = of_month(actor, first).annotate(was_met=Exists(met)).order_by()
    found = rows.aggregate(
        sessions=Count("pk"),
        contained=Count("pk", filter=contained),
        confirmed=Count("pk", filter=contained & Q(helped=True)),
        handed_over=Count("pk", filter=Q(outcome="handed_over")),
        abandoned=Count("pk", filter=Q(outcome="abandoned")),
        spared=Count("pk", filter=contained & Q(helped=True) & yes & Q(was_met=False)),
        said_called=Count("pk", filter=yes),
        to_check=Count("pk", filter=contained & Q(helped=True) & yes & LINKABLE),
        silent=Count("pk", filter=SILENT),
        unhelpful=Count("pk", filter=Q(helped=False)),
        told_helped=Count("pk", filter=Q(helped__isnull=False)),
        told_called=Count("pk", filter=~Q(would_have_called="")),
        right=Count("pk", filter=Q(verdict="right")),
        wrong=Count("pk", filter=Q(verdict="wrong")),
    )
    repeats, linkable = _repeats(actor, first)
    return replace(Counts(**found), repeats=repeats, linkable=linkable)


def _repeats(actor: Actor, first: date) -> tuple[int, int]:
    """Contacts of the month that come after another about the same, of those that can be seen."""
    start, end = bounds(first)
    before = Contact.objects.standing().filter(
        person=OuterRef("person"),
        topic=OuterRef("topic"),
        started_at__lt=OuterRef("started_at"),
        started_at__gte=OuterRef("started_at") - AGAIN_WITHIN,
    )
    linkable = Contact.objects.standing().filter(
        authority_id=actor.authority_id,
        person__isnull=False,
        started_at__gte=start,
        started_at__lt=end,
    )
    return linkable.filter(Exists(before)).count(), linkable.count()


def month_of(text: str, today: date) -> date:
    """The month that an address names (2026-11), else the present one."""
    try:
        found = datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return today.replace(day=1)
    return min(found, today.replace(day=1))


def next_month(first: date) -> date:
    """The month after."""
    return (first + timedelta(days=32)).replace(day=1)


def bounds(first: date) -> tuple[datetime, datetime]:
    """When a month begins, and when the next one does."""
    zone = timezone.get_current_timezone()
    start = datetime(first.year, first.month, 1, tzinfo=zone)
    after = next_month(first)
    return start, datetime(after.year, after.month, 1, tzinfo=zone)
