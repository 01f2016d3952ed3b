"""The coverage of the reception by sheets, service by service, and what is behind each share."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from parvis.contacts.models import Contact, ContactSheet
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority, Service, Topic
from parvis.quality.queries.perimeter import Frame
from parvis.quality.rules import sheets as rules
from parvis.quality.rules.measures import FEW_BELOW, HIDDEN_BELOW, Indicator, Tally

M = TypeVar("M", Sheet, Topic)
HOUSE = 0  # stands for all services together


@dataclass(frozen=True)
class Share:
    """So many out of so many; few contacts could single somebody out, and are not told."""

    indicator: Indicator
    tally: Tally

    @property
    def is_hidden(self) -> bool:
        """Fewer than five contacts."""
        return self.is_about_people and 0 < self.tally.total < HIDDEN_BELOW

    @property
    def is_few(self) -> bool:
        """Enough to be told, too few to be trusted."""
        return self.is_about_people and HIDDEN_BELOW <= self.tally.total < FEW_BELOW

    @property
    def is_about_people(self) -> bool:
        """Sheets and topics are nobody."""
        return self.indicator.code in rules.ABOUT_PEOPLE


@dataclass(frozen=True)
class ServiceRow:
    """One service with its shares, in the order of the rules."""

    service: Service | None
    shares: list[Share]


@dataclass
class Counted:
    """What is counted of one indicator, by service."""

    tallies: dict[int, Tally] = field(default_factory=dict)

    def add(self, service_id: int, successes: int, total: int) -> None:
        """Count for the service and for the whole house."""
        for key in {service_id, HOUSE}:
            self.tallies[key] = self.tallies.get(key, Tally()) + Tally(successes, total)


def service_rows(frame: Frame, today: date) -> list[ServiceRow]:
    """Every service that has topics or sheets, the house first; six queries in all."""
    found = {
        rules.COVERAGE.code: _contacts(frame, _covered()),
        rules.USED.code: _contacts(frame, _used()),
        rules.FRESHNESS.code: _sheets(frame, fresh(today)),
        rules.KEEPER.code: _sheets(frame, KEPT),
        rules.TOPICS.code: _topics(frame),
    }
    services = Service.objects.filter(authority=frame.perimeter.authority).order_by("name")
    keys = {key for counted in found.values() for key in counted.tallies}
    shown = [None, *(service for service in services if service.pk in keys)]
    return [ServiceRow(service, list(_shares(service, found))) for service in shown]


def _shares(service: Service | None, found: Mapping[str, Counted]) -> Iterator[Share]:
    key = service.pk if service else HOUSE
    for indicator in rules.ORDER:
        yield Share(indicator, found[indicator.code].tallies.get(key, Tally()))


def own_sheets(authority: Authority) -> QuerySet[Sheet]:
    """The sheets that the house keeps and that are read."""
    return Sheet.objects.filter(
        authority=authority,
        nature=Sheet.Nature.SHEET,
        state=Sheet.State.PUBLISHED,
        current__isnull=False,
    )


def fresh(today: date) -> Q:
    """Within its date, and an urgent correction checked by somebody else."""
    in_time = Q(review_due_on=None) | Q(review_due_on__gte=today)
    return in_time & (Q(urgent_check_by=None) | Q(urgent_check_by__gte=today))


KEPT = Q(keeper__isnull=False, keeper__is_active=True)


def _sheets(frame: Frame, good: Q) -> Counted:
    counted = Counted()
    rows = own_sheets(frame.perimeter.authority).values("service_id").order_by()
    for row in rows.annotate(total=Count("pk"), good=Count("pk", filter=good)):
        counted.add(row["service_id"] or -1, row["good"], row["total"])
    return counted


def bare_topics(authority: Authority) -> QuerySet[Topic]:
    """The topics in use that nothing read answers."""
    has_sheet = Exists(_of_topic(authority, OuterRef("pk")))
    return Topic.objects.filter(~has_sheet, authority=authority, is_active=True)


def _of_topic(authority: Authority | OuterRef, topic: OuterRef) -> QuerySet[Sheet]:
    readable = Q(authority=authority) | Q(authority=None)
    return Sheet.objects.filter(
        readable,
        topics=topic,
        nature=Sheet.Nature.SHEET,
        state=Sheet.State.PUBLISHED,
        current__isnull=False,
    )


def _topics(frame: Frame) -> Counted:
    counted = Counted()
    house = frame.perimeter.authority
    bare = set(bare_topics(house).values_list("pk", flat=True))
    every = Topic.objects.filter(authority=house, is_active=True)
    for topic_id, service_id in every.values_list("pk", "service_id"):
        counted.add(service_id, int(topic_id not in bare), 1)
    return counted


def contacts(frame: Frame) -> QuerySet[Contact]:
    """The contacts of the period and the place asked for."""
    asked = frame.perimeter
    first, after = frame.bounds(asked.first, asked.last)
    rows = Contact.objects.filter(
        authority=asked.authority, undone_at=None, started_at__gte=first, started_at__lt=after
    )
    if asked.site is not None:
        rows = rows.filter(site=asked.site)
    if frame.topic_ids is not None:
        rows = rows.filter(topic_id__in=frame.topic_ids)
    if asked.channel:
        rows = rows.filter(channel=asked.channel)
    return rows


def _covered() -> Exists:
    return Exists(_of_topic(OuterRef("authority_id"), OuterRef("topic_id")))


def _used() -> Exists:
    return Exists(ContactSheet.objects.filter(contact=OuterRef("pk")))


def _contacts(frame: Frame, is_good: Exists) -> Counted:
    counted = Counted()
    rows = contacts(frame).annotate(is_good=is_good, of=F("topic__service_id"))
    grouped = rows.values("of").order_by().annotate(
        total=Count("pk"), good=Count("pk", filter=Q(is_good=True))
    )  # fmt: skip
    for row in grouped:
        counted.add(row["of"], row["good"], row["total"])
    return counted


@dataclass(frozen=True)
class Line:
    """One thing behind a share: a sheet, or a topic with its contacts."""

    ref: str
    title: str
    service: str
    detail: date | int | None  # the next check, or the contacts of the period
    contacts: int = 0


def behind(frame: Frame, code: str, service_id: int | None, today: date) -> list[Line]:
    """What is lacking: sheets past their date or kept by nobody, topics without a sheet."""
    house = frame.perimeter.authority
    if code in {rules.FRESHNESS.code, rules.KEEPER.code}:
        good = fresh(today) if code == rules.FRESHNESS.code else KEPT
        sheets = own_sheets(house).exclude(pk__in=own_sheets(house).filter(good).values("pk"))
        return [
            Line(s.ref, s.title, s.service.label if s.service else "", s.review_due_on)
            for s in _of(sheets, service_id).select_related("service").order_by("review_due_on")
        ]
    lacking = _of(bare_topics(house), service_id).select_related("service")
    if code == rules.USED.code:
        lacking = _of(
            Topic.objects.filter(authority=house, is_active=True), service_id
        ).select_related("service")
    unserved = contacts(frame)
    if code == rules.USED.code:
        unserved = unserved.exclude(_used())
    numbers = dict(unserved.values_list("topic_id").order_by().annotate(n=Count("pk")))
    lines = [
        Line("", t.label, t.service.label, n, n) for t in lacking for n in [numbers.get(t.pk, 0)]
    ]
    if code in rules.ABOUT_PEOPLE:
        lines = [line for line in lines if line.contacts]
    return sorted(lines, key=lambda line: (-line.contacts, line.title))


def _of(rows: QuerySet[M], service_id: int | None) -> QuerySet[M]:
    return rows if service_id is None else rows.filter(service_id=service_id)
