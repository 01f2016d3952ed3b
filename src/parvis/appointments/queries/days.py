"""A day or a week of agendas, as colleagues look at it: who comes, who is here, what is free."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from parvis.accounts.models import Agent
from parvis.appointments import rules
from parvis.appointments.models import Agenda, AgendaTopic, Appointment, Block, Offer
from parvis.appointments.queries import bookings, slots, words
from parvis.common.clock import ONE_DAY, day_bounds, instant_of


@dataclass(frozen=True)
class Line:
    """One appointment of a day, as far as the colleague may read it."""

    appointment: Appointment
    topic: str
    state: str
    note: str
    is_late: bool = False


@dataclass
class Hour:
    """What begins at one time: the appointments, and the places still free."""

    at: datetime
    lines: list[Line] = field(default_factory=list)
    held: list[Offer] = field(default_factory=list)
    free: int = 0
    offering: AgendaTopic | None = None


@dataclass(frozen=True)
class DayOfAgendas:
    """One local day of some agendas."""

    day: date
    hours: list[Hour]
    blocks: list[Block]

    @property
    def expected(self) -> int:
        """How many come that day, those who called it off aside."""
        return sum(len(hour.lines) for hour in self.hours)

    @property
    def free(self) -> int:
        """How many places are still free."""
        return sum(hour.free for hour in self.hours)


def agendas_for(agent: Agent) -> list[Agenda]:
    """The agendas that a colleague looks at: one's own, then the shared ones, then others'."""
    rows = slots.bookable_agendas(agent)
    usual = agent.site_id

    def rank(agenda: Agenda) -> tuple[bool, bool, bool, int]:
        own = agenda.agent_id == agent.pk
        return (not own, agenda.agent_id is not None, agenda.site_id != usual, agenda.pk)

    return sorted(rows, key=rank)


def days_of(
    agendas: list[Agenda], first: date, last: date, *, agent: Agent, now: datetime
) -> list[DayOfAgendas]:
    """Everything between two days in the agendas of one place."""
    if not agendas:
        return []
    zone = ZoneInfo(agendas[0].site.timezone)
    rows = bookings.between([agenda.pk for agenda in agendas], first, last, zone)
    by_day: dict[date, list[Appointment]] = defaultdict(list)
    for row in rows:
        if row.state != rules.CANCELLED:
            by_day[row.starts_at.astimezone(zone).date()].append(row)
    free = _free(agendas, first, last, now)
    held: dict[date, list[Offer]] = defaultdict(list)
    for offer in bookings.held_between([agenda.pk for agenda in agendas], first, last, zone):
        held[offer.starts_at.astimezone(zone).date()].append(offer)
    blocked = _blocks(agendas, first, last, zone)
    days = []
    day = first
    while day <= last:
        lines = [(row.starts_at, line_of(row, agent, now)) for row in by_day[day]]
        hours = _hours(lines, held[day], free.get(day, []))
        start, end = day_bounds(day, zone)
        of_day = [one for one in blocked if one.starts_at < end and one.ends_at > start]
        days.append(DayOfAgendas(day, hours, of_day))
        day += ONE_DAY
    return days


def week_of(day: date) -> tuple[date, date]:
    """Monday and Saturday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=5)


def may_read(agent: Agent, appointment: Appointment) -> bool:
    """Whether a colleague reads what an appointment is about: not outside a sensitive service."""
    service = appointment.agenda.service
    return not service.is_sensitive or agent.service_id == service.pk


def may_take_back(appointment: Appointment) -> bool:
    """Whether an arrival can still be taken back: nobody called or received them yet."""
    if not rules.may("take_back", appointment.state) or appointment.started_at:
        return False
    return appointment.ticket is None or appointment.ticket.last_call_at is None


def line_of(appointment: Appointment, agent: Agent, now: datetime) -> Line:
    """One appointment as far as the colleague may read it."""
    readable = may_read(agent, appointment)
    return Line(
        appointment,
        appointment.topic.label if readable else appointment.agenda.service.label,
        words.state_words(appointment),
        appointment.note if readable else "",
        appointment.state == rules.BOOKED and appointment.starts_at < now,
    )


def _hours(
    lines: list[tuple[datetime, Line]], held: list[Offer], free: list[slots.Free]
) -> list[Hour]:
    starts = {at for at, _line in lines}
    starts |= {one.starts_at for one in held} | {one.starts_at for one in free}
    hours = {at: Hour(at) for at in sorted(starts)}
    for at, line in lines:
        hours[at].lines.append(line)
    for offer in held:
        hours[offer.starts_at].held.append(offer)
    for one in free:
        hours[one.starts_at].free, hours[one.starts_at].offering = one.free, one.offering
    return list(hours.values())


def _free(
    agendas: list[Agenda], first: date, last: date, now: datetime
) -> dict[date, list[slots.Free]]:
    rows = []
    for agenda in agendas:
        offered = slots.offerings_of_agenda(agenda)
        rows += offered[:1]  # one topic shows how full it is; booking offers the others
    count = (last - first).days + 1
    found = slots.free_days(rows, now=now, first=first, count=count, by_agent=True)
    return {one.day: one.slots for one in found if one.day <= last}


def _blocks(agendas: list[Agenda], first: date, last: date, zone: ZoneInfo) -> list[Block]:
    start = instant_of(first, datetime.min.time(), zone)
    end = day_bounds(last, zone)[1]
    rows = Block.objects.filter(
        agenda__in=agendas, starts_at__lt=end, ends_at__gt=start
    ).select_related("agenda", "agent__entry")  # fmt: skip
    return list(rows.order_by("starts_at", "id"))
