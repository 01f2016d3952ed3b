"""What a question is about, and the frame in which its rows are read."""

import hashlib
from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from parvis.common.clock import ONE_DAY, day_bounds, local_day
from parvis.contacts.models import Channel
from parvis.organisations.models import Authority, Service, Site, Topic

DEFAULT_ZONE = "Europe/Paris"


@dataclass(frozen=True)
class Perimeter:
    """An authority, local days (both included), and what they are narrowed to.

    A ticket belongs to the topic that it was taken for, and is a matter of the desk.
    """

    authority: Authority
    first: date
    last: date
    site: Site | None = None
    service: Service | None = None
    topic: Topic | None = None
    channel: str = ""

    @property
    def has_tickets(self) -> bool:
        """Whether the channel asked for has a line to wait in."""
        return self.channel in ("", Channel.DESK)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells this perimeter from another one, without its days."""
        narrowed = (self.site, self.service, self.topic)
        return (self.authority.pk, *(one and one.pk for one in narrowed), self.channel)


@dataclass(frozen=True)
class SiteFrame:
    """What the indicators need of a site."""

    zone: str
    target_seconds: float  # that holds now
    is_active: bool
    label: str
    earlier_targets: tuple[tuple[date, float], ...] = ()  # until when, in order

    def target_on(self, day: date) -> float:
        """The wait that was aimed at on that day: a goal that was changed later judges no past."""
        return next(
            (aim for until, aim in self.earlier_targets if day < until), self.target_seconds
        )

    def targets_between(self, first: date, last: date) -> set[float]:
        """The waits that were aimed at on the days from first to last, both included."""
        changes = {until for until, _aim in self.earlier_targets if first < until <= last}
        return {self.target_on(day) for day in {first, *changes}}


@dataclass(frozen=True)
class TopicFrame:
    """What the indicators need of a topic."""

    family: int
    service: int
    window_days: int
    is_resolvable: bool
    label: str


@dataclass(frozen=True)
class Frame:
    """The sites and topics of an authority: two queries, whatever is asked in them."""

    perimeter: Perimeter
    sites: dict[int, SiteFrame]
    topics: dict[int, TopicFrame]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the place asked for, else that of the authority's first site."""
        if self.perimeter.site is not None:
            return ZoneInfo(self.perimeter.site.timezone)
        return ZoneInfo(next((site.zone for site in self.sites.values()), DEFAULT_ZONE))

    @property
    def site_ids(self) -> list[int]:
        """The sites whose tickets count."""
        if self.perimeter.site is None:
            return list(self.sites)
        return [self.perimeter.site.pk]

    @property
    def target_seconds(self) -> float:
        """The wait that is aimed at; where sites differ, each leg is held to its own."""
        targets = self.targets
        return min(targets) if targets else 600.0

    @property
    def targets(self) -> set[float]:
        """The different waits aimed at within the perimeter, at its places and on its days."""
        return self.targets_between(self.perimeter.first, self.perimeter.last)

    def targets_between(self, first: date, last: date) -> set[float]:
        """The different waits aimed at on those days, both included."""
        sites = [self.sites[pk] for pk in self.site_ids if pk in self.sites]
        return {aim for site in sites for aim in site.targets_between(first, last)}

    def goal_minutes(self, day: date) -> int | None:
        """The one wait that was aimed at that day; None where sites differ."""
        found = self.targets_between(day, day)
        return int(min(found) // 60) if len(found) == 1 else None

    @property
    def topic_ids(self) -> Collection[int] | None:
        """The topics that count; None when all do."""
        if self.perimeter.topic is not None:
            return {self.perimeter.topic.pk}
        if self.perimeter.service is not None:
            service = self.perimeter.service.pk
            return {pk for pk, topic in self.topics.items() if topic.service == service}
        return None

    @property
    def longest_window(self) -> timedelta:
        """How far a repeat may lie from the contact that it repeats."""
        return timedelta(days=max((t.window_days for t in self.topics.values()), default=14))

    def today(self, now: datetime) -> date:
        """The day that people at the place are living."""
        return local_day(now, self.zone)

    def bounds(self, first: date, last: date) -> tuple[datetime, datetime]:
        """From the first instant of a day to the first one after another day."""
        return day_bounds(first, self.zone)[0], day_bounds(last, self.zone)[1]

    def cut_off(self, now: datetime) -> date:
        """The last day of which all contacts are known: yesterday."""
        return self.today(now) - ONE_DAY

    def mark(self) -> str:
        """Differs when a setting changed that the figures follow."""
        sites = sorted(
            (pk, site.zone, site.target_seconds, site.earlier_targets)
            for pk, site in self.sites.items()
        )
        topics = sorted((pk, *astuple(topic)[:-1]) for pk, topic in self.topics.items())
        return hashlib.sha256(repr((sites, topics)).encode()).hexdigest()[:16]


def frame_of(perimeter: Perimeter) -> Frame:
    """Read the sites and topics that a question is asked in."""
    topics = Topic.objects.filter(authority=perimeter.authority)
    return Frame(
        perimeter,
        _sites(perimeter.authority),
        {
            topic.pk: TopicFrame(
                topic.family_id,
                topic.service_id,
                topic.fcr_window_days,
                topic.is_resolvable,
                topic.label,
            )
            for topic in topics
        },
    )


def _sites(authority: Authority) -> dict[int, SiteFrame]:
    # A line for each earlier goal, in order; one without for a site that never had another.
    lines = Site.objects.filter(authority=authority).annotate(
        until=F("earlier_wait_targets__until"), before=F("earlier_wait_targets__minutes")
    )
    found: dict[int, SiteFrame] = {}
    for site in lines.order_by("pk", "until"):
        earlier = () if site.until is None else ((site.until, site.before * 60.0),)
        known = found.get(site.pk)
        found[site.pk] = SiteFrame(
            site.timezone,
            site.wait_target_minutes * 60.0,
            site.is_active,
            site.label,
            (*(known.earlier_targets if known else ()), *earlier),
        )
    return found
