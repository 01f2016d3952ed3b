"""Contacts and answers as the indicators need them: one query, and nobody's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from parvis.contacts.models import Channel, Contact, ContactQuerySet, Correction, Outcome
from parvis.feedback.models import Response
from parvis.quality.queries.perimeter import Frame
from parvis.quality.rules.resolution import ContactRow

_FIELDS = (
    "pk", "started_at", "person_id", "topic_id", "site_id", "outcome", "channel",
    "agent_id", "response__solved", "response__satisfaction", "response__pk",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """What one contact was answered: whether somebody answered, and with which score."""

    contact: int
    day: date
    score: int | None


@dataclass(frozen=True)
class Log:
    """The contacts of a perimeter with those around it, and the answers given to them."""

    rows: tuple[ContactRow, ...]
    heard: tuple[Heard, ...]
    channels: dict[str, int]  # of the days asked for


def log(frame: Frame, first: date, last: date, *, cut_off: date) -> Log:
    """The contacts of some local days, and around them whatever may repeat or be repeated."""
    window = frame.longest_window
    start, end = frame.bounds(first, last)
    around = frame.bounds(first - window, min(last + window, max(cut_off, last)))
    contacts = Contact.objects.filter(
        authority=frame.perimeter.authority, started_at__gte=around[0], started_at__lt=around[1]
    ).standing()
    # Further away only people who can be recognised matter.
    near = contacts.filter(Q(started_at__gte=start, started_at__lt=end) | Q(person__isnull=False))
    return read(frame, near, first, last)


def read(frame: Frame, contacts: QuerySet[Contact], first: date, last: date) -> Log:
    """Rows of the given contacts; only those of the perimeter and its days count."""
    place = _Place(frame, first, last)
    rows: list[ContactRow] = []
    heard: list[Heard] = []
    channels: dict[str, int] = {}
    for (
        pk, started_at, person, topic, site, outcome, channel, agent, solved, score, response
    ) in contacts.order_by().values_list(*_FIELDS):  # fmt: skip
        at = place.local(site, started_at)
        counted = place.holds(at.date(), site, topic, channel)
        known = frame.topics[topic]
        rows.append(
            ContactRow(
                at=at,
                person=person,
                family=known.family,
                declared=outcome == Outcome.RESOLVED,
                human=channel != Channel.ASSISTANT or agent is not None,
                confirmed=solved,
                resolvable=known.is_resolvable,
                window_days=known.window_days,
                counted=counted,
                key=pk,
            )
        )
        if counted:
            channels[channel] = channels.get(channel, 0) + 1
            if response is not None:
                heard.append(Heard(pk, at.date(), score))
    return Log(tuple(rows), tuple(heard), channels)


class _Place:
    """Whether a contact belongs to the perimeter, and what the clocks of its place showed."""

    def __init__(self, frame: Frame, first: date, last: date) -> None:
        perimeter = frame.perimeter
        self.first, self.last = first, last
        self.zone = frame.zone
        # Only sites in another time zone than the authority need a second look at the clock.
        self.others = {
            pk: ZoneInfo(site.zone)
            for pk, site in frame.sites.items()
            if site.zone != self.zone.key
        }
        self.site = perimeter.site and perimeter.site.pk
        self.channel = perimeter.channel
        self.topics = frame.topic_ids

    def local(self, site: int | None, at: datetime) -> datetime:
        if self.others and site in self.others:
            # Its own clock, read as if it hung here: the day is that of the place.
            return at.astimezone(self.others[site]).replace(tzinfo=self.zone)
        return at.astimezone(self.zone)

    def holds(self, day: date, site: int | None, topic: int, channel: str) -> bool:
        return (
            self.first <= day <= self.last
            and (self.site is None or self.site == site)
            and (not self.channel or self.channel == channel)
            and (self.topics is None or topic in self.topics)
        )


def contacts_of(frame: Frame, first: date, last: date) -> ContactQuerySet:
    """The contacts of the perimeter itself, as rows to read one by one."""
    perimeter = frame.perimeter
    start, end = frame.bounds(first, last)
    rows = Contact.objects.filter(
        authority=perimeter.authority, started_at__gte=start, started_at__lt=end
    ).standing()
    if perimeter.site is not None:
        rows = rows.filter(site=perimeter.site)
    if perimeter.channel:
        rows = rows.filter(channel=perimeter.channel)
    if frame.topic_ids is not None:
        rows = rows.filter(topic__in=frame.topic_ids)
    return rows


def stories_of(frame: Frame, contacts: Iterable[Contact]) -> QuerySet[Contact]:
    """All that the people of some contacts came for around those days."""
    shown = list(contacts)
    if not shown:
        return Contact.objects.none()
    window = frame.longest_window + timedelta(days=1)
    people = {contact.person_id for contact in shown if contact.person_id is not None}
    near = Contact.objects.filter(
        authority=frame.perimeter.authority,
        started_at__gte=min(contact.started_at for contact in shown) - window,
        started_at__lte=max(contact.started_at for contact in shown) + window,
    ).standing()
    return near.filter(Q(person__in=people) | Q(pk__in=[contact.pk for contact in shown]))


Newest = tuple[int, int, int]


def newest() -> Newest:
    """The ids of the last contact, correction and answer anywhere."""
    return (
        Contact.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
        Correction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
        Response.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
    )


def has_later(frame: Frame, first: date, last: date, known: Newest) -> bool:
    """Whether a contact, a correction or an answer was added to these days since."""
    window = frame.longest_window
    start, end = frame.bounds(first - window, last + window)
    authority = frame.perimeter.authority
    contact, correction, response = known
    return (
        Contact.objects.filter(
            pk__gt=contact, authority=authority, started_at__gte=start, started_at__lt=end
        ).exists()
        or Correction.objects.filter(
            pk__gt=correction,
            contact__authority=authority,
            contact__started_at__gte=start,
            contact__started_at__lt=end,
        ).exists()
        or Response.objects.filter(
            pk__gt=response,
            authority=authority,
            contact__started_at__gte=start,
            contact__started_at__lt=end,
        ).exists()
    )
