"""Several people around a case: who takes part, who acts for the person, what is done with them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.actions import clocks, story
from parvis.cases.events import MandateChanged
from parvis.cases.models import Case, CaseParty, Mandate
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.contacts.models import Person


@dataclass(frozen=True)
class Terms:
    """What a mandate says, as it was shown at the desk."""

    kind: str
    proof: str
    first_day: date
    last_day: date | None = None
    organisation: str = ""
    proof_words: str = ""
    may_write: bool = False
    mail_to: str = Mandate.MailTo.PERSON


@dataclass(frozen=True)
class Mandated:
    """The mandate, and the secret of the representative's own link: known only now."""

    mandate: Mandate
    secret: str


@transaction.atomic
def add_party(case: Case, *, person: Person, part: str, agent: Agent, now: datetime) -> CaseParty:
    """Note that somebody else takes part in the case."""
    story.check_agent(case, agent)
    _check_other(case, person)
    if part not in CaseParty.Part.values:
        raise Refused(_("Choose what part they have."))
    try:
        with transaction.atomic():
            row = CaseParty.objects.create(
                case=case, person=person, part=part, agent=agent, added_at=now
            )
    except IntegrityError as twice:
        raise Refused(_("They take part in it already."), code="stale") from twice
    story.change(case, now=now)
    story.add_line(case, story.Kind.PEOPLE, now=now, agent=agent, what="party", who=str(person))
    story.note_down(case, agent, "party_added", person=person.pk)
    return row


@transaction.atomic
def end_party(row: CaseParty, *, agent: Agent, now: datetime) -> None:
    """Somebody takes part in the case no longer; that they did stays in the story."""
    story.check_agent(row.case, agent)
    if not CaseParty.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now):
        raise Refused(_("A colleague has noted that already."), code="stale")
    story.add_line(
        row.case, story.Kind.PEOPLE, now=now, agent=agent, what="left", who=str(row.person)
    )
    story.note_down(row.case, agent, "party_ended", person=row.person_id)


@transaction.atomic
def give_mandate(
    case: Case, *, holder: Person, terms: Terms, agent: Agent, now: datetime
) -> Mandated:
    """Write down that somebody acts for the person, with the proof that was seen."""
    story.check_agent(case, agent)
    story.check_running(case)
    _check_other(case, holder)
    if case.person is None:
        raise Refused(_("Name the person first: nobody acts for somebody unknown."))
    _check_terms(terms)
    secret = codes.new_secret()
    mandate = Mandate.objects.create(
        case=case,
        holder=holder,
        kind=terms.kind,
        organisation=one_line(terms.organisation)[:120],
        may_write=terms.may_write,
        mail_to=terms.mail_to,
        first_day=terms.first_day,
        last_day=terms.last_day,
        proof=terms.proof,
        proof_words=one_line(terms.proof_words)[:200],
        seen_by=agent,
        seen_at=now,
        secret_hash=codes.hash_secret(secret),
    )
    story.change(case, now=now, unread_by_person=True)
    story.add_line(case, story.Kind.PEOPLE, now=now, agent=agent, what="mandate", who=str(holder))
    story.note_down(case, agent, "mandate_given", mandate=mandate.pk)
    emit(MandateChanged(case.pk, case.authority_id, mandate.pk, is_valid=True))
    return Mandated(mandate, secret)


@transaction.atomic
def revoke_mandate(
    mandate: Mandate, *, now: datetime, reason: str, agent: Agent | None = None
) -> Mandate:
    """End a mandate at once, its link with it: said by a colleague, or by the person's page."""
    why = one_line(reason)[:200]
    if not why:
        raise Refused(_("Say why the mandate ends."), code="empty")
    case = mandate.case
    if agent is not None:
        story.check_agent(case, agent)
    changed = Mandate.objects.filter(pk=mandate.pk, revoked_at=None).update(
        revoked_at=now, revoked_by=agent, revoked_reason=why, secret_hash=None
    )
    if not changed:
        raise Refused(_("This mandate was ended already."), code="stale")
    mandate.refresh_from_db()
    story.add_line(
        case, story.Kind.PEOPLE, now=now, agent=agent, what="revoked", who=str(mandate.holder)
    )
    story.note_down(case, agent or "person", "mandate_revoked", mandate=mandate.pk)
    emit(MandateChanged(case.pk, case.authority_id, mandate.pk, is_valid=False))
    return mandate


@transaction.atomic
def end_own_mandate(mandate: Mandate, *, now: datetime, reason: str = "") -> Mandate:
    """The person ends a mandate from their own page; what a court decided, only the court ends."""
    if not queries.may_end_mandate(mandate):
        raise Refused(_("A court decided this: only the court ends it."), code="court")
    why = one_line(reason) or _("Ended by the person on their page.")
    return revoke_mandate(mandate, now=now, reason=why)


@transaction.atomic
def help_person(case: Case, *, agent: Agent, now: datetime, text: str) -> Case:
    """Digital help: the agent does it together with the person, and the story says so."""
    kept = story.words(text, empty=_("Write what you did together."))
    story.check_agent(case, agent)
    story.check_running(case)
    story.change(case, now=now)
    story.add_line(case, story.Kind.HELPED, now=now, agent=agent, text=kept)
    story.note_down(case, agent, "person_helped", day=str(clocks.local_today(now, agent)))
    return case


def _check_other(case: Case, person: Person) -> None:
    if person.authority_id != case.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if case.person_id == person.pk:
        raise Refused(_("This is the person of the case."), code="same")


def _check_terms(terms: Terms) -> None:
    if terms.kind not in Mandate.Kind.values or terms.proof not in Mandate.Proof.values:
        raise Refused(_("Say in what capacity they act, and which proof you saw."))
    if terms.mail_to not in Mandate.MailTo.values:
        raise Refused(_("Say to whom letters and messages go."))
    if terms.last_day is not None and terms.last_day < terms.first_day:
        raise Refused(_("A mandate ends after it begins."))
    if terms.kind == Mandate.Kind.GUARDIAN and terms.proof != Mandate.Proof.COURT:
        raise Refused(_("A guardian shows the decision of the court."))
