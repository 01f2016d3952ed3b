"""Keeping the table of streets."""

import csv
import io
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge.models import Street
from parvis.knowledge.rules import streets as rules
from parvis.organisations.models import Authority, Service, Site

COLUMNS = ("street", "from", "to", "side", "subject", "service", "site", "body", "contact")
MOST = 20_000
_SIDES = {"": "", "impair": "odd", "pair": "even", "odd": "odd", "even": "even"}


@dataclass(frozen=True)
class _Places:
    services: dict[str, Service]
    sites: dict[str, Site]


@transaction.atomic
def import_streets(actor: Actor, text: str) -> int:
    """Put a table of streets (CSV) in the place of the one before; all of it or nothing."""
    dialect = ";" if text.partition("\n")[0].count(";") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=dialect)
    if not {"street", "subject"} <= set(reader.fieldnames or ()):
        raise Refused(_("The first line must name the columns: %s.") % ", ".join(COLUMNS))
    places = _Places(
        {s.slug: s for s in Service.objects.filter(authority_id=actor.authority_id)},
        {s.slug: s for s in Site.objects.filter(authority_id=actor.authority_id)},
    )
    rows = [_row(actor, told, number, places) for number, told in enumerate(reader, start=2)]
    if len(rows) > MOST:
        raise Refused(_("At most %d lines.") % MOST)
    Street.objects.filter(authority_id=actor.authority_id).delete()
    Street.objects.bulk_create(rows, batch_size=500)
    authority = Authority.objects.get(pk=actor.authority_id)
    journal.record(actor, "knowledge.streets_imported", authority, lines=len(rows))
    return len(rows)


def _row(actor: Actor, told: dict[str, str | None], number: int, places: _Places) -> Street:
    given = {name: one_line(told.get(name) or "") for name in COLUMNS}
    wrong = Refused(_("Line %d cannot be read.") % number)
    if not given["street"] or not given["subject"] or given["side"].lower() not in _SIDES:
        raise wrong
    if given["service"] and given["service"] not in places.services:
        raise wrong
    if given["site"] and given["site"] not in places.sites:
        raise wrong
    try:
        first, last = (int(given[name]) if given[name] else None for name in ("from", "to"))
    except ValueError:
        raise wrong from None
    return Street(
        authority_id=actor.authority_id,
        name=given["street"][:200],
        folded=rules.folded(given["street"])[:200],
        first=first,
        last=last,
        side=_SIDES[given["side"].lower()],
        subject=given["subject"][:100],
        service=places.services.get(given["service"]),
        site=places.sites.get(given["site"]),
        body=given["body"][:200],
        contact=given["contact"][:200],
    )
