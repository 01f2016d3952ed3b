"""What a desk needs on a day without network, gathered in a few queries."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from parvis.common.clock import local_day
from parvis.knowledge import markup
from parvis.knowledge import rules as knowledge_rules
from parvis.knowledge.models import Sheet
from parvis.knowledge.presentation import HEADINGS, LEVELS
from parvis.knowledge.queries.overlays import NOTHING, Said, said_each
from parvis.knowledge.rules import Block
from parvis.organisations import queries as organisations
from parvis.organisations import rules as hours
from parvis.organisations.models import Authority, Service, Site

USED: Final = timedelta(days=90)
MOST_USED: Final = 40
MOST_OF_TOPICS: Final = 80
DESK: Final = hours.HoursChannel.DESK
_LINK = re.compile(r'<a href="/fiches/([A-Za-z0-9-]{1,20})/"[^>]*>(.*?)</a>', re.DOTALL)
# National numbers of France; free, day and night unless said.
EMERGENCY: Final = (
    ("112", _("any emergency, anywhere in Europe")),
    ("15", _("medical emergency (Samu)")),
    ("17", _("police, gendarmerie")),
    ("18", _("fire brigade")),
    ("114", _("emergency by text message or video, for those who do not hear or speak")),
    ("115", _("somebody without a roof tonight")),
    ("119", _("a child in danger")),
    ("3919", _("violence against women")),
    ("3114", _("thoughts of suicide")),
    ("116 117", _("a doctor when the surgery is closed, where it exists")),
)


@dataclass(frozen=True)
class PackedPart:
    """One block on paper, with who may hear it."""

    heading: str
    html: SafeString
    level: str
    label: str


@dataclass(frozen=True)
class Packed:
    """One sheet on paper."""

    sheet: Sheet
    short_answer: str
    parts: Sequence[PackedPart]
    is_stale: bool


@dataclass(frozen=True)
class PackedSite:
    """A place with the hours of the week that is printed."""

    site: Site
    days: Sequence[hours.DayPlan]


@dataclass(frozen=True)
class Pack:
    """Everything that lies in the drawer."""

    authority: Authority
    made_at: datetime
    sheets: Sequence[Packed]
    protocols: Sequence[Packed]
    services: Sequence[Service]
    sites: Sequence[PackedSite]
    emergency: Sequence[tuple[str, str]]


def pack(authority: Authority, *, now: datetime, most: int = MOST_USED) -> Pack:
    """The sheets used most, those of the topics received today, protocols, places, numbers."""
    sites = list(organisations.sites_of(authority).order_by("name"))
    schedules = organisations.schedules_of(sites)
    used = most_used(authority, now=now, most=most)
    of_topics = _of_topics(authority, _open_topics(sites, schedules, now))
    sheets = list({sheet.pk: sheet for sheet in [*used, *of_topics]}.values())
    protocols = list(_readable(authority).filter(nature=Sheet.Nature.PROTOCOL, authority=authority))
    held = {sheet.ref for sheet in [*sheets, *protocols]}
    everything = [*sheets, *protocols]
    owned = [(one.authority_id, one.current) for one in everything if one.current]
    said = said_each(owned, authority.pk, today=now.date())

    def packed(sheet: Sheet) -> Packed:
        return _packed(sheet, said.get(sheet.current_id or 0, NOTHING), held, now)

    return Pack(
        authority,
        now,
        [packed(one) for one in sorted(sheets, key=lambda s: s.title.casefold())],
        [packed(one) for one in protocols],
        list(organisations.services_of(authority)),
        [
            PackedSite(
                site,
                hours.week_view(schedules[site.pk], DESK, local_day(now, schedules[site.pk].zone)),
            )
            for site in sites
        ],
        [(number, str(words)) for number, words in EMERGENCY],
    )


def _readable(authority: Authority) -> QuerySet[Sheet]:
    rows = Sheet.objects.readable_by(authority.pk).filter(
        state=Sheet.State.PUBLISHED, current__isnull=False
    )
    return rows.select_related("current", "service").defer("current__raw", "current__text")


def most_used(authority: Authority, *, now: datetime, most: int) -> list[Sheet]:
    """The sheets that answered most often in the last three months."""
    used = (
        _readable(authority)
        .filter(
            nature=Sheet.Nature.SHEET,
            versions__used_in__contact__authority=authority,
            versions__used_in__contact__ended_at__gte=now - USED,
        )
        .annotate(times=Count("versions__used_in"))
    )
    return list(used.order_by("-times", "ref")[:most])


def _open_topics(
    sites: Iterable[Site], schedules: dict[int, hours.Schedule], now: datetime
) -> list[int]:
    """The topics that some desk of a place that opens today receives."""
    today = [
        site.pk
        for site in sites
        if hours.day_plan(
            schedules[site.pk], DESK, local_day(now, schedules[site.pk].zone)
        ).intervals
    ]
    return organisations.topics_at(today)


def _of_topics(authority: Authority, topic_ids: Collection[int]) -> list[Sheet]:
    rows = _readable(authority).filter(nature=Sheet.Nature.SHEET, topics__in=topic_ids)
    return list(rows.distinct().order_by("ref")[:MOST_OF_TOPICS])


def _packed(sheet: Sheet, said: Said, held: Collection[str], now: datetime) -> Packed:
    shown = [
        block for block in said.blocks if not block.get("hidden")
    ]  # by this house's own decision
    parts = [_part(block, held) for block in shown if _may_lie_in_a_drawer(block, now)]
    return Packed(sheet, said.short.text, parts, sheet.is_stale(now.date()))


def _may_lie_in_a_drawer(block: Block, now: datetime) -> bool:
    """Not what waits for its day: paper does not know what day it is."""
    is_waiting = block["level"] == knowledge_rules.EMBARGO
    return not is_waiting or knowledge_rules.is_public(block, now.date())


def _part(block: Block, held: Collection[str]) -> PackedPart:
    level = block["level"] if block["level"] in LEVELS else knowledge_rules.INTERNAL
    level = knowledge_rules.PUBLIC if level == knowledge_rules.EMBARGO else level
    html = knowledge_rules.shown(markup.clean(block["html"]), knowledge_rules.Decision())

    def inside(link: re.Match[str]) -> str:
        # On paper or without network only what lies in the pack can be reached.
        return f'<a href="#{escape(link[1])}">{link[2]}</a>' if link[1] in held else link[2]

    heading = block["title"] or str(HEADINGS.get(block["kind"], ""))
    extra = " · ".join(block.get(part, "") for part in ("role", "support", "delay"))  # type: ignore[misc]
    heading = f"{heading} ({extra.strip(' ·')})" if extra.strip(" ·") else heading
    return PackedPart(
        heading,
        mark_safe(_LINK.sub(inside, html)),  # noqa: S308 - cleaned just above
        level,
        str(LEVELS[level][1]),
    )
