"""Opening hours in the words of schema.org, for whoever reads our pages without eyes."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any, Final

from parvis.organisations.rules.hours import (
    Because,
    DayPlan,
    HoursChannel,
    Opening,
    Schedule,
    Season,
    day_plan,
    season_of,
)

AHEAD_DAYS: Final = 90
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNUSUAL = {Because.EXCEPTION, Because.PUBLIC_HOLIDAY, Because.CLOSURE}
_CLOSED = time(0)


def weekly_hours(schedule: Schedule, channel: HoursChannel, today: date) -> list[dict[str, Any]]:
    """The hours of the coming three months, each with the days between which they hold.

    What nobody declared is absent: hours that ran out are never given as if they still held.
    """
    return [
        _opening(_days(season, opening), opening.opens, opening.closes, first, last)
        for season, first, last in _stretches(schedule, channel, today)
        for opening in dict.fromkeys(opening for _weekday, opening in season.week)
    ]


def unusual_days(schedule: Schedule, channel: HoursChannel, today: date) -> list[dict[str, Any]]:
    """The days of the coming three months that are not as their week says; closed is 0:00-0:00."""
    found: list[dict[str, Any]] = []
    for plan in _plans(schedule, channel, today):
        closes_early = plan.closures and plan.because is Because.HOURS
        if plan.because in _UNUSUAL or closes_early:
            for opens, closes in plan.hours or ((_CLOSED, _CLOSED),):
                found.append(_opening([], opens, closes, plan.day, plan.day))
    return found


def _days(season: Season, opening: Opening) -> list[str]:
    return [DAYS[weekday] for weekday, one in season.week if one == opening]


def _plans(schedule: Schedule, channel: HoursChannel, today: date) -> Iterator[DayPlan]:
    for ahead in range(AHEAD_DAYS):
        yield day_plan(schedule, channel, today + timedelta(days=ahead))


def _stretches(
    schedule: Schedule, channel: HoursChannel, today: date
) -> Iterator[tuple[Season, date, date]]:
    """The season that holds and from when to when: summer hours lie over those of the year."""
    held, begun = season_of(schedule.seasons, channel, today), today
    for ahead in range(1, AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        season = season_of(schedule.seasons, channel, day) if ahead < AHEAD_DAYS else None
        if season is not held:
            if held is not None:
                yield held, begun, day - timedelta(days=1)
            held, begun = season, day


def _opening(days: list[str], opens: time, closes: time, first: date, last: date) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "OpeningHoursSpecification"}
    if days:
        found["dayOfWeek"] = [f"https://schema.org/{day}" for day in days]
    return found | {
        "opens": opens.isoformat("minutes"),
        "closes": closes.isoformat("minutes"),
        "validFrom": first.isoformat(),
        "validThrough": last.isoformat(),
    }
