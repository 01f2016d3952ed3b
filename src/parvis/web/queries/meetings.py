"""Meeting whoever follows a case: composed of cases and agendas."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from parvis.accounts import queries as accounts
from parvis.accounts.models import Agent
from parvis.accounts.rules import Away
from parvis.appointments import queries, rules
from parvis.appointments.models import AgendaTopic, Appointment
from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.cases.rules import RUNNING
from parvis.common.clock import local_day
from parvis.organisations.queries import shown_name
from parvis.queue.models import Source, Ticket


@dataclass(frozen=True)
class Instead:
    """While somebody is away, the agenda of who stands in; none when nobody there may be booked."""

    first_day: date
    last_day: date
    away: str
    name: str
    offering: AgendaTopic | None

    def covers(self, day: date) -> bool:
        """Is it one of these days?"""
        return self.first_day <= day <= self.last_day


def who_may_be_met(case: Case) -> AgendaTopic | None:
    """The agenda of the referent, else of the deputy; None when neither may be booked."""
    if case.state not in RUNNING:
        return None
    people = [pk for pk in (case.referent_id, case.deputy_id) if pk]
    found = queries.offerings_for_case(people, case.topic_id)
    return found[0] if found else None


def instead_of(case: Case, row: AgendaTopic, *, now: datetime) -> list[Instead]:
    """The absences of whose agenda this is, as far as it is published, with who is met instead."""
    agent, zone = row.agenda.agent, ZoneInfo(row.agenda.site.timezone)
    if agent is None:
        return []
    window, today = queries.window(row.agenda, now=now), local_day(now, zone)
    last = local_day(window.latest, zone)
    away = accounts.away_between(today, last, [agent.pk]).get(agent.pk, [])
    return [_instead(case, agent, one, max(today, one.first_day)) for one in away]


def _instead(case: Case, agent: Agent, away: Away, day: date) -> Instead:
    other = cases.shown_agent(case, day)
    fit = queries.offerings_for_case([other.pk], case.topic_id) if other else []
    met = fit[0] if fit and other != agent else None
    shown = queries.expected_by(met.agenda, day) if met else None
    name = shown_name(agent.entry, day).name if agent.entry else ""
    return Instead(day, away.last_day, name, shown.name if shown else "", met)


def met_on(row: AgendaTopic, instead: list[Instead], day: date) -> AgendaTopic:
    """Whose agenda is booked that day."""
    other = next((one.offering for one in instead if one.covers(day)), None)
    return other or row


def free_days(
    row: AgendaTopic, instead: list[Instead], *, now: datetime, first: date | None, count: int
) -> list[queries.FreeDay]:
    """The next free days with whoever is there: the agenda itself, and those who stand in."""
    found = queries.free_days([row], now=now, first=first, count=count)
    for one in instead:
        if one.offering is not None:
            start = max(first, one.first_day) if first else one.first_day
            days = queries.free_days([one.offering], now=now, first=start, count=count)
            found += [day for day in days if one.covers(day.day)]
    return sorted(found, key=lambda day: day.day)[:count]


def reach_of(ticket: Ticket) -> str:
    """Where somebody at a desk may be written to, if they told it: themselves, or when booking."""
    person = ticket.person
    known = (person.email or person.phone) if person else ""
    if known or ticket.source != Source.BOOKED:
        return str(known)
    booked = Appointment.objects.filter(ticket=ticket).values_list("email", "phone").first()
    return str(booked[0] or booked[1]) if booked else ""


def to_come(case: Case, now: datetime) -> list[Appointment]:
    """The appointments about a case that are still to come."""
    rows = queries.of_case(case).filter(state=rules.BOOKED, ends_at__gt=now)
    return list(rows.order_by("starts_at"))
