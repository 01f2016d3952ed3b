"""Who takes part in a case beside the person, who acts for them, and to whom letters go."""

from dataclasses import dataclass
from datetime import date, datetime

from parvis.cases.models import Case, CaseParty, Mandate
from parvis.cases.queries.joining import (
    Alike,
    Linked,
    Part,
    duplicates_of,
    links_of,
    part_ids,
    parts_of,
)
from parvis.common.access import Actor
from parvis.contacts.models import Person

MailTo = Mandate.MailTo


def parties_of(case: Case) -> list[CaseParty]:
    """The other people of a case, oldest first."""
    rows = CaseParty.objects.filter(case__in=part_ids(case), ended_at=None)
    return list(rows.select_related("person").order_by("pk"))


@dataclass(frozen=True)
class Acting:
    """A mandate as it stands on one day."""

    mandate: Mandate
    holds: bool


def mandates_of(case: Case, on: date) -> list[Acting]:
    """Every mandate of a case, those that hold first."""
    rows = Mandate.objects.filter(case__in=part_ids(case)).select_related(
        "holder", "seen_by__entry", "revoked_by__entry"
    )
    found = [Acting(row, row.holds_on(on)) for row in rows.order_by("pk")]
    return sorted(found, key=lambda one: not one.holds)


def live_mandates(case: Case, on: date) -> list[Mandate]:
    """The mandates of a case that hold that day or begin later."""
    found = (one.mandate for one in mandates_of(case, on))
    return [
        row
        for row in found
        if row.revoked_at is None and (row.last_day is None or row.last_day >= on)
    ]


def may_end_mandate(mandate: Mandate) -> bool:
    """May the person end it by themselves? Not what a court has decided."""
    by_court = mandate.kind == Mandate.Kind.GUARDIAN or mandate.proof == Mandate.Proof.COURT
    return not by_court and mandate.revoked_at is None


@dataclass(frozen=True)
class Recipient:
    """Somebody a letter or message of the case goes to."""

    name: str
    email: str
    address: str
    language: str
    acts_for: str = ""  # the person, when this is a representative


def recipients(case: Case, on: date) -> list[Recipient]:
    """To whom letters and messages go that day: the person, unless a mandate says otherwise."""
    rows = Mandate.objects.filter(case__in=part_ids(case), revoked_at=None).select_related("holder")
    valid = [row for row in rows.order_by("pk") if row.holds_on(on)]
    person = case.person
    name = str(person) if person else ""
    found = [
        _recipient(row.holder, acts_for=name)
        for row in valid
        if row.mail_to in (MailTo.BOTH, MailTo.HOLDER)
    ]
    # One who asked that everything goes to the representative is not written to beside them.
    alone = any(row.mail_to == MailTo.HOLDER for row in valid)
    if person is not None and not alone:
        found.insert(0, _recipient(person))
    return found


def _recipient(person: Person, *, acts_for: str = "") -> Recipient:
    return Recipient(str(person), person.email, person.address, person.language, acts_for=acts_for)


@dataclass(frozen=True)
class Around:
    """What the page of a case says in short of its neighbours and people."""

    alike: list[Alike]
    parts: list[Part]
    links: list[Linked]
    parties: list[CaseParty]
    mandates: list[Acting]


def around(case: Case, reader: Actor, now: datetime, today: date) -> Around:
    """Everything around a case that this reader may know."""
    return Around(
        duplicates_of(case, reader),
        parts_of(case, now),
        links_of(case, reader),
        parties_of(case),
        mandates_of(case, today),
    )
