"""What somebody asks about their data, and what is done about it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.common import erasing, journal, personal, tombstones
from parvis.common.errors import Refused
from parvis.common.tasks import write_database_anew
from parvis.common.text import one_line
from parvis.contacts.models import Person
from parvis.contacts.rules import normal_email, normal_phone
from parvis.privacy import queries, rules
from parvis.privacy.actions.slips import erase_whole
from parvis.privacy.models import Hold, PersonRequest
from parvis.privacy.queries.people import PERSON, addresses

State = PersonRequest.State
CORRECTABLE = ("first_name", "last_name", "email", "phone", "address")


@transaction.atomic
def take_request(
    person: Person, *, kind: str, agent: Agent, now: datetime, received_on: date
) -> PersonRequest:
    """Write down what somebody asks: the answer is due within a month of the day it came."""
    _check_day(received_on, now)
    made = PersonRequest.objects.create(
        authority_id=person.authority_id,
        person=person,
        kind=kind,
        received_on=received_on,
        due_on=rules.answer_due(received_on),
        taken_by=agent,
    )
    journal.record(agent, "privacy.request_taken", made, kind=kind)
    return made


@transaction.atomic
def check_identity(
    request: PersonRequest, *, agent: Agent, now: datetime, how: str
) -> PersonRequest:
    """Say how the identity was checked: without it nothing is handed over or erased."""
    request = _open(request)
    if not one_line(how):
        raise Refused(_("Say how: “identity card seen at the desk”, “answered from the address”."))
    request.identity, request.identity_checked_at = one_line(how)[:200], now
    request.save(update_fields=["identity", "identity_checked_at"])
    journal.record(agent, "privacy.identity_checked", request)
    return request


@transaction.atomic
def prolong(request: PersonRequest, *, agent: Agent, reason: str) -> PersonRequest:
    """Two more months for what is complex; the person has to be told why within the first."""
    request = _open(request)
    if not one_line(reason):
        raise Refused(_("Say why it takes longer: the person is told within the first month."))
    request.longer_because = one_line(reason)[:200]
    request.due_on = rules.answer_due(request.received_on, is_longer=True)
    request.save(update_fields=["longer_because", "due_on"])
    journal.record(agent, "privacy.request_prolonged", request)
    return request


@transaction.atomic
def correct_day(
    request: PersonRequest, *, agent: Agent, now: datetime, received_on: date
) -> PersonRequest:
    """The request came on another day than was written: the answer is due accordingly."""
    request = _open(request)
    _check_day(received_on, now)
    if received_on == request.received_on:
        raise Refused(_("Nothing was changed."))
    before, request.received_on = request.received_on, received_on
    request.due_on = rules.answer_due(received_on, is_longer=bool(request.longer_because))
    request.save(update_fields=["received_on", "due_on"])
    journal.record(agent, "privacy.request_day_corrected", request, before=before.isoformat())
    return request


@transaction.atomic
def withdraw(request: PersonRequest, *, agent: Agent, now: datetime, reason: str) -> PersonRequest:
    """Nobody waits for an answer: taken back by the person, or written down by mistake."""
    request = _open(request)
    if not one_line(reason):
        raise Refused(_("Say why it is withdrawn."))
    return _end(request, State.DROPPED, agent, now, words=one_line(reason))


def _check_day(received_on: date, now: datetime) -> None:
    if received_on > timezone.localdate(now):
        raise Refused(_("A request cannot come in the future."))
    if received_on < rules.FIRST_DAY:
        raise Refused(_("This right begins on 25 May 2018: check the year."))


@transaction.atomic
def answer(request: PersonRequest, *, agent: Agent, now: datetime, words: str) -> PersonRequest:
    """What was asked is done."""
    return _end(_checked(request), State.DONE, agent, now, words=words)


@transaction.atomic
def refuse(
    request: PersonRequest, *, agent: Agent, now: datetime, ground: str, words: str
) -> PersonRequest:
    """A refusal says on which ground, in words that the person may contest."""
    request = _open(request)
    if not words.strip():
        raise Refused(_("A refusal has a ground in the law and words for the person."))
    if ground not in rules.GROUNDS[request.kind]:
        raise Refused(_("This is no ground in the law for refusing what is asked."))
    return _end(request, State.REFUSED, agent, now, ground=ground, words=words)


@transaction.atomic
def correct(
    request: PersonRequest, *, agent: Agent, now: datetime, changes: dict[str, str]
) -> PersonRequest:
    """Correct who somebody is; the journal says which columns, never the words."""
    request = _checked(request)
    person = _person(request)
    said = _identity(person, changes)
    changed = [name for name in CORRECTABLE if said[name] != getattr(person, name)]
    if not changed:
        raise Refused(_("Nothing was changed."))
    for name in changed:
        setattr(person, name, said[name])
    person.save(update_fields=changed)
    journal.record(agent, "privacy.person_corrected", person, fields=changed)
    return _end(request, State.DONE, agent, now, words=_("Corrected."))


def _identity(person: Person, changes: dict[str, str]) -> dict[str, str]:
    """Who somebody is once corrected: it stays somebody, by a name if there was one."""
    said = {name: one_line(changes.get(name, getattr(person, name))) for name in CORRECTABLE}
    phone = normal_phone(said["phone"])
    if said["phone"] and not phone:
        raise Refused(_("This is not a telephone number."))
    said |= {"phone": phone, "email": normal_email(said["email"])}
    had_name, has_name = (
        any(names) for names in
        ((person.first_name, person.last_name), (said["first_name"], said["last_name"]))
    )  # fmt: skip
    if had_name and not has_name:
        raise Refused(_("A correction leaves a name: to take it away is an erasure."))
    if not any(said.values()):
        raise Refused(_("Give at least a name, a telephone number or an e-mail address."))
    return said


@transaction.atomic
def erase(request: PersonRequest, *, agent: Agent, now: datetime) -> PersonRequest:
    """Erase what a wish may erase; what the law makes us keep stays, and the answer says so."""
    request = _checked(request)
    person = _person(request)
    kept = list(queries.kept_reasons(person))
    write_database_anew.enqueue()  # the job sees this transaction whole, or not at all
    if not kept:
        journal.record(agent, "privacy.person_erased", request, whole=True)
        request = _end(request, State.DONE, agent, now, words="")
        erase_whole(person, now=now)
        request.refresh_from_db()
        return request
    root, known = personal.root(PERSON), addresses(person)
    tombstones.lay(root, [person], now=now, obliged=False)
    counts = erasing.empty(root, [person.pk], now=now, obliged=False, known=known)
    journal.record(agent, "privacy.person_erased", request, whole=False, rows=sum(counts.values()))
    words = _("Erased, except what we must keep until its term: %(cases)s.") % {
        "cases": ", ".join(case.reference for case in kept)
    }
    return _end(
        request, State.PARTLY, agent, now, ground=PersonRequest.Ground.ARCHIVES, words=words
    )


@transaction.atomic
def limit(request: PersonRequest, *, agent: Agent, now: datetime) -> PersonRequest:
    """Nothing is done with the closed cases any more but to keep them, and nothing erases them."""
    request = _checked(request)
    cases = list(queries.kept_reasons(_person(request)).filter(closed_at__isnull=False))
    if not cases:
        raise Refused(_("No closed case is held: there is nothing to put aside."))
    for case in cases:
        if not Hold.objects.filter(case=case, lifted_at=None).exists():
            hold(case, agent=agent, now=now, reason=_("Limitation asked for by the person."))
    Case.objects.filter(pk__in=[case.pk for case in cases], archived_at=None).update(
        archived_at=now
    )
    words = _("Put aside: %(cases)s.") % {"cases": ", ".join(case.reference for case in cases)}
    return _end(request, State.DONE, agent, now, words=words)


@transaction.atomic
def hold(case: Case, *, agent: Agent, now: datetime, reason: str) -> Hold:
    """Keep a case from elimination, for a reason, until somebody lifts it."""
    if not one_line(reason):
        raise Refused(_("A hold has a reason."))
    if case.eliminated_at is not None:
        raise Refused(_("This case was eliminated: there is nothing left to hold."))
    if Hold.objects.filter(case=case, lifted_at=None).exists():
        raise Refused(_("This case is on hold already."))
    made = Hold.objects.create(
        authority_id=case.authority_id,
        case=case,
        reason=one_line(reason)[:200],
        placed_at=now,
        placed_by=agent,
    )
    journal.record(agent, "privacy.hold_placed", made, case=case.reference)
    return made


@transaction.atomic
def lift(held: Hold, *, agent: Agent, now: datetime) -> None:
    """The case may go when its term comes."""
    if Hold.objects.filter(pk=held.pk, lifted_at=None).update(lifted_at=now, lifted_by=agent):
        journal.record(agent, "privacy.hold_lifted", held)


def _open(request: PersonRequest) -> PersonRequest:
    request = PersonRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != State.OPEN:
        raise Refused(_("This request was answered already."))
    return request


def _checked(request: PersonRequest) -> PersonRequest:
    request = _open(request)
    if request.identity_checked_at is None:
        raise Refused(_("First say how the identity was checked."), code="identity")
    return request


def _person(request: PersonRequest) -> Person:
    if request.person_id is None:
        raise Refused(_("Nothing is held of this person any more."))
    return Person.objects.select_for_update().get(pk=request.person_id)


def _end(
    request: PersonRequest, state: str, agent: Agent, now: datetime, **said: Any
) -> PersonRequest:
    request.state, request.ended_at, request.ended_by = state, now, agent
    request.ground = said.get("ground", "")
    request.answer = said["words"].strip()[:1000]
    request.save(update_fields=["state", "ended_at", "ended_by", "ground", "answer"])
    journal.record(agent, "privacy.request_answered", request, state=state)
    return request
