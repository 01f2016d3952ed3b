"""A hall that can be tried at any hour: a demonstration day when it would be closed."""

from datetime import date, datetime, time, timedelta
from typing import Final

from parvis.common import clock
from parvis.demo.town import Place
from parvis.organisations.models import HoursException

REASON: Final = "Portes ouvertes de démonstration"
OPEN_FOR: Final = timedelta(hours=4)
_CHANNEL: Final = "desk"
_LAST: Final = time(23, 59, 59)


def ensure_open(place: Place, since: datetime, now: datetime) -> bool:
    """Open the place from then until some hours after now, unless it is open by itself.

    Says whether a demonstration had to be declared.
    """
    start, at = int(since.timestamp()), int(now.timestamp())
    if any(one.start <= start and at < one.end for one in place.stretches(place.local_day(at))):
        return False
    opens, closes = since.astimezone(place.zone), (now + OPEN_FOR).astimezone(place.zone)
    day = opens.date()
    while day <= closes.date():
        first = opens.time() if day == opens.date() else time.min
        last = closes.time() if day == closes.date() else _LAST
        if first < last:
            _declare(place, day, first.replace(microsecond=0), last.replace(microsecond=0))
        day += clock.ONE_DAY
    return True


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
