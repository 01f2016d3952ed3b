"""Everything that the rooms hold of one person, as they declared it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from parvis.cases.models import Case
from parvis.common import personal
from parvis.common.access import Actor
from parvis.common.personal import Held, Words
from parvis.contacts import rules as contact_rules
from parvis.contacts.models import Person

PERSON, CASE = "contacts.Person", "cases.Case"
MOST = 50
# Columns that no page of their room shows have no words there.
LABELS: dict[str, Words] = {
    "added_at": pgettext_lazy("column", "added"),
    "address": pgettext_lazy("column", "address"),
    "after": pgettext_lazy("column", "afterwards"),
    "answered_at": pgettext_lazy("column", "answered"),
    "asked_at": pgettext_lazy("column", "asked"),
    "asked_on": pgettext_lazy("column", "asked"),
    "at": pgettext_lazy("column", "moment"),
    "author": pgettext_lazy("column", "author"),
    "before": pgettext_lazy("column", "before"),
    "case": pgettext_lazy("column", "case"),
    "channel": pgettext_lazy("column", "channel"),
    "closed_at": pgettext_lazy("column", "closed"),
    "created_at": pgettext_lazy("column", "known since"),
    "digest": pgettext_lazy("column", "mark of the content"),
    "due_on": pgettext_lazy("column", "due"),
    "ended_at": pgettext_lazy("column", "ended"),
    "falls_on": pgettext_lazy("column", "silence counts on"),
    "first_received_on": pgettext_lazy("column", "received first"),
    "from_address": pgettext_lazy("column", "address of the sender"),
    "from_name": pgettext_lazy("column", "name of the sender"),
    "from_person": pgettext_lazy("column", "from the person"),
    "helped": pgettext_lazy("column", "helped"),
    "is_internal": pgettext_lazy("column", "internal"),
    "is_outside": pgettext_lazy("column", "from another service"),
    "issued_at": pgettext_lazy("column", "taken"),
    "kind": pgettext_lazy("column", "kind"),
    "language": pgettext_lazy("column", "language"),
    "lifted_at": pgettext_lazy("column", "lifted"),
    "months": pgettext_lazy("column", "months"),
    "name": pgettext_lazy("column", "name"),
    "needs": pgettext_lazy("column", "needs"),
    "note": pgettext_lazy("column", "note"),
    "offered_at": pgettext_lazy("column", "offered"),
    "opened_at": pgettext_lazy("column", "opened"),
    "outcome": pgettext_lazy("column", "outcome"),
    "placed_at": pgettext_lazy("column", "placed"),
    "priority": pgettext_lazy("column", "priority"),
    "reason": pgettext_lazy("column", "reason"),
    "receipt_sent_at": pgettext_lazy("column", "receipt sent"),
    "received_at": pgettext_lazy("column", "received"),
    "received_on": pgettext_lazy("column", "received"),
    "reference": pgettext_lazy("column", "reference"),
    "refusal": pgettext_lazy("column", "why it does not do"),
    "satisfaction": pgettext_lazy("column", "satisfaction"),
    "scan_name": pgettext_lazy("column", "name of the scan"),
    "sent_at": pgettext_lazy("column", "sent"),
    "service": pgettext_lazy("column", "service"),
    "silence": pgettext_lazy("column", "silence"),
    "since": pgettext_lazy("column", "since"),
    "site": pgettext_lazy("column", "site"),
    "size": pgettext_lazy("column", "size"),
    "solved": pgettext_lazy("column", "solved"),
    "started_at": pgettext_lazy("column", "began"),
    "starts_at": pgettext_lazy("column", "hour"),
    "state": pgettext_lazy("column", "state"),
    "subject": pgettext_lazy("column", "subject"),
    "text": pgettext_lazy("column", "words"),
    "to": pgettext_lazy("column", "recipient"),
    "topic": pgettext_lazy("column", "topic"),
    "until": pgettext_lazy("column", "until"),
    "via": pgettext_lazy("column", "by way of"),
    "way": pgettext_lazy("column", "way"),
    "words": pgettext_lazy("column", "words"),
}


@dataclass(frozen=True)
class Cell:
    """One column of one row, as it is read and as a program reads it."""

    name: str
    label: Words
    text: str
    value: Any


@dataclass(frozen=True)
class Part:
    """The rows of one table that speak of somebody; ``withheld`` were not shown."""

    held: Held
    rows: list[list[Cell]]
    files: list[tuple[str, str]]  # digest and name
    withheld: int = 0

    @property
    def label(self) -> Words:
        return self.held.label

    @property
    def count(self) -> int:
        return len(self.rows) + self.withheld


@dataclass(frozen=True)
class Found:
    """A person who may be meant, and how much is held of them."""

    person: Person
    cases: int
    exchanges: int


def found_people(actor: Actor, words: str) -> list[Found]:
    """Who may be meant by a name, an e-mail, a telephone number or the reference of a case."""
    typed = " ".join(words.split())
    if len(typed) < 2:
        return []
    own = Person.objects.visible_to(actor)
    last = typed.rpartition(" ")[2]
    wanted = Q(last_name__istartswith=typed) | Q(last_name__istartswith=last)
    if "@" in typed:
        wanted = Q(email__iexact=typed)
    phone = contact_rules.normal_phone(typed)
    if phone:
        wanted = Q(phone=phone)
    wanted |= Q(cases__reference__iexact=typed)
    people = own.filter(wanted).distinct().order_by("last_name", "first_name", "pk")[:MOST]
    return [Found(one, one.cases.count(), one.contact_set.count()) for one in people]


def addresses(person: Person) -> list[str]:
    """By what somebody is found where nobody linked them."""
    return [word for word in (person.email, person.phone) if word]


def holdings(person: Person, *, obliged: bool = True, with_internal: bool = False) -> list[Part]:
    """Every table with rows of this person; without ``obliged``, only what a wish may erase."""
    reached = personal.reach(PERSON, [person.pk], obliged=obliged)
    parts = [
        part_of(held, held.reached(reached, addresses(person)), with_internal=with_internal)
        for held in personal.held()
        if obliged or not held.obliged
    ]
    return [part for part in parts if part.count]


def part_of(held: Held, rows: QuerySet[Any], *, with_internal: bool) -> Part:
    """The rows of one table, read as they were declared."""
    columns = {column.name for column in rows.model._meta.fields}
    links = [name for name in held.shown if rows.model._meta.get_field(name).is_relation]
    read = list(rows.select_related(*links))
    kept = [
        row for row in read
        if with_internal or "is_internal" not in columns or not row.is_internal
    ]  # fmt: skip
    shown = [[_cell(row, name) for name in held.shown] for row in kept if held.shown]
    for name, told in held.told.items():
        place = held.shown.index(name)
        for cells, words in zip(shown, told([row[place].value for row in shown]), strict=True):
            cells[place] = replace(cells[place], text=words)
    files = [
        (getattr(row, held.digest), str(row))
        for row in kept
        if held.digest and getattr(row, held.digest)
    ]
    return Part(held, shown, files, withheld=len(read) - len(shown))


def _cell(row: models.Model, name: str) -> Cell:
    value = getattr(row, name)
    label = label_of(row._meta.get_field(name))
    display = getattr(row, f"get_{name}_display", None)
    if display is not None:
        return Cell(name, label, str(display() or ""), value)
    if isinstance(value, bool):
        return Cell(name, label, _("Yes") if value else _("No"), value)
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return Cell(name, label, date_format(local, "SHORT_DATETIME_FORMAT"), value.isoformat())
    if isinstance(value, date):
        return Cell(name, label, date_format(value, "SHORT_DATE_FORMAT"), value.isoformat())
    if isinstance(value, models.Model):
        said = str(getattr(value, "label", value))
        return Cell(name, label, said, said)
    if isinstance(value, list | dict):
        return Cell(name, label, ", ".join(map(str, value)), value)
    return Cell(name, label, "" if value is None else str(value), value)


def label_of(column: Any) -> Words:
    """What a column is called: as its room says, else in the words of this page."""
    said = getattr(column, "verbose_name", column.name)
    return said if isinstance(said, Promise) else LABELS.get(column.name, said)


def kept_reasons(person: Person) -> QuerySet[Case]:
    """The cases that the law makes us keep, whatever the person wishes."""
    return (
        Case.objects.filter(
            Q(person=person) | Q(parties__person=person) | Q(mandates__holder=person),
            eliminated_at=None,
        )
        .distinct()
        .select_related("service", "topic")
        .order_by("opened_at")
    )
