"""Every write of the room: what an authority decides about places, hours, topics and names."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.clock import local_day
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.models import JournalEntry
from parvis.organisations.events import TakenOutOfUse
from parvis.organisations.models import (
    DirectoryEntry,
    EarlierWaitTarget,
    HoursException,
    OpeningHours,
    Season,
    Site,
)
from parvis.organisations.rules import Opening

M = TypeVar("M", bound=models.Model)
# (channel, weekday) -> openings of that day
Week = Mapping[tuple[str, int], Iterable[Opening]]


@transaction.atomic
def keep(row: M, *, actor: Actor | None, changed: Iterable[str] = (), **many: Any) -> M:
    """Write a row of the settings, with what it is linked to, and note who changed what."""
    is_new = row.pk is None
    if hasattr(row, "slug") and not row.slug:
        row.slug = free_slug(row)
    row.save()
    for name, others in many.items():
        getattr(row, name).set(others)
    _note(actor, row, "added" if is_new else "changed", changed=sorted(changed))
    return row


@transaction.atomic
def keep_site(
    site: Site, *, actor: Actor | None, now: datetime, changed: Iterable[str] = ()
) -> Site:
    """Write a site; a new wait goal holds from today, and the days before keep theirs."""
    was = Site.objects.select_for_update().filter(pk=site.pk).first() if site.pk else None
    if was is not None and was.wait_target_minutes != site.wait_target_minutes:
        # What was changed earlier today held for no whole day.
        EarlierWaitTarget.objects.get_or_create(
            site=site,
            until=local_day(now, ZoneInfo(was.timezone)),
            defaults={"minutes": was.wait_target_minutes},
        )
    return keep(site, actor=actor, changed=changed)


@transaction.atomic
def set_in_use(row: M, in_use: bool, *, actor: Actor, now: datetime) -> M:
    """Take a row out of use, or back: what refers to it stays readable.

    The same wish twice changes nothing; a room above may object to what it still works with.
    """
    rows = type(row)._default_manager.filter(pk=row.pk)
    row.is_active = in_use  # type: ignore[attr-defined]
    if not rows.exclude(is_active=in_use).update(is_active=in_use):
        return row
    _note(actor, row, "reopened" if in_use else "retired")
    if not in_use:
        emit(TakenOutOfUse(str(row._meta.model_name), row.pk, actor.authority_id, now))
    return row


@transaction.atomic
def remove(row: models.Model, *, actor: Actor) -> None:
    """Delete a row that nothing refers to; the journal keeps what brings it back."""
    parts = row.slots.all() if isinstance(row, Season) else ()
    _note(actor, row, "removed", name=str(row), rows=_as_it_was([row, *parts]))
    try:
        row.delete()
    except models.ProtectedError as error:
        raise Refused(_("This is still used elsewhere: change that first.")) from error


@transaction.atomic
def restore(removal: JournalEntry, *, actor: Actor) -> models.Model:
    """Bring back what was removed, as it was, unless something else took its place."""
    kept = list(serializers.deserialize("json", json.dumps(removal.data["rows"])))
    row = kept[0].object
    if type(row)._default_manager.filter(pk=row.pk).exists():
        raise Refused(_("This is back already."))
    if isinstance(row, HoursException) and same_day(row).exists():
        raise Refused(_("Other hours were said for that day meanwhile: they stay."))
    try:
        with transaction.atomic():
            for one in kept:
                one.save()
    except IntegrityError as error:
        raise Refused(_("Something else took its place meanwhile: please add it anew.")) from error
    _note(actor, row, "restored")
    return row


@transaction.atomic
def keep_season(season: Season, week: Week, *, actor: Actor | None, changed: Any = ()) -> Season:
    """Write a season with all the hours of its week."""
    keep(season, actor=actor, changed=changed)
    season.slots.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            season=season, channel=channel, weekday=day, opens=one.opens, closes=one.closes
        )
        for (channel, day), openings in week.items()
        for one in openings
    )
    return season


@transaction.atomic
def keep_exception(
    site: Site,
    *,
    actor: Actor | None,
    channel: str,
    day: date,
    openings: Iterable[Opening],
    reason: str,
    replaces: HoursException | None = None,
) -> HoursException:
    """Say other hours for one day (none: closed); what was said of that day before is gone."""
    # The first row of a day keeps its number: pages that are open elsewhere still find it.
    kept_pk = replaces.pk if replaces else 0
    if replaces is not None:
        same_day(replaces).exclude(pk=kept_pk).delete()
    HoursException.objects.filter(site=site, channel=channel, date=day).exclude(pk=kept_pk).delete()
    hours: list[tuple[time | None, time | None]] = [(one.opens, one.closes) for one in openings]
    rows = [
        HoursException(
            site=site, channel=channel, date=day, opens=opens, closes=closes, reason=reason
        )
        for opens, closes in hours or [(None, None)]
    ]
    rows[0].pk = kept_pk or None
    for row in rows:
        row.save()
    _note(actor, rows[0], "changed" if replaces else "added", day=day.isoformat())
    return rows[0]


@transaction.atomic
def remove_exception(row: HoursException, *, actor: Actor) -> None:
    """Back to the hours of the week for that day."""
    rows = [row, *same_day(row).exclude(pk=row.pk)]
    _note(actor, row, "removed", day=row.date.isoformat(), rows=_as_it_was(rows))
    same_day(row).delete()


@transaction.atomic
def keep_entry(
    entry: DirectoryEntry, *, actor: Actor | None, changed: Iterable[str] = ()
) -> DirectoryEntry:
    """Write a directory entry; whoever protects a name signs for it."""
    if not entry.name_policy:
        entry.name_policy_reason = entry.name_policy_author = ""
        entry.name_policy_until = None
    elif not entry.name_policy_author or any(f.startswith("name_policy") for f in changed):
        entry.name_policy_author = str(actor or journal.SYSTEM)[:120]
    return keep(entry, actor=actor, changed=changed)


def same_day(row: HoursException) -> models.QuerySet[HoursException]:
    """All the rows that say the hours of that day and channel."""
    return HoursException.objects.filter(site=row.site_id, channel=row.channel, date=row.date)


def free_slug(row: models.Model) -> str:
    """A short name for addresses, from the name, that nobody has yet."""
    stem = slugify(getattr(row, "name", ""))[:40] or "n"
    rows = type(row)._default_manager.filter(slug__startswith=stem)
    slug = row._meta.get_field("slug")
    if not getattr(slug, "unique", False) and hasattr(row, "authority_id"):
        rows = rows.filter(authority_id=row.authority_id)
    taken = set(rows.values_list("slug", flat=True))
    candidates = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def _as_it_was(rows: Iterable[models.Model]) -> Any:
    return json.loads(serializers.serialize("json", rows))


def _note(actor: Actor | None, row: models.Model, verb: str, **data: Any) -> None:
    journal.record(actor, f"organisations.{row._meta.model_name}_{verb}", row, **data)
