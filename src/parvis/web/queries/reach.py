"""When the people who follow a case answer the telephone: from the hours that were declared."""

from dataclasses import dataclass
from datetime import datetime

from parvis.cases.models import Case
from parvis.organisations import queries as organisations
from parvis.organisations import rules as hours
from parvis.organisations.models import Site

PHONE = hours.HoursChannel.PHONE


@dataclass(frozen=True)
class Reach:
    """Answered now, until when; or from when on."""

    is_open: bool
    until: datetime | None
    opens_at: datetime | None


def by_telephone(case: Case, now: datetime) -> Reach | None:
    """Whether the telephone is answered where the case is followed; None when nobody said."""
    schedules = organisations.schedules_of(_places(case))
    answered = [
        (hours.state_at(schedule, PHONE, now), schedule.zone)
        for schedule in schedules.values()
        if any(season.channel is PHONE for season in schedule.seasons)
    ]
    sure = [(state, zone) for state, zone in answered if state.confirmed]
    if not sure:
        return None
    open_now = [(state.until, zone) for state, zone in sure if state.open and state.until]
    if open_now:
        until, zone = max(open_now, key=lambda one: one[0])
        return Reach(True, until.astimezone(zone), None)
    later = [(state.next_opening, zone) for state, zone in sure if state.next_opening]
    if not later:
        return None
    opens_at, zone = min(later, key=lambda one: one[0])
    return Reach(False, None, opens_at.astimezone(zone))


def _places(case: Case) -> list[Site]:
    """The place of whoever follows the case, when calls are answered there; else every place."""
    sites = list(organisations.sites_of(case.authority))
    own = case.referent.site_id if case.referent else None
    with_hours = organisations.schedules_of([site for site in sites if site.pk == own])
    if any(season.channel is PHONE for one in with_hours.values() for season in one.seasons):
        return [site for site in sites if site.pk == own]
    return sites
