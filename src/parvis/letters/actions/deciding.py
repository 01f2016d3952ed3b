"""Refusals with law, facts and ways to contest them; certificates and reasons on request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import actions as cases
from parvis.cases import rules as case_rules
from parvis.cases.actions import story
from parvis.cases.models import Case
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.law.models import Article
from parvis.letters import queries, rules
from parvis.letters.actions.common import today_of
from parvis.letters.events import RightAsked
from parvis.letters.models import Decision, Delegation, Letter, RightRequest


@dataclass(frozen=True)
class Reasons:
    """Why a request is refused, and how that is contested."""

    articles: Sequence[Article]
    law: str
    facts: str
    plain: str
    appeal: str


@transaction.atomic
def refuse_request(
    case: Case,
    reasons: Reasons,
    *,
    agent: Agent,
    now: datetime,
    delegation: Delegation,
    decided_on: date,
) -> Decision:
    """Decide a refusal; without articles, facts and ways to contest it there is none."""
    story.check_may_steer(case, agent, now)
    story.check_running(case)
    _check(case, reasons, delegation, decided_on, today_of(agent, now))
    decision = Decision.objects.create(
        case=case,
        law=reasons.law.strip(),
        facts=reasons.facts.strip(),
        plain=reasons.plain.strip(),
        appeal=reasons.appeal.strip(),
        delegation=delegation,
        decided_on=decided_on,
        agent=agent,
        at=now,
    )
    decision.articles.set([article.current for article in reasons.articles if article.current])
    quoted = [article.label for article in reasons.articles]
    journal.record(agent, "letters.refusal_decided", decision, case=case.reference, articles=quoted)
    return decision


def _check(
    case: Case, reasons: Reasons, delegation: Delegation, decided_on: date, today: date
) -> None:
    if decided_on > today or decided_on < case.received_on:
        raise Refused(_("The day of the decision lies between the request and today."))
    in_force = [one for one in reasons.articles if one.current_id and one.repealed_on is None]
    if not in_force:
        raise Refused(_("No refusal without a legal basis: choose the article."), code="no_law")
    if any(one.text.authority_id != case.authority_id for one in reasons.articles):
        raise Refused(_("This belongs to another authority."), code="foreign")
    missing = [
        words
        for words, text in (
            (_("the reasons in law"), reasons.law),
            (_("the facts"), reasons.facts),
            (_("the explanation in plain words"), reasons.plain),
            (_("how and until when it is contested"), reasons.appeal),
        )
        if not text.strip()
    ]
    if missing:
        raise Refused(_("A refusal also says: %s.") % ", ".join(missing), code="no_reasons")
    if not queries.delegations(case, on=decided_on).filter(pk=delegation.pk).exists():
        raise Refused(_("Nobody signs for the authority: choose who holds a delegation in force."))


@transaction.atomic
def withdraw_decision(decision: Decision, *, agent: Agent, now: datetime) -> Decision:
    """Take a decision back before anybody was told of it."""
    story.check_may_steer(decision.case, agent, now)
    if decision.withdrawn_at is not None or _has_left(decision):
        raise Refused(_("The person was told of this decision: it cannot be taken back here."))
    decision.withdrawn_at = now
    decision.save(update_fields=["withdrawn_at"])
    journal.record(agent, "letters.decision_withdrawn", decision, case=decision.case.reference)
    return decision


def _has_left(decision: Decision) -> bool:
    return Letter.objects.filter(decision=decision, state=Letter.State.SENT).exists()


@transaction.atomic
def ask_for_right(
    case: Case,
    kind: str,
    *,
    channel: str,
    now: datetime,
    agent: Agent | None = None,
) -> RightRequest:
    """Write down that the person asks for the certificate or the reasons; the clock runs."""
    today = today_of(agent, now)
    if agent is not None:
        story.check_agent(case, agent)
    open_ones = {right.kind: right for right in queries.open_rights(case, today)}
    right = open_ones.get(kind)
    if right is None:
        raise Refused(_("This cannot be asked for today, or was asked for already."), code="stale")
    request = RightRequest.objects.create(
        case=case,
        kind=kind,
        channel=channel,
        asked_on=today,
        silence_on=right.silence_on,
        due_on=right.due_on,
        is_legal=right.is_legal,
        agent=agent,
        at=now,
    )
    words = _WORDS[kind]()
    if agent is None:
        cases.write_as_person(case, now=now, text=words)
    else:
        cases.add_note(case, agent=agent, now=now, text=words, reason="", shared=True)
    journal.record(
        agent or journal.PERSON,
        "letters.right_asked",
        request,
        authority_id=case.authority_id,
        kind=kind,
    )
    emit(RightAsked(request.pk, case.pk, case.authority_id))
    return request


_WORDS = {
    rules.CERTIFICATE: lambda: _("Asked for the certificate of the implicit acceptance (L232-3)."),
    rules.MOTIVES: lambda: _("Asked for the reasons of the implicit refusal (L232-4)."),
}


def appeal_after_motives(request: RightRequest) -> date | None:
    """Until when the refusal may be contested once its reasons were given (L232-4)."""
    if request.kind != rules.MOTIVES or request.answered_on is None:
        return None
    period = case_rules.appeal(
        request.silence_on, proper_receipt=True, motives_given_on=request.answered_on
    )
    return period.ends_on
