"""Finding a case: by the secret of its link, by right, by its person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from parvis.accounts.models import Agent
from parvis.cases.models import Case, PageKey
from parvis.common import codes, journal
from parvis.common.access import Actor
from parvis.common.models import JournalEntry
from parvis.contacts import queries as contacts
from parvis.contacts.models import Contact, Person


def _with_everybody(rows: QuerySet[Case]) -> QuerySet[Case]:
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
    rows = Case.objects.filter(valid, key)
    return _with_everybody(rows).first()


def of_contact(contact: Contact) -> Case | None:
    """The case that an exchange led to, the first one when there are several."""
    return _with_everybody(Case.objects.filter(contact=contact)).order_by("pk").first()


def whole(actor: Actor) -> QuerySet[Case]:
    """Cases the actor may read, with everybody that a page about one of them names."""
    return _with_everybody(Case.objects.visible_to(actor))


@dataclass(frozen=True)
class Stub:
    """All that outsiders learn of a case of a sensitive service: whom to ask."""

    service: str
    phone: str
    email: str


def stub_of(actor: Actor, reference: str) -> Stub | None:
    """Whom to ask about a case that the actor may know of but not read."""
    rows = Case.objects.filter(authority_id=actor.authority_id, reference=reference)
    case = rows.select_related("service").first()
    return _stub(case) if case else None


def _stub(case: Case) -> Stub:
    return Stub(case.service.label, case.service.phone, case.service.email)


def earlier_of_person(case: Case, actor: Actor, *, limit: int = 5) -> list[Case]:
    """Other cases of the same person that the actor may read, latest first."""
    if case.person_id is None:
        return []
    rows = Case.objects.visible_to(actor).filter(person_id=case.person_id).exclude(pk=case.pk)
    return list(rows.select_related("service").order_by("-opened_at")[:limit])


def known_elsewhere(person: Person, actor: Actor) -> list[Stub]:
    """Sensitive services that know the person: whom to ask, and nothing else."""
    hidden = Case.objects.filter(
        authority_id=actor.authority_id, person=person, service__is_sensitive=True
    ).exclude(pk__in=Case.objects.visible_to(actor).values("pk"))
    stubs = [_stub(case) for case in hidden.select_related("service").order_by("service_id")]
    return list(dict.fromkeys(stubs))


@dataclass(frozen=True)
class Reading:
    """Somebody outside the service opened the case."""

    at: datetime
    who: str


def outside_readings(case: Case, *, limit: int = 10) -> list[Reading]:
    """The last readings from outside the owning service, which the service sees."""
    rows = list(_readings(case)[:limit])
    numbers = [row.actor.removeprefix("agent:") for row in rows]
    agents = Agent.objects.filter(pk__in=[n for n in numbers if n.isdigit()])
    names = {str(agent.pk): agent.display_name for agent in agents.select_related("entry")}
    return [
        Reading(row.at, names.get(number, row.actor))
        for row, number in zip(rows, numbers, strict=True)
    ]


def _readings(case: Case) -> QuerySet[JournalEntry]:
    return journal.of(case).filter(verb="cases.case_read").order_by("-id")


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
