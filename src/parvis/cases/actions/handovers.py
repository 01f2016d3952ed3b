"""From one pair of hands to another: offered with a note, accepted, and told to the person once."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.actions import people, story
from parvis.cases.actions.clocks import local_today
from parvis.cases.events import CaseReferentChanged
from parvis.cases.models import Case, Handover
from parvis.cases.queries.following import NOBODY_ELSE
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.marking import gettext_noop
from parvis.common.text import one_line

# Why the person does not read of an offer: they are told who follows once that is settled.
NOT_YET = gettext_noop("not settled yet: the person is told once somebody has accepted")


@dataclass(frozen=True)
class Note:
    """What whoever takes a case over must know; the person reads it as well."""

    why: str
    promised: str
    next_step: str
    by_when: date | None


@transaction.atomic
def hand_over(
    case: Case,
    *,
    agent: Agent,
    now: datetime,
    referent: Agent,
    note: Note,
    deputy: Agent | None = None,
    because: str = "",
) -> Handover:
    """Offer the case to a colleague of the service; taking it oneself needs nobody's answer.

    Until the colleague accepts, whoever follows the case answers for it.
    """
    note = whole(note, now, agent)
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    if referent.pk == case.referent_id:
        raise Refused(_("This colleague follows the case already."))
    if Handover.objects.filter(case=case, state=Handover.State.OFFERED).exists():
        raise Refused(_("The case is offered to somebody already: wait, or take that back."))
    people.withdraw_pending(case, now)
    pair = pair_for(case, referent, deputy, now=now, because=because)
    offered = Handover.objects.create(
        case=case,
        giver=case.referent,
        receiver=referent,
        by=agent,
        deputy=deputy,
        because=pair.because,
        offered_at=now,
        **vars(note),
    )
    if referent.pk == agent.pk:
        _settle(offered, now, pair)
        return offered
    _say(offered, story.Kind.OFFERED, agent, now)
    story.note_down(case, agent, "handover_offered", to=referent.pk)
    return offered


@transaction.atomic
def accept_handover(handover: Handover, *, agent: Agent, now: datetime) -> Case:
    """Take the case: from now on the receiver answers for it, and the person reads who and why."""
    _check_receiver(handover, agent)
    case = handover.case
    if handover.state == Handover.State.LEFT:
        _answer(handover, Handover.State.ACCEPTED, now)
        story.note_down(case, agent, "handover_accepted", giver=handover.giver_id)
        return case
    story.check_running(case)
    if case.referent_id != handover.giver_id:
        raise Refused(_("Somebody else follows this case meanwhile."), code="stale")
    because = handover.because or NOBODY_ELSE  # said when it was offered
    pair = pair_for(case, handover.receiver, handover.deputy, now=now, because=because)
    _settle(handover, now, pair)
    return case


@transaction.atomic
def give_back(handover: Handover, *, agent: Agent, now: datetime, reason: str) -> Case:
    """Say why one does not take the case: whoever offered it still follows it."""
    _check_receiver(handover, agent)
    if handover.state == Handover.State.LEFT:
        raise Refused(_("Nobody follows this case but you: hand it over with a note."))
    why = one_line(reason)[:300]
    if not why:
        raise Refused(_("Say why: whoever follows the case reads it."), code="empty")
    handover.answer = why
    _answer(handover, Handover.State.RETURNED, now)
    _say(handover, story.Kind.GIVEN_BACK, agent, now, why)
    story.note_down(handover.case, agent, "handover_given_back", giver=handover.giver_id)
    return handover.case


@transaction.atomic
def withdraw(handover: Handover, *, agent: Agent, now: datetime) -> Case:
    """Take an offer back before it is answered."""
    story.check_may_steer(handover.case, agent, now)
    if handover.state != Handover.State.OFFERED:
        raise Refused(_("This offer has been answered."), code="stale")
    _answer(handover, Handover.State.WITHDRAWN, now)
    story.note_down(handover.case, agent, "handover_withdrawn", to=handover.receiver_id)
    return handover.case


def whole(note: Note, now: datetime, agent: Agent | None) -> Note:
    """The note with all of its parts, as it is kept; or the sentence that asks for the rest."""
    kept = Note(
        story.words(note.why, empty=_("Write a note: the person and your colleague read why.")),
        story.words(note.promised, empty=_("Write what was promised, or “nothing”.")),
        one_line(story.words(note.next_step, empty=_("Write the next step.")))[:200],
        note.by_when,
    )
    if kept.by_when is None:
        raise Refused(_("Say by when the next step is done."), code="empty")
    if kept.by_when < local_today(now, agent):
        raise Refused(_("The date of the next step is past."))
    return kept


def kept_parts(note: Note) -> dict[str, Any]:
    """The parts of a note as a line of the story keeps them."""
    by_when = note.by_when.isoformat() if note.by_when else ""
    return {"promised": note.promised, "step": note.next_step, "by_when": by_when}


def pair_for(
    case: Case, referent: Agent, deputy: Agent | None, *, now: datetime, because: str = ""
) -> people.Pair:
    """The new referent with a deputy: the given one, else the one who knows the case already."""
    kept = deputy
    if deputy is None and case.deputy_id != referent.pk and people.still_fits(case.deputy, case):
        kept = case.deputy
    pair = people.chosen_pair(
        case.service, case.topic, now=now, referent=referent, deputy=kept, because=because
    )
    is_chosen = deputy is not None or (kept is not None and case.deputy_is_chosen)
    return replace(pair, deputy_is_chosen=is_chosen)


def put_in_hands(case: Case, now: datetime, pair: people.Pair, **more: Any) -> None:
    """Write down who follows from now on; the person has something new to read."""
    same = pair.referent is not None and pair.referent.pk == case.referent_id
    hands = people.in_hands(pair, now)
    if same:
        hands["referent_since"] = case.referent_since
    story.change(case, now=now, **hands, unread_by_person=True, **more)


def _settle(handover: Handover, now: datetime, pair: people.Pair) -> None:
    case, before = handover.case, handover.giver_id
    _answer(handover, Handover.State.ACCEPTED, now)
    put_in_hands(case, now, pair, due_on=handover.by_when)
    note = Note(handover.why, handover.promised, handover.next_step, handover.by_when)
    line = story.add_line(
        case,
        story.Kind.HANDED_OVER,
        now=now,
        agent=handover.by,
        text=handover.why,
        before=before,
        referent=case.referent_id,
        deputy=case.deputy_id,
        **_taken(handover),
        **kept_parts(note),
        **people.exceptions_of(pair),
    )
    story.note_down(
        case, handover.receiver, "case_handed_over", before=before, referent=case.referent_id
    )
    emit(CaseReferentChanged(case.pk, case.authority_id, before, case.referent_id, line.pk))


def _taken(handover: Handover) -> dict[str, Any]:
    return {"taken": True} if handover.by_id == handover.receiver_id else {}


def _answer(handover: Handover, state: str, now: datetime) -> None:
    """Whoever answers first has answered: a colleague, a second press, a closed case."""
    open_still = Handover.objects.filter(pk=handover.pk, state=handover.state)
    if not open_still.update(state=state, answered_at=now, answer=handover.answer):
        raise Refused(_("This offer has been answered."), code="stale")
    handover.state, handover.answered_at = state, now


def _check_receiver(handover: Handover, agent: Agent) -> None:
    if handover.state not in (Handover.State.OFFERED, Handover.State.LEFT):
        raise Refused(_("This offer has been answered."), code="stale")
    story.check_agent(handover.case, agent)
    # Another program may bring the answer that the colleague gave there.
    if agent.pk != handover.receiver_id and not agent.is_robot:
        raise Refused(_("Only the colleague to whom it is offered answers."), code="not_yours")


def _say(handover: Handover, kind: str, agent: Agent, now: datetime, text: str = "") -> None:
    story.add_line(
        handover.case,
        kind,
        now=now,
        agent=agent,
        text=text,
        internal_reason=NOT_YET,
        referent=handover.receiver_id,
        before=handover.giver_id,
    )
