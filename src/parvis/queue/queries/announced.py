"""What was announced against what happened: the error of our own estimates."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from parvis.common.clock import elapsed_seconds
from parvis.organisations.models import Site
from parvis.queue import rules
from parvis.queue.models import Ticket


@dataclass(frozen=True)
class EstimateError:
    """How often the announced waits were right: of everybody, and part by part."""

    everyone: rules.Accuracy
    made_to_wait: rules.Accuracy  # those who were told more than "less than five minutes"
    by_site: dict[int, rules.Accuracy]
    by_family: dict[int, rules.Accuracy]  # of topics
    by_hour: dict[int, rules.Accuracy]  # of the clocks of the site


@dataclass(frozen=True, slots=True)
class _Row:
    told: rules.Told
    site_id: int
    family_id: int
    hour: int


def estimate_error(sites: Collection[Site], first: date, last: date) -> EstimateError:
    """Announced against real waits of some local days (both included), in one query.

    Left out: who let others pass, whoever came by appointment, and who is still waiting.
    """
    rows = list(_rows(sites, first, last))
    return EstimateError(
        everyone=rules.accuracy(row.told for row in rows),
        made_to_wait=rules.accuracy(row.told for row in rows if row.told.made_to_wait),
        by_site=_by((row.site_id, row.told) for row in rows),
        by_family=_by((row.family_id, row.told) for row in rows),
        by_hour=_by((row.hour, row.told) for row in rows),
    )


def _rows(sites: Collection[Site], first: date, last: date) -> Iterable[_Row]:
    zones = {site.pk: ZoneInfo(site.timezone) for site in sites}
    tickets = Ticket.objects.filter(
        site__in=sites,
        day__gte=first,
        day__lte=last,
        announced_low__isnull=False,
        announced_high__isnull=False,
        booked_at=None,
        let_past=0,
    ).order_by()
    columns = ("site_id", "topic__family_id", "announced_low", "announced_high")
    moments = ("issued_at", "called_at", "ended_at")
    for site_id, family_id, low, high, issued_at, called_at, ended_at in tickets.values_list(
        *columns, *moments
    ):
        end: datetime | None = called_at or ended_at
        if end is None:
            continue
        waited = max(0.0, elapsed_seconds(issued_at, end) / 60)
        told = rules.Told(low, high, waited, was_called=called_at is not None)
        yield _Row(told, site_id, family_id, issued_at.astimezone(zones[site_id]).hour)


def _by(pairs: Iterable[tuple[int, rules.Told]]) -> dict[int, rules.Accuracy]:
    groups: dict[int, list[rules.Told]] = defaultdict(list)
    for key, told in pairs:
        groups[key].append(told)
    return {key: rules.accuracy(told) for key, told in sorted(groups.items())}
