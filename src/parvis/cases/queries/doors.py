"""Who may read how much of the page of a case, and the calls that were promised."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from parvis.cases.models import CallBack, Case, CaseFile, KnownDevice, PageKey, readable_by
from parvis.cases.queries.finding import Stub, stub_of, where_it_goes_on, whole
from parvis.cases.queries.joining import part_ids
from parvis.cases.rules import doors
from parvis.cases.rules.doors import Check, Telling
from parvis.common import codes
from parvis.common.access import Actor
from parvis.common.calendar import Territory, WorkingCalendar
from parvis.contacts.models import Person
from parvis.contacts.rules import normal_email, normal_phone, plain


def opened_by_code(secret: str) -> bool:
    """Was the page opened with code and name, rather than by its own link?"""
    return PageKey.objects.filter(secret_hash=codes.hash_secret(secret)).exists()


def is_known_device(case: Case, token: str, now: datetime) -> bool:
    """Was the code from the person's mail typed on this device, not too long ago?"""
    if not token:
        return False
    known = KnownDevice.objects.filter(case=case, token_hash=token_mark(case, token))
    return known.filter(expires_at__gt=now).exists()


def token_mark(case: Case, token: str) -> str:
    """The hash of a device for one case: two cases of a person cannot be told to be theirs."""
    return codes.hash_secret(f"{case.pk}:{token}")


def is_sensitive(case: Case) -> bool:
    """Does even its subject say too much?"""
    return case.service.is_sensitive or case.topic.service.is_sensitive


def mail_of(case: Case) -> str:
    """Where the six digits are sent: to the person, or to whoever opened the page for them."""
    reader = case.held_by.holder if case.held_by is not None else case.person
    return reader.email if reader else ""


def by_code_and_name(authority_id: int, reference: str, name: str, now: datetime) -> Case | None:
    """The case of somebody who knows its short code and how its person is called."""
    rows = Case.objects.filter(authority_id=authority_id, reference=reference)
    found = rows.exclude(secret_expires_at__lte=now).select_related("person").first()
    person = found.person if found else None
    first, last = (person.first_name, person.last_name) if person else ("", "")
    fits = doors.same_name(name, first_name=first, last_name=last)
    return where_it_goes_on(found) if found and fits else None


def moments_to_call(case: Case, now: datetime) -> list[doors.Moment]:
    """When the person may be called back, from the working days of the authority."""
    return doors.moments(
        now,
        zone=ZoneInfo(settings.TIME_ZONE),
        calendar=WorkingCalendar(Territory(case.authority.territory)),
    )


def promised_call(case: Case) -> CallBack | None:
    """The call that the person waits for."""
    return case.call_backs.filter(state=CallBack.State.PROMISED).first()


def calls_to_make(actor: Actor, *, service_id: int | None = None) -> QuerySet[CallBack]:
    """The promised calls of cases that the actor may read, the most urgent first."""
    promised = CallBack.objects.filter(state=CallBack.State.PROMISED)
    calls = promised.filter(readable_by(actor, "case__"))
    if service_id is not None:
        calls = calls.filter(case__service_id=service_id)
    people = calls.select_related("case__person", "case__service", "case__referent__entry")
    return people.order_by("promised_until", "id")


@dataclass(frozen=True)
class Doors:
    """The ways to the page that stand open now."""

    devices: int
    keys: int


def doors_of(case: Case, now: datetime) -> Doors:
    """How many devices and short keys open the page beside its link."""
    return Doors(
        devices=KnownDevice.objects.filter(case=case, expires_at__gt=now).count(),
        keys=PageKey.objects.filter(case=case, expires_at__gt=now).count(),
    )


def documents_of(case: Case) -> list[CaseFile]:
    """Everything that was sent with a case, in the order in which it came."""
    return list(CaseFile.objects.filter(case__in=part_ids(case)).order_by("id"))


@dataclass(frozen=True)
class Identified:
    """Somebody at the desk or on the telephone: what fits, and how much may be told."""

    case: Case | None  # readable for this agent
    stub: Stub | None  # of a sensitive service that is not theirs: whom to ask
    checks: frozenset[Check]
    telling: Telling


def identified(
    actor: Actor,
    *,
    reference: str,
    name: str,
    detail: str = "",
    identity: bool = False,
    called_back: bool = False,
) -> Identified:
    """Compare what somebody says with what the case holds; the unknown and the foreign are one."""
    wanted = codes.parse_reference(reference) or ""
    known = whole(actor).filter(reference=wanted).first()
    case = where_it_goes_on(known) if known else None
    if case is None:
        stub = stub_of(actor, wanted) if wanted else None
        return Identified(None, stub, frozenset(), Telling.NOTHING)
    checks = {Check.CODE}
    person = case.person
    if person and doors.same_name(name, first_name=person.first_name, last_name=person.last_name):
        checks.add(Check.NAME)
    if person and _fits(person, detail):
        checks.add(Check.DETAIL)
    if identity:
        checks.add(Check.IDENTITY)
    if called_back and person and person.phone:
        checks.add(Check.CALLED_BACK)
    telling = doors.may_be_told(checks, is_sensitive=is_sensitive(case))
    return Identified(case, None, frozenset(checks), telling)


def _fits(person: Person, detail: str) -> bool:
    if not detail.strip():
        return False
    phone, email = normal_phone(detail), normal_email(detail)
    if "@" in detail:
        return bool(person.email) and normal_email(person.email) == email
    if phone and person.phone and phone == normal_phone(person.phone):
        return True
    return bool(person.address) and plain(person.address) == plain(detail)
