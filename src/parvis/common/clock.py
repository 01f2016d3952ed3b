"""Instants and local days: durations count on UTC, days belong to a place."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)
# Nearer to the ends of the calendar, a day of one place may begin where UTC has no date for it.
FIRST_DAY, LAST_DAY = date.min + 2 * ONE_DAY, date.max - 2 * ONE_DAY


def require_aware(instant: datetime) -> datetime:
    """Return the instant itself; one without a time zone is a programming error."""
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant


def local_day(instant: datetime, zone: tzinfo) -> date:
    """The calendar day that people at the place were living at that instant."""
    return require_aware(instant).astimezone(zone).date()


def elapsed_seconds(start: datetime, end: datetime) -> float:
    """Seconds between two instants, counted on UTC (negative when end comes first)."""
    # Two datetimes of one zone subtract as wall clocks in Python: an hour wrong on DST nights.
    later, earlier = require_aware(end).astimezone(UTC), require_aware(start).astimezone(UTC)
    return (later - earlier).total_seconds()


def instant_of(day: date, wall: time, zone: tzinfo) -> datetime:
    """The UTC instant at which the clocks of the place show this time on this day.

    A time that happens twice means the first one; a time that is skipped means the end of the gap.
    """
    shown = datetime.combine(day, wall.replace(tzinfo=None, fold=0))
    first = shown.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == shown:
        return first
    return _end_of_gap(shown.replace(tzinfo=zone, fold=1).astimezone(UTC), first, zone)


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    old_offset = before.astimezone(zone).utcoffset()
    while after - before > _ONE_SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old_offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def day_bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """First instant of the local day and first instant of the next one, in UTC (23 to 25 h).

    A day at the very ends of the calendar counts as the last one that can be reckoned with.
    """
    day = min(max(day, FIRST_DAY), LAST_DAY)
    return instant_of(day, time.min, zone), instant_of(day + ONE_DAY, time.min, zone)
