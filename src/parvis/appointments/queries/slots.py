"""Free slots: what an agenda offers, read once for all the days that are looked at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from parvis.accounts import queries as accounts
from parvis.accounts.rules import Away
from parvis.appointments import rules
from parvis.appointments.models import Agenda, AgendaTopic, Appointment, Seat
from parvis.common.access import Actor
from parvis.common.clock import ONE_DAY, day_bounds, local_day
from parvis.organisations import rules as places
from parvis.organisations.models import Authority
from parvis.organisations.queries import schedules_of

# Colleagues may look past what is published; further ahead no rota is to be trusted.
AGENTS_SEE_DAYS: Final = 180
AROUND: Final = timedelta(days=10)  # how far the nearest free slots are looked for
MARGIN: Final = timedelta(days=1)


@dataclass(frozen=True)
class Free:
    """A start that may be booked, in which agenda, and how many people could."""

    starts_at: datetime
    free: int
    offering: AgendaTopic


@dataclass(frozen=True)
class FreeDay:
    """The free slots of one local day."""

    day: date
    slots: list[Free]


@dataclass(frozen=True)
class Window:
    """Between which instants somebody may book."""

    earliest: datetime
    latest: datetime


class Diary:
    """An agenda as the rules look at it: its hours and what is taken, for a stretch of days."""

    def __init__(
        self, agenda: Agenda, schedule: places.Schedule, away: Sequence[Away] = ()
    ) -> None:
        self.agenda = agenda
        self._away = away  # absences of the colleague whose agenda it is
        self.zone = ZoneInfo(agenda.site.timezone)
        self._schedule = schedule
        self._rota = [
            rules.WeeklyHours(
                row.weekday, row.opens, row.closes, row.seats, row.valid_from, row.valid_until
            )
            for row in agenda.rotas.all()
        ]
        self._special = [
            rules.SpecialHours(row.date, row.opens, row.closes, row.seats)
            for row in agenda.special_days.all()
        ]
        self._blocked = [
            rules.Blocked(row.starts_at, row.ends_at, row.seats) for row in agenda.blocks.all()
        ]
        self.taken: dict[int, set[int]] = {}

    def room(self, day: date) -> dict[int, rules.Room]:
        """How many people may be received at once that day, tick by tick."""
        if any(one.covers(day) for one in self._away):
            return {}
        return rules.room_of_day(
            day,
            self.zone,
            rota=self._rota,
            special=self._special,
            openings=self._openings(day),
            blocked=self._blocked,
        )

    def slots(self, need: rules.Need, day: date, window: Window) -> list[rules.Slot]:
        """The free slots of one day."""
        return rules.free_slots(
            self.room(day),
            self.taken,
            need,
            earliest=window.earliest,
            latest=window.latest,
        )

    def _openings(self, day: date) -> Sequence[tuple[datetime, datetime]]:
        if not self._schedule.seasons:  # nobody declares hours here: the rota alone decides
            plan = places.day_plan(self._whole_days(day), places.HoursChannel.DESK, day)
            return plan.intervals
        for channel in (places.HoursChannel.APPOINTMENT, places.HoursChannel.DESK):
            plan = places.day_plan(self._schedule, channel, day)
            if plan.confirmed:
                return plan.intervals
        return ()

    def _whole_days(self, day: date) -> places.Schedule:
        week = tuple((n, places.Opening(_MIDNIGHT, _LAST)) for n in range(7))
        season = places.Season(places.HoursChannel.DESK, day, day, week)
        return places.Schedule(
            self._schedule.zone,
            (season,),
            self._schedule.exceptions,
            self._schedule.closures,
            self._schedule.territory,
        )


_MIDNIGHT, _LAST = datetime.min.time(), datetime.max.time().replace(microsecond=0)


def offerings(
    authority: Authority | int, *, public: bool = True, topic: str = "", site: str = ""
) -> QuerySet[AgendaTopic]:
    """What may be booked at an authority: topic by topic, agenda by agenda."""
    pk = authority if isinstance(authority, int) else authority.pk
    rows = AgendaTopic.objects.filter(
        agenda__authority_id=pk,
        agenda__is_active=True,
        agenda__site__is_active=True,
        topic__is_active=True,
    )
    if public:
        rows = rows.filter(agenda__is_public=True)
    if topic:
        rows = rows.filter(topic__slug=topic)
    if site:
        rows = rows.filter(agenda__site__slug=site)
    return _whole(rows).order_by(
        "topic__family__position", "topic__name", "agenda__site__name", "agenda__name", "id"
    )


def offering(agenda_id: int, topic_id: int) -> AgendaTopic | None:
    """What an agenda offers for a topic, whether published or not."""
    return _whole(AgendaTopic.objects.filter(agenda_id=agenda_id, topic_id=topic_id)).first()


def offerings_of_agenda(agenda: Agenda) -> list[AgendaTopic]:
    """What one agenda offers, the topic that comes first by name."""
    rows = _whole(AgendaTopic.objects.filter(agenda=agenda, topic__is_active=True))
    return list(rows.order_by("topic__name", "id"))


def offerings_for_case(agents: Iterable[int], topic_id: int) -> list[AgendaTopic]:
    """How the people who follow a case may be met: the referent first, for its topic if possible.

    An agenda that does not name the topic of the case offers its first one.
    """
    order = list(agents)
    rows = _whole(AgendaTopic.objects.filter(agenda__agent_id__in=order, agenda__is_active=True))
    by_agent: dict[int, list[AgendaTopic]] = defaultdict(list)
    for row in rows.order_by("id"):
        by_agent[row.agenda.agent_id or 0].append(row)
    return [
        min(by_agent[agent], key=lambda row: (row.topic_id != topic_id, row.pk))
        for agent in order
        if agent in by_agent
    ]


def window(agenda: Agenda, *, now: datetime, by_agent: bool = False) -> Window:
    """When may be booked: after the notice and as far as published; colleagues see further."""
    zone = ZoneInfo(agenda.site.timezone)
    days = AGENTS_SEE_DAYS if by_agent else agenda.horizon_days
    notice = timedelta(0) if by_agent else timedelta(minutes=agenda.notice_minutes)
    _first, latest = day_bounds(local_day(now, zone) + timedelta(days=days), zone)
    return Window(now + notice, latest)


def diaries(
    agendas: Iterable[Agenda], first: date, last: date, *, ignoring: Appointment | None = None
) -> dict[int, Diary]:
    """Everything about some agendas between two days, in a fixed number of queries."""
    wanted = {agenda.pk: agenda for agenda in agendas}
    rows = list(
        Agenda.objects.filter(pk__in=wanted)
        .select_related("site__authority")
        .prefetch_related("rotas", "special_days", "blocks")
    )
    schedules = schedules_of({row.site_id: row.site for row in rows}.values())
    away = accounts.away_between(first, last, [row.agent_id for row in rows if row.agent_id])
    found = {
        row.pk: Diary(row, schedules[row.site_id], away.get(row.agent_id or 0, ())) for row in rows
    }
    taken = _taken(list(wanted), first, last, ignoring)
    for pk, diary in found.items():
        diary.taken = taken[pk]
    return found


def free_days(
    rows: Sequence[AgendaTopic],
    *,
    now: datetime,
    first: date | None = None,
    count: int = 5,
    by_agent: bool = False,
    ignoring: Appointment | None = None,
) -> list[FreeDay]:
    """The next days on which something is free, from a day on; at most ``count`` of them."""
    if not rows:
        return []
    windows = {row.pk: window(row.agenda, now=now, by_agent=by_agent) for row in rows}
    zone = ZoneInfo(rows[0].agenda.site.timezone)
    start = max(first or date.min, local_day(min(w.earliest for w in windows.values()), zone))
    last = local_day(max(w.latest for w in windows.values()), zone)
    if start > last:
        return []
    found = diaries((row.agenda for row in rows), start, last, ignoring=ignoring)
    days: list[FreeDay] = []
    for day in _days(start, last):
        slots = _merged(
            Free(slot.starts_at, slot.free, row)
            for row in rows
            for slot in found[row.agenda_id].slots(_need(row), day, windows[row.pk])
        )
        if slots:
            days.append(FreeDay(day, slots))
        if len(days) == count:
            break
    return days


def nearest_slots(
    rows: Sequence[AgendaTopic],
    wanted: datetime,
    *,
    now: datetime,
    by_agent: bool = False,
    count: int = 3,
    ignoring: Appointment | None = None,
) -> list[datetime]:
    """The free starts closest to a wanted one: what to say instead of a mere “no”."""
    if not rows:
        return []
    zone = ZoneInfo(rows[0].agenda.site.timezone)
    first = max(local_day(wanted - AROUND, zone), local_day(now, zone))
    near = free_days(
        rows, now=now, first=first, count=2 * AROUND.days, by_agent=by_agent, ignoring=ignoring
    )
    slots = [rules.Slot(one.starts_at, one.free) for day in near for one in day.slots]
    return [slot.starts_at for slot in rules.nearest(slots, wanted, count)]


def place_for(
    row: AgendaTopic,
    starts_at: datetime,
    *,
    now: datetime,
    by_agent: bool = False,
    ignoring: Appointment | None = None,
) -> int | None:
    """The place that would be taken; None when this start may not be booked."""
    allowed = window(row.agenda, now=now, by_agent=by_agent)
    # A slot of this moment may still be booked by somebody who has the visitor in front of them.
    grace = timedelta(minutes=row.minutes) if by_agent else timedelta(0)
    if not allowed.earliest - grace <= starts_at < allowed.latest:
        return None
    if not rules.is_on_tick(starts_at):
        return None
    day = local_day(starts_at, ZoneInfo(row.agenda.site.timezone))
    diary = diaries([row.agenda], day, day, ignoring=ignoring)[row.agenda_id]
    return rules.free_place(diary.room(day), diary.taken, rules.tick_of(starts_at), _need(row))


def bookable_agendas(actor: Actor) -> QuerySet[Agenda]:
    """The agendas in use of the actor's authority, with what a page shows of them."""
    rows = Agenda.objects.visible_to(actor).filter(is_active=True)
    return rows.select_related("site__authority", "service", "agent__entry")


def takes_appointments_today(site_id: int, *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether anybody is expected at a site today, so that its kiosk offers to check in."""
    start, end = day_bounds(local_day(now, zone), zone)
    return Appointment.objects.filter(
        agenda__site_id=site_id, starts_at__gte=start, starts_at__lt=end
    ).exclude(state=Appointment.State.CANCELLED).exists()  # fmt: skip


def _whole(rows: QuerySet[AgendaTopic]) -> QuerySet[AgendaTopic]:
    return rows.select_related(
        "agenda__site__authority", "agenda__service", "agenda__agent__entry__service",
        "topic__family", "topic__service",
    )  # fmt: skip


def _need(row: AgendaTopic) -> rules.Need:
    return rules.Need.of_minutes(row.minutes, row.agenda.buffer_minutes)


def _taken(
    agendas: list[int], first: date, last: date, ignoring: Appointment | None
) -> dict[int, dict[int, set[int]]]:
    # A day on each side covers every time zone, and what is kept free past midnight.
    lowest = rules.tick_of(day_bounds(first - MARGIN, ZoneInfo("UTC"))[0])
    highest = rules.tick_of(day_bounds(last + MARGIN, ZoneInfo("UTC"))[1])
    seats = Seat.objects.filter(
        Q(agenda_id__in=agendas), tick__gte=lowest, tick__lt=highest
    )  # fmt: skip
    if ignoring is not None:
        own = Q(appointment_id=ignoring.pk) | Q(offer__appointment_id=ignoring.pk)
        seats = seats.exclude(own)
    taken: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for agenda, tick, place in seats.values_list("agenda_id", "tick", "place"):
        taken[agenda][tick].add(place)
    return taken


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def _merged(slots: Iterable[Free]) -> list[Free]:
    """One slot per start: of several agendas, the one that has most room."""
    ordered = sorted(slots, key=lambda one: (one.starts_at, -one.free, one.offering.pk))
    return [next(same) for _start, same in groupby(ordered, key=lambda one: one.starts_at)]
