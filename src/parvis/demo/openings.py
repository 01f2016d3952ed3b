"""A hall that can be tried at any hour: a demonstration day when it would be closed."""

from datetime import date, datetime, time, timedelta
from typing import Final

from parvis.common import clock
from parvis.demo.town import Place
from parvis.organisations.models import HoursException

REASON: Final = "Portes ouvertes de démonstration"
OPEN_FOR: Final = timedelta(hours=4)
WHILE: Final = timedelta(minutes=45)
_CHANNEL: Final = "desk"
_LAST: Final = time(23, 59, 59)


def open_since(place: Place, now: datetime) -> datetime | None:
    """When the hall that is open now opened; None when it is closed."""
    at = int(now.timestamp())
    for one in place.stretches(place.local_day(at)):
        if one.start <= at < one.end:
            return datetime.fromtimestamp(one.start, now.tzinfo)
    return None


def ensure_open(place: Place, now: datetime, window: timedelta) -> datetime:
    """Open the place until some hours after now, unless it has been open for a while by itself.

    Gives back when the day of the hall, as far as the demo shows it, began: a window ago at most.
    """
    opened = open_since(place, now)
    if opened is not None and now - opened >= WHILE:
        return max(opened, now - window)
    since = max(
        now - window, clock.day_bounds(place.local_day(int(now.timestamp())), place.zone)[0]
    )
    _demonstrate(place, since, now)
    return since


def keep_open(place: Place, now: datetime) -> None:
    """Let a demonstration go on, when it is over while somebody still tries it."""
    if open_since(place, now) is None:
        _demonstrate(place, now, now)


def _demonstrate(place: Place, since: datetime, now: datetime) -> None:
    opens, closes = since.astimezone(place.zone), (now + OPEN_FOR).astimezone(place.zone)
    day = opens.date()
    while day <= closes.date():
        first = opens.time() if day == opens.date() else time.min
        last = closes.time() if day == closes.date() else _LAST
        if first < last:
            _declare(place, day, first.replace(microsecond=0), last.replace(microsecond=0))
        day += clock.ONE_DAY


def _declare(place: Place, day: date, opens: time, closes: time) -> None:
    """Add hours to a day; an exception replaces the usual hours, so these are said again."""
    named = HoursException.objects.filter(site_id=place.id, channel=_CHANNEL, date=day)
    hours = [(opens, closes)]
    if not named.exists():
        hours += [(_wall(place, one.start), _wall(place, one.end)) for one in place.stretches(day)]
    named.filter(opens=None).delete()  # a closure of that day would forbid the demonstration
    HoursException.objects.bulk_create(
        HoursException(
            site_id=place.id, channel=_CHANNEL, date=day, opens=start, closes=end, reason=REASON
        )
        for start, end in hours
        if start < end
    )


def _wall(place: Place, at: int) -> time:
    return datetime.fromtimestamp(at, place.zone).time()
