"""Taking what people say back: was it solved, and thank you."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import actions as cases
from parvis.cases import queries as case_queries
from parvis.cases import rules as case_rules
from parvis.cases.models import Case
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.contacts import actions as contacts
from parvis.contacts.models import Channel, Contact
from parvis.feedback import rules
from parvis.feedback.events import AnswerGiven, ThanksGiven
from parvis.feedback.models import Response, Thanks, ThanksRecipient, Via


@transaction.atomic
def answer(
    contact: Contact,
    *,
    via: str,
    now: datetime,
    solved: bool | None = None,
    satisfaction: int | None = None,
    comment: str = "",
) -> Response:
    """Keep the answer to "was it solved?"; one per contact, changeable for a day."""
    words = comment.strip()[:500]
    _check_answer(contact, via, solved, satisfaction, words)
    # Two answers at once wait for each other here: the second one sees the first.
    Contact.objects.select_for_update().get(pk=contact.pk)
    given = Response.objects.filter(contact=contact).first()
    if given is None:
        given = Response(authority_id=contact.authority_id, contact=contact)
    else:
        _check_change(given, contact, via, now)
    before = _plain(given)
    given.at, given.via = now, via
    given.solved = given.solved if solved is None else solved
    given.satisfaction = satisfaction or given.satisfaction
    given.comment = words or given.comment
    given.save()
    journal.record(
        journal.PERSON,
        "feedback.answer_given",
        given,
        authority_id=contact.authority_id,
        via=via,
        before=before,
        after=_plain(given),
    )
    emit(AnswerGiven(contact.pk, contact.authority_id, given.solved, given.satisfaction))
    return given


def _check_answer(
    contact: Contact, via: str, solved: bool | None, satisfaction: int | None, words: str
) -> None:
    if via not in Via.values:
        raise Refused(_("This way of answering is not known."))
    if solved is None and satisfaction is None and not words:
        raise Refused(_("Choose an answer."), code="empty")
    if satisfaction is not None and satisfaction not in range(1, 6):
        raise Refused(_("Choose a number from 1 to 5."))
    if contact.undone_at is not None:
        raise Refused(_("There is nothing to answer about."))


def _check_change(given: Response, contact: Contact, via: str, now: datetime) -> None:
    closings = contact.cases.filter(closed_at__isnull=False).order_by("-closed_at")
    closed_at = closings.values_list("closed_at", flat=True).first()
    if not rules.may_change(answered_at=given.at, now=now, via=via, closed_at=closed_at):
        raise Refused(_("An answer was already given for this visit. Thank you."), code="answered")


def _plain(given: Response) -> dict[str, bool | int | None]:
    return {"solved": given.solved, "satisfaction": given.satisfaction}


@dataclass(frozen=True)
class Followed:
    """What became of a "not solved": a case, and its secret when it is new."""

    case: Case
    secret: str  # empty when the case existed before: the person has its link already


@transaction.atomic
def follow_up(
    contact: Contact,
    *,
    now: datetime,
    text: str,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    phone: str = "",
) -> Followed:
    """Take up what was not solved: the same case again, or a new one at the owning service."""
    Contact.objects.select_for_update().get(pk=contact.pk)
    known = case_queries.of_contact(contact)
    if known is not None:
        return Followed(_take_up(known, text, now), "")
    person = contact.person
    if any(value.strip() for value in (first_name, last_name, email, phone)):
        person, linking = contacts.identify_person(
            contact.authority,
            now=now,
            first_name=first_name,
            last_name=last_name,
            email=email,
            phone=phone,
        )
        if contact.person_id is None:
            contacts.link_person(contact, person=person, linking=linking)
    opened = cases.open_case(
        topic=contact.topic,
        channel=Channel.WEB,
        description=text,
        now=now,
        person=person,
        contact=contact,
    )
    return Followed(opened.case, opened.secret)


def _take_up(case: Case, text: str, now: datetime) -> Case:
    if case.state in case_rules.RUNNING:
        return cases.write_as_person(case, now=now, text=text)
    return cases.reopen(case, now=now, text=text)


@transaction.atomic
def thank(case: Case, *, now: datetime, words: str = "", may_be_shown: bool = False) -> Thanks:
    """Bring a thank you to everybody who acted on the case; counted for the team."""
    recent = Thanks.objects.filter(case=case, at__gt=now - rules.THANKS_APART)
    if recent.exists():
        raise Refused(_("Your thank you of today has arrived already."), code="thanked")
    thanks = Thanks.objects.create(
        authority_id=case.authority_id,
        case=case,
        at=now,
        words=words.strip()[:500],
        may_be_shown=may_be_shown,
    )
    ThanksRecipient.objects.bulk_create(
        ThanksRecipient(thanks=thanks, agent=agent, service_id=agent.service_id)
        for agent in _thanked(case)
    )
    cases.note_thanks(case, now=now)
    journal.record(journal.PERSON, "feedback.thanks_given", thanks, authority_id=case.authority_id)
    emit(ThanksGiven(case.pk, case.authority_id))
    return thanks


def _thanked(case: Case) -> list[Agent]:
    acted = {agent.pk: agent for agent in case_queries.actors_of(case)}
    if case.referent is not None:
        acted.setdefault(case.referent.pk, case.referent)
    return list(acted.values())


@transaction.atomic
def see_thanks(agent: Agent, *, now: datetime) -> int:
    """Mark the agent's own thanks as seen; returns how many were new."""
    return ThanksRecipient.objects.filter(agent=agent, seen_at=None).update(seen_at=now)
