"""What is handed over: the copy for a person, the parcel for the archives."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import files, journal, personal
from parvis.common.errors import Refused
from parvis.contacts.models import Person
from parvis.privacy import queries
from parvis.privacy.models import PersonRequest, Slip, SlipLine
from parvis.privacy.queries.people import Part
from parvis.privacy.queries.terms import CASE


@transaction.atomic
def export_person(
    request: PersonRequest, *, agent: Agent, now: datetime, with_internal: bool = False
) -> bytes:
    """One archive with everything held of the person: JSON, a page to read, the documents."""
    person, parts = _held(request, agent, with_internal)
    return _parcel(str(person), parts, now, register=queries.register(agent, now.date()))


@transaction.atomic
def export_data(person: Person, *, agent: Agent, now: datetime) -> dict[str, Any]:
    """The same as data, for a program; only once somebody has checked who asked for it."""
    asked = PersonRequest.objects.filter(
        person=person, kind=PersonRequest.Kind.ACCESS, state=PersonRequest.State.OPEN
    )
    request = asked.exclude(identity_checked_at=None).order_by("-received_on", "-pk").first()
    if request is None:
        raise Refused(
            _("Nobody has written down that this person asked for their data, with the identity "
              "checked."),
            code="identity",
        )  # fmt: skip
    _person, parts = _held(request, agent, with_internal=False)
    return _said(parts, now)


def _held(request: PersonRequest, agent: Agent, with_internal: bool) -> tuple[Person, list[Part]]:
    if request.identity_checked_at is None:
        raise Refused(_("First say how the identity was checked."), code="identity")
    if request.person_id is None:
        raise Refused(_("Nothing is held of this person any more."))
    person = Person.objects.get(pk=request.person_id)
    parts = queries.holdings(person, with_internal=with_internal)
    journal.record(
        agent, "privacy.person_exported", request, rows=sum(part.count for part in parts)
    )
    return person, parts


def _said(parts: list[Part], now: datetime) -> dict[str, Any]:
    return {"made_at": now.isoformat(), "tables": [_as_data(part) for part in parts]}


def export_transfer(slip: Slip, *, agent: Agent, now: datetime) -> bytes:
    """One archive with the cases that go to the archives."""
    keys = set(
        slip.lines.filter(fate=SlipLine.Fate.TRANSFER, done_at=None).values_list(
            "case_id", flat=True
        )
    )
    if not keys:
        raise Refused(_("No case of this slip goes to the archives, or all were handed over."))
    reached = {CASE: keys}
    parts = [
        queries.part_of(held, held.reached(reached), with_internal=True)
        for held in personal.held()
        if CASE in held.of
    ]
    with transaction.atomic():
        journal.record(agent, "privacy.transfer_exported", slip, number=slip.number)
    return _parcel(slip.number, [part for part in parts if part.count], now)


def _parcel(title: str, parts: list[Part], now: datetime, **more: Any) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        said = json.dumps(_said(parts, now), ensure_ascii=False, indent=1)
        archive.writestr("donnees.json", said)
        page = render_to_string(
            "privacy/parcel.html",
            {
                "title": title,
                "parts": parts,
                "now": now,
                "language": get_language() or "fr",
                "register": [],
                **more,
            },
        )
        archive.writestr("donnees.html", page)
        for digest, name in {pair: None for part in parts for pair in part.files}:
            path = files.path_of(digest)
            if path.exists():
                archive.write(path, f"documents/{digest[:12]}-{name}")
    return target.getvalue()


def _as_data(part: Part) -> dict[str, Any]:
    return {
        "table": part.held.model,
        "not_shown": part.withheld,
        "rows": [{cell.name: _plain(cell.value) for cell in row} for row in part.rows],
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return str(value)
