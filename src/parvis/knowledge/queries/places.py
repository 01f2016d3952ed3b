"""The authority's own places behind the kinds of office that national sheets name."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from parvis.common.access import Actor
from parvis.knowledge.models import LocalPlace, Resource, Sheet
from parvis.organisations import queries as organisations
from parvis.organisations import rules as opening

DESK = opening.HoursChannel.DESK


@dataclass(frozen=True)
class Place:
    """One place as a sheet shows it, with the hours of its clocks."""

    name: str
    address: str
    phone: str
    hours: str
    website: str
    state: opening.OpenState | None = None
    zone: str = "Europe/Paris"
    now: datetime | None = None

    @property
    def until(self) -> datetime | None:
        return self._local(self.state.until) if self.state else None

    @property
    def next_opening(self) -> datetime | None:
        return self._local(self.state.next_opening) if self.state else None

    @property
    def opens_today(self) -> bool:
        coming, now = self.next_opening, self._local(self.now)
        return bool(coming and now and coming.date() == now.date())

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(ZoneInfo(self.zone)) if moment else None


def places_for(authority_id: int, pivots: Collection[str], now: datetime) -> dict[str, list[Place]]:
    """Where this authority sends people, by kind of office; kinds without a place are absent."""
    if not pivots:
        return {}
    rows = list(
        LocalPlace.objects.filter(authority_id=authority_id, pivot__in=pivots).select_related(
            "site__authority", "service"
        )
    )
    sites = {row.site.pk: row.site for row in rows if row.site is not None and row.site.is_active}
    schedules = organisations.schedules_of(sites.values()) if sites else {}
    found: dict[str, list[Place]] = {}
    for row in rows:
        schedule = schedules.get(row.site_id or 0)
        state = opening.state_at(schedule, DESK, now) if schedule else None
        found.setdefault(row.pivot, []).append(_place(row, state, now))
    return found


def _place(row: LocalPlace, state: opening.OpenState | None, now: datetime) -> Place:
    site, service = row.site, row.service
    names = [row.name or (site.label if site else ""), service.label if service else ""]
    return Place(
        name=", ".join(dict.fromkeys(name for name in names if name)),
        address=row.address
        or (site.address if site else "")
        or (service.address if service else ""),
        phone=row.phone or (service.phone if service else "") or (site.phone if site else ""),
        hours=row.hours,
        website=row.website,
        state=state,
        zone=site.timezone if site else "Europe/Paris",
        now=now,
    )


@dataclass
class PivotRow:
    """A kind of office with the places that stand for it, and how many sheets name it."""

    pivot: str
    name: str
    sheets: int
    places: list[LocalPlace] = field(default_factory=list)


def pivots(actor: Actor) -> list[PivotRow]:
    """Every kind of office that sheets name or a place stands for: those to do first."""
    named: Counter[str] = Counter()
    names = Sheet.objects.filter(
        authority=None, state=Sheet.State.PUBLISHED, current__isnull=False
    ).values_list("current__path__pivots", flat=True)
    for given in names.iterator(chunk_size=500):
        named.update(given or [])
    rows = {pivot: PivotRow(pivot, "", count) for pivot, count in named.items()}
    for place in local_places(actor):
        rows.setdefault(place.pivot, PivotRow(place.pivot, "", 0)).places.append(place)
    titles = pivot_names()
    for row in rows.values():
        row.name = titles.get(row.pivot) or row.pivot.replace("_", " ").capitalize()
    return sorted(rows.values(), key=lambda row: (bool(row.places), -row.sheets, row.pivot))


def local_places(actor: Actor) -> QuerySet[LocalPlace]:
    """The places that an authority has named for kinds of office."""
    return LocalPlace.objects.visible_to(actor).select_related("site", "service")


def pivot_names() -> dict[str, str]:
    """What the national set calls each kind of office."""
    rows = Resource.objects.filter(authority=None, kind=Resource.Kind.OFFICE)
    return {
        str(facts.get("pivot")): title
        for facts, title in rows.values_list("facts", "title")
        if facts.get("pivot")
    }
