"""What the generator needs to know of the authorities, read once and kept as plain values."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from parvis.accounts.models import Agent
from parvis.common import clock
from parvis.demo.arrivals import Stretch
from parvis.demo.content.loader import Content
from parvis.demo.content.wording import CaseTemplate
from parvis.organisations import queries, rules
from parvis.organisations.models import Authority, Desk, Site, Topic

_FOLLOWERS = {"REF", "LIA"}
_RECEPTION = {"REC", "ADV"}


@dataclass(frozen=True, slots=True)
class TopicInfo:
    """A topic as far as chance is concerned."""

    id: int
    slug: str
    name: str
    family: str
    family_id: int
    series: str
    level: int
    service_id: int
    window: int
    share: float
    minutes: float
    version_id: int | None  # of the sheet that answers it


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with an account."""

    id: int
    username: str
    name: str
    service_id: int
    roles: frozenset[str]
    deputy: str

    def settles(self, topic: TopicInfo) -> bool:
        """May settle what is beyond reception, as a specialist of the owning service (R12)."""
        return bool(self.roles & _FOLLOWERS) and self.service_id == topic.service_id


@dataclass
class Place:
    """A site: its hours, its desks, who usually sits there."""

    id: int
    slug: str
    authority: "Body"
    zone: ZoneInfo
    schedule: rules.Schedule
    fairness: int
    has_kiosk: bool
    is_phone: bool
    desks: dict[int, int] = field(default_factory=dict)  # number -> id
    serves: dict[int, set[str]] = field(default_factory=dict)  # number -> topics
    staff: dict[int, list[Colleague]] = field(default_factory=dict)  # number -> who sits there

    def stretches(self, day: date, channel: str = "desk") -> list[Stretch]:
        """The open hours of a day, as instants and as the clocks of the place show them."""
        plan = rules.day_plan(self.schedule, rules.HoursChannel(channel), day)
        return [self.stretch(start, end) for start, end in plan.intervals]

    def whole_day(self, day: date) -> Stretch:
        """From midnight to midnight."""
        return self.stretch(*clock.day_bounds(day, self.zone))

    def stretch(self, start: datetime, end: datetime) -> Stretch:
        """From one instant to another."""
        wall = start.astimezone(self.zone)
        seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
        return Stretch(int(start.timestamp()), int(end.timestamp()), seconds)

    def local_day(self, at: int) -> date:
        """The day that people at the place are living at that instant."""
        return datetime.fromtimestamp(at, self.zone).date()


@dataclass
class Body:
    """An authority."""

    id: int
    slug: str
    population: int
    topics: dict[str, TopicInfo] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    staff: dict[str, Colleague] = field(default_factory=dict)
    followers: dict[int, list[Colleague]] = field(default_factory=dict)  # by service
    service_names: dict[int, str] = field(default_factory=dict)
    templates: dict[str, list[CaseTemplate]] = field(default_factory=dict)  # by topic

    @property
    def reception(self) -> list[Colleague]:
        """Who receives people."""
        return [one for one in self.staff.values() if one.roles & _RECEPTION]

    @property
    def heads(self) -> list[Colleague]:
        """Who may correct what others wrote down."""
        return [one for one in self.staff.values() if "MGR" in one.roles]


def read(content: Content) -> list[Body]:
    """All authorities of the demo, the town first."""
    return [_body(content, Authority.objects.get(slug=words.slug)) for words in
            content.authorities.authorities]  # fmt: skip


def _body(content: Content, authority: Authority) -> Body:
    words = next(a for a in content.authorities.authorities if a.slug == authority.slug)
    body = Body(authority.pk, authority.slug, words.population)
    body.topics = _topics(content, authority)
    body.service_names = dict(authority.services.values_list("id", "name"))
    body.staff = _staff(content, authority)
    for colleague in body.staff.values():
        if colleague.roles & _FOLLOWERS:
            body.followers.setdefault(colleague.service_id, []).append(colleague)
    for template in content.cases.templates:
        topic = body.topics.get(template.topic)
        if topic is not None and topic.service_id in body.followers:
            body.templates.setdefault(topic.slug, []).append(template)
    _places(content, body, authority)
    return body


def _topics(content: Content, authority: Authority) -> dict[str, TopicInfo]:
    sheets: dict[int, int | None] = {}
    own = {topic.sheet for topic in content.topics.topics}
    links = Topic.sheets.through.objects.filter(sheet__authority=authority, sheet__ref__in=own)
    for topic_id, version_id in links.values_list("topic_id", "sheet__current_id"):
        sheets[topic_id] = version_id
    found = {}
    rows = Topic.objects.filter(authority=authority, slug__in=content.topic_by_slug)
    for row in rows.select_related("family").order_by("id"):
        words = content.topic_by_slug[row.slug]
        found[row.slug] = TopicInfo(
            id=row.pk,
            slug=row.slug,
            name=row.name,
            family=row.family.slug,
            family_id=row.family_id,
            series=row.family.series,
            level=row.level,
            service_id=row.service_id,
            window=row.fcr_window_days,
            share=words.share,
            minutes=words.handling.mean,
            version_id=sheets.get(row.pk),
        )
    return found


def _staff(content: Content, authority: Authority) -> dict[str, Colleague]:
    rows = {
        agent.username: agent for agent in Agent.objects.filter(authority=authority, is_robot=False)
    }
    return {
        person.username: Colleague(
            id=rows[person.username].pk,
            username=person.username,
            name=f"{person.first} {person.last}",
            service_id=rows[person.username].service_id or 0,
            roles=frozenset(person.roles),
            deputy=person.deputy,
        )
        for person in content.people.staff[authority.slug]
    }


def _places(content: Content, body: Body, authority: Authority) -> None:
    words = next(a for a in content.authorities.authorities if a.slug == authority.slug)
    rows = {site.slug: site for site in authority.sites.select_related("authority")}
    schedules = queries.schedules_of(rows.values())
    served: dict[int, set[str]] = defaultdict(set)
    for desk_id, slug in Desk.topics.through.objects.filter(
        desk__site__authority=authority
    ).values_list("desk_id", "topic__slug"):
        served[desk_id].add(slug)
    for site in words.sites:
        row = rows[site.slug]
        place = _place(row, body, schedules[row.pk], has_kiosk=site.kiosk, kind=site.kind)
        for desk in Desk.objects.filter(site=row).order_by("position"):
            place.desks[desk.position] = desk.pk
            place.serves[desk.position] = served[desk.pk]
            place.staff[desk.position] = _who_sits(content, body, site.slug, desk.position)
        body.places[site.slug] = place


def _place(row: Site, body: Body, schedule: rules.Schedule, *, has_kiosk: bool, kind: str) -> Place:
    return Place(
        id=row.pk,
        slug=row.slug,
        authority=body,
        zone=ZoneInfo(row.timezone),
        schedule=schedule,
        fairness=row.fairness_minutes * 60,
        has_kiosk=has_kiosk,
        is_phone=kind == "phone",
    )


def _who_sits(content: Content, body: Body, site: str, number: int) -> list[Colleague]:
    """Those whose desk it is; where it is nobody's, those who follow what it serves."""
    own = [
        body.staff[person.username]
        for person in content.people.staff[body.slug]
        if person.site == site and person.desk == number
    ]
    if own:
        return own
    visiting = {"urbanisme": "etienne.joubertin", "mairie/13": "fabrice.drouard"}
    username = visiting.get(f"{site}/{number}") or visiting.get(site)
    if username in body.staff and (site != "mairie" or number == 13):
        return [body.staff[username]]
    return []


def midnight(day: date) -> int:
    """The first second of a day, in UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def next_working_day(day: date, days: int = 0) -> date:
    """So many working days later; with none, the day itself or the Monday after it."""
    while day.weekday() >= 5:
        day += timedelta(days=1)
    for _one in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day
