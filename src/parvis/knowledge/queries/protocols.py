"""Reception protocols: which apply, who read them, where the work goes another way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from parvis.accounts.models import Agent
from parvis.common.access import Actor
from parvis.knowledge import markup, rules
from parvis.knowledge.models import ProtocolDeviation, ProtocolReading, Sheet, SheetVersion


@dataclass(frozen=True)
class Step:
    """One step as it is shown: who does what, with what, by when."""

    number: int
    title: str
    html: str
    role: str
    support: str
    delay: str
    level: str


def steps_of(version: SheetVersion | None) -> list[Step]:
    """The steps of a protocol in their order."""
    blocks = [b for b in version.blocks if b["kind"] == rules.STEP] if version else []
    return [
        Step(
            number,
            block["title"] or markup.words(block["html"])[:120],
            markup.clean(block["html"]),
            block.get("role", ""),
            block.get("support", ""),
            block.get("delay", ""),
            block["level"],
        )
        for number, block in enumerate(blocks, start=1)
    ]


def protocols(actor: Actor) -> QuerySet[Sheet]:
    """The protocols that hold in the actor's house."""
    rows = Sheet.objects.visible_to(actor).filter(
        nature=Sheet.Nature.PROTOCOL, authority_id=actor.authority_id
    )
    return rows.select_related("current", "service").order_by("title")


def live_protocols(agent: Agent, topic_ids: Iterable[int] | None = None) -> QuerySet[Sheet]:
    """Published protocols, with whether the agent has read them as they are now."""
    rows = protocols(agent).filter(state=Sheet.State.PUBLISHED, current__isnull=False)
    if topic_ids is not None:
        rows = rows.filter(topics__in=list(topic_ids)).distinct()
    read = ProtocolReading.objects.filter(version=OuterRef("current"), agent=agent)
    return rows.annotate(is_read=Exists(read)).defer("current__raw", "current__text")


def protocol(actor: Actor, ref: str) -> Sheet | None:
    """One protocol of the house that somebody may read: published, or put away."""
    rows = protocols(actor).filter(ref=ref, current__isnull=False)
    return rows.prefetch_related("topics").first()


def readings_of(version: SheetVersion) -> QuerySet[ProtocolReading]:
    """Who has read a protocol as it is now, the first reader first."""
    return version.protocol_readings.select_related("agent__entry").order_by("at", "pk")


@dataclass(frozen=True)
class LeftStep:
    """How often a step was done otherwise in a month, for the same cause."""

    sheet: Sheet
    step: int
    step_title: str
    cause: str
    times: int
    last: ProtocolDeviation
    told: list[str]


def left_steps(actor: Actor, since: datetime, until: datetime) -> list[LeftStep]:
    """Deviations nobody looked at yet, most frequent first, with what was said of them."""
    rows = ProtocolDeviation.objects.visible_to(actor).filter(
        at__gte=since, at__lt=until, decision=""
    )
    groups = rows.values("sheet", "step", "step_title", "cause").annotate(
        times=Count("pk"), last=Max("pk")
    )
    ordered = list(groups.order_by("-times", "sheet", "step", "cause")[:100])
    lasts = rows.select_related("sheet").in_bulk([group["last"] for group in ordered])
    told = _told(rows, [group["sheet"] for group in ordered])
    return [
        LeftStep(
            lasts[group["last"]].sheet,
            group["step"],
            group["step_title"],
            str(ProtocolDeviation.Cause(group["cause"]).label),
            group["times"],
            lasts[group["last"]],
            told.get((group["sheet"], group["step"], group["step_title"], group["cause"]), [])[:5],
        )
        for group in ordered
    ]


def same_deviations(deviation: ProtocolDeviation) -> QuerySet[ProtocolDeviation]:
    """Everything undecided that left the same step for the same cause."""
    return ProtocolDeviation.objects.filter(
        sheet_id=deviation.sheet_id,
        step=deviation.step,
        step_title=deviation.step_title,
        cause=deviation.cause,
        decision="",
    )


def decided_deviations(actor: Actor) -> QuerySet[ProtocolDeviation]:
    """What was decided lately."""
    rows = ProtocolDeviation.objects.visible_to(actor).exclude(decision="")
    return rows.select_related("sheet", "decided_by__entry").order_by("-decided_at", "-pk")


def _told(
    rows: QuerySet[ProtocolDeviation], sheet_ids: Iterable[int]
) -> dict[tuple[int, int, str, str], list[str]]:
    """What was said beside the deviations, the last words first."""
    said = rows.filter(sheet__in=set(sheet_ids)).exclude(words="").order_by("-pk")
    found: dict[tuple[int, int, str, str], list[str]] = {}
    for sheet_id, step, title, cause, words in said.values_list(
        "sheet", "step", "step_title", "cause", "words"
    )[:500]:
        found.setdefault((sheet_id, step, title, cause), []).append(words)
    return found
