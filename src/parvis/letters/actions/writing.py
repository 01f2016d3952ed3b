"""A letter: begun from a wording, corrected, dropped, sent; then never changed again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import actions as cases
from parvis.cases import queries as case_queries
from parvis.cases.models import Case
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.letters import queries, rules
from parvis.letters.actions.common import check_reads, next_number, today_of
from parvis.letters.events import LetterSent
from parvis.letters.models import (
    Decision,
    Delegation,
    Kind,
    Letter,
    OutgoingPost,
    PostNumber,
    RightRequest,
)
from parvis.letters.queries import Wording
from parvis.letters.tasks import press_letter

State = Letter.State


@transaction.atomic
def begin_letter(
    case: Case,
    wording: Wording,
    *,
    agent: Agent,
    now: datetime,
    decision: Decision | None = None,
    right: RightRequest | None = None,
) -> Letter:
    """Begin a letter about a case: the wording with all that is known of the case put in."""
    check_reads(case, agent)
    if wording.kind == Kind.REFUSAL and decision is None:
        raise Refused(_("A refusal begins with its decision: law, facts and ways to contest it."))
    if wording.kind in {Kind.CERTIFICATE, Kind.MOTIVES} and right is None:
        raise Refused(_("The person has not asked for this yet: write the request down first."))
    known = queries.values(case, on=today_of(agent, now), decision=decision, right=right)
    person = case.person
    letter = Letter.objects.create(
        case=case,
        kind=wording.kind,
        version=wording.version,
        subject=one_line(rules.merged(wording.subject, known))[:160],
        body=rules.merged(wording.body, known)[:20000],
        recipient=str(person)[:120] if person and (person.first_name or person.last_name) else "",
        address=rules.address_lines(person.address) if person else "",
        delegation=decision.delegation if decision else None,
        decision=decision,
        agent=agent,
        begun_at=now,
        changed_at=now,
    )
    if right is not None:
        RightRequest.objects.filter(pk=right.pk, answered_on=None).update(letter=letter)
    journal.record(agent, "letters.letter_begun", letter, kind=letter.kind)
    return letter


@dataclass(frozen=True)
class Words:
    """What may be changed in a draft."""

    subject: str
    body: str
    recipient: str
    address: str
    enclosures: str = ""
    delegation: Delegation | None = None


@transaction.atomic
def change_letter(letter: Letter, words: Words, *, agent: Agent, now: datetime) -> Letter:
    """Correct a draft; a letter that has left is not touched any more."""
    letter = _draft(letter, agent)
    letter.subject = one_line(words.subject)[:160]
    letter.body = _text(words.body)[:20000]
    letter.recipient = one_line(words.recipient)[:120]
    letter.address = _text(words.address)[:300]
    letter.enclosures = _text(words.enclosures)[:1000]
    letter.delegation = words.delegation
    letter.changed_at = now
    letter.save()
    return letter


@transaction.atomic
def drop_letter(letter: Letter, *, agent: Agent, now: datetime) -> Letter:
    """Give a draft up; what it should have answered waits for another letter."""
    letter = _draft(letter, agent)
    letter.state, letter.changed_at, letter.decision = State.DROPPED, now, None
    letter.save()
    RightRequest.objects.filter(letter=letter).update(letter=None)
    journal.record(agent, "letters.letter_dropped", letter)
    return letter


@dataclass(frozen=True)
class Leaving:
    """How and when a letter leaves."""

    way: str
    posted_on: date
    registered_number: str = ""


@transaction.atomic
def send_letter(letter: Letter, leaving: Leaving, *, agent: Agent, now: datetime) -> Letter:
    """Enter a letter in the register of the post: from now on it is kept as it left.

    Nothing is typeset here: the words are kept, and the same words always give the same bytes.
    """
    letter = _draft(letter, agent)
    _check(letter, leaving, today_of(agent, now))
    case, tracked = letter.case, one_line(leaving.registered_number)[:40]
    number = next_number(case.authority_id, PostNumber.Way.OUT, leaving.posted_on.year)
    post = OutgoingPost(
        authority_id=case.authority_id,
        year=leaving.posted_on.year,
        number=number,
        posted_on=leaving.posted_on,
        way=leaving.way,
        registered_number=tracked if leaving.way == rules.Way.REGISTERED else "",
        recipient=letter.recipient,
        address=letter.address,
        subject=letter.subject,
        service_id=case.service_id,
        case=case,
        letter=letter,
        agent=agent,
        at=now,
    )
    letter.content = queries.content(
        letter, on=leaving.posted_on, number=post.label, tracked=post.registered_number
    )
    letter.state, letter.sent_at, letter.changed_at = State.SENT, now, now
    letter.save()
    post.save()
    _follow_up(letter, post, agent=agent, now=now)
    signed = case_queries.signature(case, on=leaving.posted_on)
    withheld: dict[str, Any] = {"name_withheld": signed.exception} if signed.exception else {}
    journal.record(
        agent, "letters.letter_sent", letter, number=post.label, way=leaving.way, **withheld
    )
    emit(LetterSent(letter.pk, case.pk, case.authority_id))
    press_letter.enqueue(letter.pk)
    return letter


def _check(letter: Letter, leaving: Leaving, today: date) -> None:
    if leaving.way not in set(rules.Way):
        raise Refused(_("Say how the letter leaves."))
    if leaving.posted_on > today:
        raise Refused(_("A letter is not posted in the future."))
    if leaving.posted_on < letter.case.received_on:
        raise Refused(_("The letter cannot have left before the request came."))
    if leaving.way == rules.Way.REGISTERED and not leaving.registered_number.strip():
        raise Refused(_("Write the number of the registered letter."))
    lacking = queries.lacking(letter, leaving.way, on=leaving.posted_on)
    if lacking:
        raise Refused(_("This letter cannot leave yet. %s") % " ".join(lacking), code="incomplete")


def _follow_up(letter: Letter, post: OutgoingPost, *, agent: Agent, now: datetime) -> None:
    """What the letter changes for its case: the story, the receipt, the answer that was owed."""
    case = letter.case
    if letter.kind == Kind.REFUSAL and letter.decision is not None:
        cases.close(case, agent=agent, now=now, text=_refusal_words(letter.decision))
    elif letter.kind == Kind.RECEIPT:
        legal = case_queries.legal_clock(case)
        if legal is not None and legal.receipt_sent_at is None and not legal.exemption:
            cases.give_receipt(case, agent=agent, now=now)
    RightRequest.objects.filter(letter=letter, answered_on=None).update(answered_on=post.posted_on)
    cases.note_letter_out(
        case,
        agent=agent,
        now=now,
        subject=letter.subject,
        number=post.label,
        posted_on=post.posted_on,
        handed=post.way == OutgoingPost.Way.HANDED,
    )


def _refusal_words(decision: Decision) -> str:
    return f"{decision.plain}\n\n{decision.appeal}"[:5000]


def _draft(letter: Letter, agent: Agent) -> Letter:
    """The draft, locked: whoever sends it at the same moment comes second."""
    rows = queries.whole(agent).select_for_update(of=("self",))
    found = rows.filter(pk=letter.pk).first()
    if found is None:
        raise Refused(_("Only %s acts on this case.") % letter.case.service.label, code="sensitive")
    if found.state != State.DRAFT:
        raise Refused(_("This letter has left, or was dropped: write another one."), code="stale")
    return found


def _text(words: str) -> str:
    return words.replace("\r\n", "\n").replace("\0", "").strip()
