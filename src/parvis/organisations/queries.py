"""What other rooms read: the authority of a page, hours, topics, desks, shown names."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Case, Model, Prefetch, QuerySet, Value, When
from django.http.request import split_domain_port

from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.calendar import Territory
from parvis.common.models import JournalEntry
from parvis.organisations import rules
from parvis.organisations.models import (
    Authority,
    Closure,
    Desk,
    DirectoryEntry,
    HoursException,
    NamePolicy,
    OpeningHours,
    Season,
    Service,
    Site,
    Topic,
    TopicFamily,
)

Row = TypeVar("Row", Season, HoursException, Closure)

_DESK = """
SELECT d.id, d.site_id, d.name, d.name_en, s.authority_id, s.timezone
FROM organisations_desk d JOIN organisations_site s ON s.id = d.site_id
WHERE d.id = %s AND s.authority_id = %s
"""

LEVELS = {
    NamePolicy.FULL.value: rules.NameLevel.FULL,
    NamePolicy.FIRST_NAME.value: rules.NameLevel.FIRST_NAME_AND_FUNCTION,
    NamePolicy.SERVICE_ONLY.value: rules.NameLevel.SERVICE_ONLY,
}


def authority_of(host: str, slug: str | None = None) -> Authority | None:
    """The authority whose front door this is: by short name, by host, else the first one."""
    if slug is not None:
        return Authority.objects.filter(slug=slug).first()
    domain, _port = split_domain_port(host)
    nearest = Case(When(hostname__iexact=domain, then=0), default=1) if domain else Value(0)
    return Authority.objects.order_by(nearest, "pk").first()


def removal_of(model: type[Model], pk: int, actor: Actor) -> JournalEntry | None:
    """The note that a row of the actor's authority was removed, if it was."""
    noted = JournalEntry.objects.filter(
        object_type=model._meta.label_lower,
        object_id=str(pk),
        verb=f"organisations.{model._meta.model_name}_removed",
        authority_id=actor.authority_id,
    )
    return noted.order_by("id").last()


def who_changed(row: Model) -> str:
    """The colleague who last changed a row, as the journal knows; empty when none did."""
    last = journal.of(row).last()
    kind, _colon, pk = (last.actor if last else "").partition(":")
    found = get_user_model()._default_manager.filter(pk=pk).first() if kind == "agent" else None
    return str(found or "")


def sites_of(authority: Authority) -> QuerySet[Site]:
    """The places in use of an authority, by name."""
    return Site.objects.filter(authority=authority, is_active=True).select_related("authority")


def public_site(slug: str) -> Site | None:
    """The place that a public address names, if it is in use."""
    sites = Site.objects.filter(slug=slug, is_active=True)
    return sites.select_related("authority").first()


def desks_of(site: Site) -> QuerySet[Desk]:
    """The desks in use of one hall, in their order."""
    return Desk.objects.filter(site=site, is_active=True).select_related("site")


def desk_to_call_at(actor: Actor, pk: int) -> Desk | None:
    """A desk of the actor's authority and its hall, with what a call needs of them.

    In SQL, because every call begins with it; any other field is read when it is asked for.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DESK, [pk, actor.authority_id])
        row = cursor.fetchone()
    if row is None:
        return None
    desk = Desk.from_db(connection.alias, ["id", "site_id", "name", "name_en"], row[:4])
    names = ["id", "authority_id", "timezone"]
    desk.site = Site.from_db(connection.alias, names, [row[1], *row[4:]])
    return desk


def desks_of_authority(authority: Authority) -> QuerySet[Desk]:
    """The desks in use of all halls of an authority, hall by hall."""
    desks = Desk.objects.filter(site__authority=authority, site__is_active=True, is_active=True)
    return desks.select_related("site").order_by("site__name", "position", "name")


def services_of(authority: Authority) -> QuerySet[Service]:
    """The services in use of an authority, by name."""
    return Service.objects.filter(authority=authority, is_active=True)


def topics_of(site: Site) -> QuerySet[Topic]:
    """What people may come for here: the topics that some desk in use receives."""
    topics = Topic.objects.filter(is_active=True, desks__site=site, desks__is_active=True)
    return (
        topics.select_related("family", "service")
        .order_by("family__position", "family__name", "-on_kiosk", "name")
        .distinct()
    )


@dataclass(frozen=True)
class FamilyOfTopics:
    """A family and those of its topics that are meant."""

    family: TopicFamily
    topics: tuple[Topic, ...]


def topics_by_family(site: Site) -> list[FamilyOfTopics]:
    """The topics received at a site, family by family: one query."""
    return [
        FamilyOfTopics(family, tuple(topics))
        for family, topics in groupby(topics_of(site), key=lambda topic: topic.family)
    ]


def catalogue_of(authority: Authority) -> list[FamilyOfTopics]:
    """All topics in use of an authority, family by family: one query."""
    topics = (
        Topic.objects.filter(authority=authority, is_active=True)
        .select_related("family", "service")
        .order_by("family__position", "family__name", "name")
    )
    return [
        FamilyOfTopics(family, tuple(of_family))
        for family, of_family in groupby(topics, key=lambda topic: topic.family)
    ]


def topic_choices(authority: Authority) -> list[tuple[str, list[tuple[int, str]]]]:
    """The topics in use for a list to choose from: by family, each in the reader's order."""
    return [
        (one.family.label, sorted(_named(one.topics), key=lambda choice: _in_order(choice[1])))
        for one in catalogue_of(authority)
    ]


def _named(topics: Iterable[Topic]) -> Iterable[tuple[int, str]]:
    return ((topic.pk, topic.label) for topic in topics)


def _in_order(label: str) -> str:
    """As a dictionary orders it: « état civil » stands with the e."""
    plain = unicodedata.normalize("NFKD", label.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def shown_name(entry: DirectoryEntry, on: date) -> rules.ShownName:
    """What the public may read of a colleague that day (``entry.service`` and its authority)."""
    staff = rules.StaffName(
        entry.first_name, entry.last_name, entry.function_label, entry.service.label
    )
    return rules.shown_name(staff, policy_of(entry), LEVELS[entry.authority.name_policy], on)


def policy_of(entry: DirectoryEntry) -> rules.NamePolicy | None:
    """The decision about one colleague's name, if there is any."""
    if not entry.name_policy:
        return None
    return rules.NamePolicy(
        LEVELS[entry.name_policy],
        entry.name_policy_reason,
        entry.name_policy_author,
        entry.name_policy_until,
    )


def public_staff(authority: Authority, on: date) -> list[tuple[Service, list[rules.ShownName]]]:
    """The public directory: service by service, each name as far as it may be read."""
    entries = (
        DirectoryEntry.objects.filter(
            authority=authority, is_listed=True, is_active=True, service__is_active=True
        )
        .select_related("service", "authority")
        .order_by("service__name", "service_id", "last_name", "first_name")
    )
    return [
        (service, _readable(staff, on))
        for service, staff in groupby(entries, key=lambda entry: entry.service)
    ]


def _readable(entries: Iterable[DirectoryEntry], on: date) -> list[rules.ShownName]:
    shown = [shown_name(entry, on) for entry in entries]
    # Somebody whose name and function are protected would only repeat the service.
    return [name for name in shown if name.level is not rules.NameLevel.SERVICE_ONLY]


def schedule_of(site: Site) -> rules.Schedule:
    """All that is declared about the hours of a site; read once, asked often."""
    return schedules_of([site])[site.pk]


def schedules_of(sites: Iterable[Site]) -> dict[int, rules.Schedule]:
    """The hours of several sites (with their authority): four queries, however many they are."""
    by_id = {site.pk: site for site in sites}
    seasons = _by_site(
        Season.objects.filter(site__in=by_id).prefetch_related(
            Prefetch("slots", OpeningHours.objects.order_by("weekday", "opens"))
        )
    )
    exceptions = _by_site(
        HoursException.objects.filter(site__in=by_id).order_by("date", "channel", "opens")
    )
    closures = _by_site(Closure.objects.filter(site__in=by_id))
    return {
        pk: _schedule(site, seasons[pk], exceptions[pk], closures[pk]) for pk, site in by_id.items()
    }


def opening_state(site: Site, at: datetime, channel: str = "desk") -> rules.OpenState:
    """Open or not at that instant, until when, and when it opens next; "not confirmed" is said."""
    return rules.state_at(schedule_of(site), rules.HoursChannel(channel), at)


def opening_week(site: Site, day: date, channel: str = "desk") -> tuple[rules.DayPlan, ...]:
    """The week that holds the day, Monday first."""
    return rules.week_view(schedule_of(site), rules.HoursChannel(channel), day)


def hours_mark(authority: Authority, now: datetime) -> str:
    """Changes with whatever a page says about the hours of an authority's places."""
    sites = list(sites_of(authority).order_by("pk"))
    seen = [
        (
            site.pk, site.name, site.name_en, site.address, site.phone, schedule,
            [rules.state_at(schedule, channel, now) for channel in rules.HoursChannel],
        )
        for site, schedule in zip(sites, schedules_of(sites).values(), strict=True)
    ]  # fmt: skip
    return repr(seen)


def topics_at(site_ids: Iterable[int]) -> list[int]:
    """The topics in use that desks in use of these places receive."""
    rows = Topic.objects.filter(
        desks__site__in=list(site_ids), desks__is_active=True, is_active=True
    )
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def sites_for_topics(authority: Authority, topic_ids: Iterable[int]) -> list[Site]:
    """The places in use of an authority where some desk in use receives one of these topics."""
    sites = Site.objects.filter(
        authority=authority,
        desks__topics__in=list(topic_ids),
        desks__is_active=True,
        is_active=True,
    )
    return list(sites.select_related("authority").distinct().order_by("name"))


def _by_site(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.site_id].append(row)
    return found


def _schedule(
    site: Site, seasons: list[Season], exceptions: list[HoursException], closures: list[Closure]
) -> rules.Schedule:
    zone = ZoneInfo(site.timezone)
    return rules.Schedule(
        zone=zone,
        seasons=tuple(season for row in seasons for season in _channels(row)),
        exceptions=tuple(_exceptions(exceptions)),
        closures=tuple(
            rules.closure_of_days(row.first_day, row.last_day, zone, row.reason) for row in closures
        ),
        territory=Territory(site.authority.territory),
    )


def _channels(season: Season) -> Iterable[rules.Season]:
    weeks: dict[str, list[tuple[int, rules.Opening]]] = defaultdict(list)
    for slot in season.slots.all():
        weeks[slot.channel].append((slot.weekday, rules.Opening(slot.opens, slot.closes)))
    for channel, week in weeks.items():
        yield rules.Season(
            rules.HoursChannel(channel), season.valid_from, season.valid_through, tuple(week)
        )


def _exceptions(rows: list[HoursException]) -> Iterable[rules.DayException]:
    for (day, channel), group in groupby(rows, key=lambda row: (row.date, row.channel)):
        of_day = list(group)
        openings = tuple(
            rules.Opening(row.opens, row.closes) for row in of_day if row.opens and row.closes
        )
        yield rules.DayException(day, openings, of_day[0].reason, rules.HoursChannel(channel))
