"""Appointments of the demo town: agendas, the years behind, a half-full today, the weeks ahead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from parvis.appointments import keys, queries, rules
from parvis.appointments.models import (
    Agenda,
    AgendaTopic,
    Appointment,
    Rota,
    Seat,
    SpecialDay,
)
from parvis.common import codes
from parvis.common.clock import local_day
from parvis.demo import offers, seeds
from parvis.demo.content.loader import Content
from parvis.demo.loading import Table
from parvis.demo.references import References
from parvis.demo.town import Body, Colleague
from parvis.organisations.models import Desk, Service, Site, Topic
from parvis.queue.models import Ticket

STATIONS: Final = 4
_MORNING, _AFTERNOON = (time(8, 30), time(12, 30)), (time(13, 30), time(17, 30))
_ADVICE = (time(9), time(12)), (time(14), time(17))
_OWN = (time(14), time(16, 30))
_IDENTITY: Final = ("cni-demande", "passeport-demande", "titre-mineur")
_PLANNING: Final = ("declaration-prealable", "permis-construire", "certificat-urbanisme")
_AHEAD: Final = 12  # days that are filled, less and less
_MISSED, _CANCELLED = 0.06, 0.05  # per appointment kept
_GRID: Final = 20 * 60
_COLUMNS: Final = (
    "authority agenda topic uid code secret_hash sequence state starts_at ends_at made booked_at "
    "name email phone language note wants_earlier arrived_at started_at ended_at cancelled_by "
    "reason ticket contact forgotten_at"
)


@dataclass(frozen=True)
class Wanted:
    """An agenda as it is laid out."""

    name: str
    english: str
    site: str
    topics: tuple[str, ...]
    minutes: int
    seats: int
    week: dict[int, tuple[tuple[time, time], ...]]


_SHARED: Final = (
    Wanted(
        "Titres d’identité",
        "Identity papers",
        "mairie",
        _IDENTITY,
        20,
        STATIONS,
        {**dict.fromkeys(range(5), (_MORNING, _AFTERNOON)), 5: ((time(9), time(12)),)},
    ),
    Wanted(
        "Conseil urbanisme",
        "Planning advice",
        "urbanisme",
        _PLANNING,
        30,
        1,
        {1: _ADVICE, 3: _ADVICE},
    ),
)


def create(body: Body, *, since: date) -> list[Agenda]:
    """The agendas of the town: two that are shared, and one of every referent."""
    made = [_shared(body, wanted, since) for wanted in _SHARED]
    followers = [one for staff in body.followers.values() for one in staff]
    seen: set[int] = set()
    for colleague in followers:
        if colleague.id not in seen:
            seen.add(colleague.id)
            own = _own(body, colleague, since)
            made += [own] if own else []
    return made


def past(body: Body, agendas: Iterable[Agenda], *, seed: int, now: datetime) -> int:
    """The appointments behind the tickets that were served: the same visits, not more of them."""
    shared = next(one for one in agendas if one.agent_id is None)
    chance = seeds.rng(seed, "appointments", body.slug)
    written = _Past(shared, chance, now - rules.KEPT)
    topics = [body.topics[slug].id for slug in _IDENTITY]
    tickets = Ticket.objects.filter(site=shared.site, topic__in=topics, state="done")
    fields = ("pk", "topic_id", "issued_at", "started_at", "ended_at", "contact_id")
    for row in tickets.order_by("pk").values_list(*fields).iterator(chunk_size=5000):
        written.kept(row)
        if chance.random() < _MISSED + _CANCELLED:
            written.not_kept(row)
    written.table.flush()
    return written.table.written


def today(body: Body, content: Content, *, seed: int, now: datetime) -> None:
    """Today’s half-full agendas and the days ahead; a visitor of a referent has just arrived."""
    agendas = list(
        Agenda.objects.filter(authority_id=body.id)
        .select_related("site__authority", "agent")
        .order_by("pk")
    )
    if not agendas:
        return
    chance = seeds.rng(seed, "booked", body.slug, now.isoformat())
    names = _Names(content, chance)
    zone = ZoneInfo(agendas[0].site.timezone)
    day = local_day(now, zone)
    _receive_today(agendas[0], day, now, zone)
    Appointment.objects.filter(agenda__in=agendas, state=rules.BOOKED, ends_at__lt=now).update(
        state=rules.MISSED, ended_at=now
    )
    for agenda in agendas:
        _fill(agenda, names, chance, day, now, zone)
    offers.one_held(agendas[0], now=now)
    offers.one_here(agendas[0], seed=seed, now=now)
    own = next((one for one in agendas if one.agent_id), None)
    if own is not None:
        _arrived(own, names, chance, now)


class _Names:
    """People of the town who book, with codes of their own and addresses that reach nobody."""

    def __init__(self, content: Content, chance: Random) -> None:
        self.first = [one.name for one in content.people.first_names]
        self.last = content.people.last_names
        self.chance = chance
        self.codes = References(Appointment, "code")

    def guest(self) -> dict[str, str]:
        first, last = self.chance.choice(self.first), self.chance.choice(self.last)
        reach = self.chance.random()
        return {
            "name": f"{first} {last}",
            "email": "" if reach < 0.3 else f"personne{self.chance.randrange(9999)}@example.org",
            "phone": f"06399801{self.chance.randrange(100):02}" if reach < 0.6 else "",
        }


def _shared(body: Body, wanted: Wanted, since: date) -> Agenda:
    site = Site.objects.get(pk=body.places[wanted.site].id)
    topics = [Topic.objects.get(pk=body.topics[slug].id) for slug in wanted.topics]
    at_desk = Desk.objects.filter(site=site, is_active=True, topics__in=topics)
    agenda = Agenda.objects.create(
        authority_id=body.id,
        site=site,
        service=topics[0].service,
        name=wanted.name,
        name_en=wanted.english,
        is_in_hall=len(set(at_desk.values_list("topics", flat=True)) & {t.pk for t in topics})
        == len(topics),
    )
    _lay_out(agenda, topics, wanted.minutes, wanted.seats, wanted.week, since)
    return agenda


def _own(body: Body, colleague: Colleague, since: date) -> Agenda | None:
    followed = sorted(
        (one for one in body.topics.values() if one.service_id == colleague.service_id),
        key=lambda topic: (-topic.level, topic.slug),
    )
    if not followed:
        return None
    service = Service.objects.get(pk=colleague.service_id)
    site = body.places.get(service.slug) or body.places["mairie"]
    agenda = Agenda.objects.create(
        authority_id=body.id,
        site_id=site.id,
        service=service,
        agent_id=colleague.id,
        name=colleague.name,
        is_public=False,
        is_in_hall=False,
    )
    topics = [Topic.objects.get(pk=one.id) for one in followed[:3]]
    _lay_out(agenda, topics, 30, 1, {0: (_OWN,), 2: (_OWN,), 4: (_OWN,)}, since)
    return agenda


def _lay_out(
    agenda: Agenda,
    topics: list[Topic],
    minutes: int,
    seats: int,
    week: dict[int, tuple[tuple[time, time], ...]],
    since: date,
) -> None:
    AgendaTopic.objects.bulk_create(
        AgendaTopic(agenda=agenda, topic=topic, minutes=minutes) for topic in topics
    )
    Rota.objects.bulk_create(
        Rota(
            agenda=agenda,
            weekday=weekday,
            opens=opens,
            closes=closes,
            seats=seats,
            valid_from=since,
        )
        for weekday, hours in week.items()
        for opens, closes in hours
    )


class _Past:
    """The appointments of an agenda that are over, by their ticket."""

    def __init__(self, agenda: Agenda, chance: Random, forgotten: datetime) -> None:
        self.table = Table(Appointment, _COLUMNS)
        self.agenda, self.chance, self.forgotten = agenda, chance, forgotten
        self.codes = References(Appointment, "code")

    def kept(self, row: Any) -> None:
        """Somebody came, and was received."""
        ticket, topic, issued, started, ended, contact = row
        arrived = int(issued.timestamp())
        starts = -(-(arrived + self.chance.choice((0, 120, 300))) // _GRID) * _GRID
        details = {
            "arrived_at": arrived,
            "started_at": started and int(started.timestamp()),
            "ended_at": int(ended.timestamp()),
            "ticket": ticket,
            "contact": contact,
        }
        self._write(topic, starts, rules.SERVED, **details)

    def not_kept(self, row: Any) -> None:
        """Somebody else, at the same hour, did not come or had cancelled."""
        topic, starts = row[1], -(-int(row[2].timestamp()) // _GRID) * _GRID
        if self.chance.random() < _MISSED / (_MISSED + _CANCELLED):
            self._write(topic, starts, rules.MISSED, ended_at=starts + 50 * 60)
            return
        early = starts - self.chance.randrange(3600, 90 * 3600)
        ended: dict[str, Any] = {"ended_at": early, "cancelled_by": "person", "sequence": 1}
        self._write(topic, starts, rules.CANCELLED, **ended)

    def _write(self, topic: int, starts: int, state: str, **more: Any) -> None:
        chance = self.chance
        uid = UUID(int=chance.getrandbits(128), version=4)
        ends = starts + _GRID
        is_old = ends < self.forgotten.timestamp()
        values = {
            "authority": self.agenda.authority_id,
            "agenda": self.agenda.pk,
            "topic": topic,
            "uid": uid.hex,
            "code": self.codes.draw(chance),
            "secret_hash": codes.hash_secret(uid.hex),
            "sequence": 0,
            "state": state,
            "starts_at": starts,
            "ends_at": ends,
            "made": chance.choice(("public", "public", "agent")),
            "booked_at": starts - chance.randrange(4 * 86_400, 35 * 86_400),
            "name": "" if is_old else "Visiteur de la démonstration",
            "language": "fr",
            "wants_earlier": False,
            "forgotten_at": ends + int(rules.KEPT.total_seconds()) if is_old else None,
            **more,
        }
        empty = {"email", "phone", "note", "cancelled_by", "reason"}
        columns = _COLUMNS.split()
        self.table.add(*(values.get(name, "" if name in empty else None) for name in columns))


def _receive_today(agenda: Agenda, day: date, now: datetime, zone: ZoneInfo) -> None:
    """On a day without appointments, such as a Sunday, the demonstration receives all the same."""
    if queries.diaries([agenda], day, day)[agenda.pk].room(day):
        return
    hour = now.astimezone(zone).hour
    SpecialDay.objects.get_or_create(
        agenda=agenda,
        date=day,
        defaults={
            "opens": time(max(hour - 2, 0)),
            "closes": time(min(hour + 4, 23), 55 if hour > 18 else 0),
            "seats": STATIONS,
        },
    )


def _fill(
    agenda: Agenda, names: _Names, chance: Random, day: date, now: datetime, zone: ZoneInfo
) -> None:
    rows = queries.offerings_of_agenda(agenda)
    found = queries.free_days(
        rows, now=now - timedelta(hours=2), first=day, count=_AHEAD, by_agent=True
    )
    appointments, seats = [], []
    known = _booked_days(agenda, now, zone)
    for n, free_day in enumerate(found):
        if free_day.day in known:
            continue  # filled when the town was opened on an earlier day
        share = 0.55 if n == 0 else max(0.08, 0.5 - 0.04 * n)
        for slot in free_day.slots:
            for place in range(1, slot.free + 1):
                if chance.random() < share:
                    made = _booked(chance.choice(rows), slot.starts_at, names, chance, now)
                    appointments.append(made)
                    seats += _seats(made, place)
    Appointment.objects.bulk_create(appointments)
    Seat.objects.bulk_create(seats, batch_size=2000)


def _booked_days(agenda: Agenda, now: datetime, zone: ZoneInfo) -> set[date]:
    ahead = Appointment.objects.filter(agenda=agenda, starts_at__gt=now - timedelta(days=1))
    booked = ahead.filter(state__in=[rules.BOOKED, rules.ARRIVED])
    return {local_day(at, zone) for at in booked.values_list("starts_at", flat=True)}


def _booked(
    row: AgendaTopic, starts_at: datetime, names: _Names, chance: Random, now: datetime
) -> Appointment:
    made = Appointment(
        authority_id=row.agenda.authority_id,
        agenda=row.agenda,
        topic=row.topic,
        uid=UUID(int=chance.getrandbits(128), version=4),
        code=names.codes.draw(chance),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=row.minutes),
        made=chance.choice(("public", "public", "agent")),
        booked_at=now - timedelta(days=chance.randrange(1, 20)),
        wants_earlier=chance.random() < 0.1,
        **names.guest(),
    )
    made.wants_earlier = made.wants_earlier and bool(made.email or made.phone)
    if made.ends_at + rules.MISSED_AFTER < now:
        made.state, made.ended_at = rules.MISSED, made.ends_at + rules.MISSED_AFTER
    made.secret_hash = codes.hash_secret(keys.secret_of(made))
    return made


def _seats(made: Appointment, place: int) -> list[Seat]:
    first, last = rules.tick_of(made.starts_at), rules.tick_of(made.ends_at)
    return [
        Seat(agenda_id=made.agenda_id, tick=tick, place=place, appointment=made)
        for tick in range(first, last)
    ]


def _arrived(agenda: Agenda, names: _Names, chance: Random, now: datetime) -> None:
    row = queries.offerings_of_agenda(agenda)[0]
    starts_at = rules.instant_of_tick(rules.tick_of(now) + 2)
    taken = Seat.objects.filter(
        agenda=agenda, tick__gte=rules.tick_of(starts_at), tick__lt=rules.tick_of(starts_at) + 6
    )
    if taken.exists():
        return
    made = _booked(row, starts_at, names, chance, now)
    made.state, made.arrived_at = rules.ARRIVED, now - timedelta(minutes=4)
    made.save()
    Seat.objects.bulk_create(_seats(made, 1))
