"""Finding a case: by the secret of its link, by right, by its person."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from parvis.accounts.models import Agent
from parvis.cases.models import Case, Mandate, PageKey
from parvis.cases.queries.joining import root_id
from parvis.common import codes
from parvis.common.access import Actor
from parvis.common.clock import local_day
from parvis.contacts import queries as contacts
from parvis.contacts.models import Contact, Person
from parvis.organisations.models import Service


def with_everybody(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with all that a page about one of them names."""
    return rows.select_related(
        "authority",
        "service",
        "topic__family",
        "person",
        "contact",
        "referent__entry__service",
        "referent__entry__authority",
        "deputy__entry__service",
        "deputy__entry__authority",
        "clock__procedure",
    )


def by_secret(secret: str, now: datetime) -> Case | None:
    """The case that a tracking link opens; None when unknown, revoked or expired alike."""
    valid = Q(secret_expires_at=None) | Q(secret_expires_at__gt=now)
    mark = codes.hash_secret(secret)
    by_code = PageKey.objects.filter(secret_hash=mark, expires_at__gt=now)
    key = Q(secret_hash=mark) | Q(pk__in=by_code.values("case_id"))
    found = with_everybody(Case.objects.filter(valid, key)).first()
    if found is None:
        return _by_mandate(mark, valid, now)
    return where_it_goes_on(found, valid)


def where_it_goes_on(case: Case, valid: Q | None = None) -> Case | None:
    """The case itself, or the one that it was put into: there the story goes on."""
    if case.merged_into_id is None:
        return case
    root = Case.objects.filter(valid or Q(), pk=root_id(case))
    return with_everybody(root).first()


def _by_mandate(hashed: str, valid: Q, now: datetime) -> Case | None:
    """Somebody who acts for the person has a link of their own, as long as the mandate holds."""
    mandate = Mandate.objects.filter(secret_hash=hashed).select_related("holder", "case").first()
    if mandate is None or not mandate.holds_on(local_today(now)):
        return None
    found = with_everybody(Case.objects.filter(valid, pk=root_id(mandate.case))).first()
    if found is not None:
        found.held_by = mandate
    return found


def local_today(now: datetime) -> date:
    """The day at the seat of the installation."""
    return local_day(now, ZoneInfo(settings.TIME_ZONE))


def of_contact(contact: Contact) -> Case | None:
    """The case that an exchange led to, the first one when there are several."""
    return with_everybody(Case.objects.filter(contact=contact)).order_by("pk").first()


def whole(actor: Actor) -> QuerySet[Case]:
    """Cases the actor may read, with everybody that a page about one of them names."""
    return with_everybody(Case.objects.visible_to(actor))


@dataclass(frozen=True)
class Stub:
    """All that outsiders learn of a case of a sensitive service: whom to ask."""

    service: str
    phone: str
    email: str


def stub_of(actor: Actor, reference: str) -> Stub | None:
    """Whom to ask about a case that the actor may know of but not read."""
    case = sealed(actor, reference)
    return _stub(case.service) if case else None


def sealed(actor: Actor, reference: str) -> Case | None:
    """A case of the authority that the actor may know of but not read."""
    rows = Case.objects.filter(authority_id=actor.authority_id, reference=reference)
    return rows.select_related("service", "authority").first()


def _stub(service: Service) -> Stub:
    return Stub(service.label, service.phone, service.email)


def earlier_of_person(case: Case, actor: Actor, *, limit: int = 5) -> list[Case]:
    """Other cases of the same person that the actor may read, latest first."""
    if case.person_id is None:
        return []
    rows = Case.objects.visible_to(actor).filter(person_id=case.person_id).exclude(pk=case.pk)
    rows = rows.exclude(state=Case.State.MERGED)
    return list(rows.select_related("service").order_by("-opened_at")[:limit])


def known_elsewhere(person: Person, actor: Actor) -> list[Stub]:
    """Sensitive services that know the person: whom to ask, and nothing else."""
    theirs = Case.objects.in_phase_for(actor).filter(person=person, service=OuterRef("pk"))
    sealed_ones = Service.objects.filter(authority_id=actor.authority_id, is_sensitive=True)
    others = sealed_ones.exclude(pk=getattr(actor, "service_id", None) or 0)
    return [_stub(service) for service in others.filter(Exists(theirs)).order_by("pk")]


def stubs_named(actor: Actor, text: str) -> list[Stub]:
    """Sensitive services that know somebody of this name: whom to ask, and nothing else."""
    found = [known_elsewhere(person, actor) for person in contacts.people(actor, text)]
    return list(dict.fromkeys(stub for stubs in found for stub in stubs))


def last_entry_id(case: Case) -> int:
    """The newest line of the story, to notice later what came after it."""
    return case.entries.order_by("-id").values_list("id", flat=True).first() or 0


def news_since(case: Case, entry_id: int, agent: Agent) -> bool:
    """Has anybody else added a line after this one?"""
    newer = case.entries.filter(pk__gt=entry_id)
    return newer.exclude(agent_id=agent.pk, agent__isnull=False).exists()
