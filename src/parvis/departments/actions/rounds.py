"""Rounds to the departments: planned, made, written down."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.departments.models import Round, RoundTopic
from parvis.departments.queries import Proposal
from parvis.departments.rules import rounds as rules
from parvis.knowledge import actions as knowledge
from parvis.knowledge.models import Sheet, SheetDraft
from parvis.organisations.models import Service

State = Round.State


@transaction.atomic
def plan_round(
    service: Service,
    *,
    visitor: Agent,
    planned_at: datetime,
    agent: Agent,
    now: datetime,
    place: str = "",
    topics: Iterable[Proposal] = (),
    follows: Round | None = None,
) -> Round:
    """Plan a visit to a department, with what there is to clarify."""
    if {service.authority_id, visitor.authority_id} != {agent.authority_id}:
        raise Refused(_("Only a colleague of this house goes to its departments."), code="invalid")
    row = Round.objects.create(
        authority_id=agent.authority_id,
        service=service,
        visitor=visitor,
        planned_at=planned_at,
        place=one_line(place)[:120],
        planned_by=agent,
        follows=follows,
    )
    kinds = RoundTopic.Kind
    RoundTopic.objects.bulk_create(
        RoundTopic(
            round=row,
            kind=one.kind,
            words=one.words[:500],
            question_id=one.pk if one.kind == kinds.QUESTION else None,
            sheet_id=one.pk if one.kind == kinds.SHEET else None,
        )
        for one in topics
    )
    journal.record(agent, "departments.round_planned", row, service=service.pk)
    return row


def _planned(found: Round) -> Round:
    held = Round.objects.select_for_update(of=("self",)).select_related("service").get(pk=found.pk)
    if held.state != State.PLANNED:
        state = held.get_state_display()
        raise Refused(_("Meanwhile this round was marked “%s”.") % state, code="moved")
    return held


@transaction.atomic
def add_topic(found: Round, words: str, *, agent: Agent, now: datetime) -> RoundTopic:
    """One more thing to clarify on this round."""
    held = _planned(found)
    words = one_line(words)[:500]
    if not words:
        raise Refused(_("Write what there is to clarify."), code="empty")
    row = RoundTopic.objects.create(round=held, words=words)
    journal.record(agent, "departments.round_topic_added", held)
    return row


@transaction.atomic
def settle_topic(topic: RoundTopic, *, agent: Agent, is_settled: bool) -> RoundTopic:
    """Tick what was clarified, or take the tick away."""
    topic.is_settled = is_settled
    topic.save(update_fields=["is_settled"])
    journal.record(agent, "departments.round_topic_settled", topic.round, settled=is_settled)
    return topic


@transaction.atomic
def begin_draft(
    found: Round, *, agent: Agent, now: datetime, sheet: Sheet | None = None, title: str = ""
) -> SheetDraft:
    """Begin the text of a sheet that this round leads to: an existing one, or a new one."""
    held = Round.objects.select_for_update(of=("self",)).select_related("service").get(pk=found.pk)
    if held.state not in {State.PLANNED, State.DONE}:
        raise Refused(_("This round does not take place."), code="moved")
    if sheet is not None:
        draft = knowledge.open_draft(sheet, agent=agent, now=now)
    else:
        title = one_line(title)[:200]
        if not title:
            raise Refused(_("Write the title of the new sheet."), code="empty")
        draft = knowledge.start_sheet(agent, now=now, title=title, service=held.service)
    if not draft.reason:
        draft.reason = _why(held)
        draft.save(update_fields=["reason"])
    held.drafts.add(draft)
    journal.record(agent, "departments.round_draft_begun", held, draft=draft.pk)
    return draft


def _why(held: Round) -> str:
    with translation.override("fr"):  # a text of the house
        day = date_format(held.planned_at, "DATE_FORMAT")
        words = {"service": held.service.name, "day": day}
        return (_("Round to %(service)s, %(day)s") % words)[:300]


@transaction.atomic
def close_round(
    found: Round, *, agent: Agent, now: datetime, minutes: str, nothing_new: bool = False
) -> Round:
    """Write the minutes; a round ends with a change of a sheet, or with "nothing new" said."""
    held = _planned(found)
    if held.planned_at > now:
        raise Refused(_("This round has not taken place yet."), code="early")
    minutes = minutes.replace("\0", "").replace("\r\n", "\n").strip()
    drafts = held.drafts.count()
    if not minutes:
        raise Refused(_("Write the minutes: what was said, and what the desks may say."))
    if not rules.may_close(minutes=minutes, drafts=drafts, nothing_new=nothing_new):
        raise Refused(
            _("Begin the change of a sheet that this round leads to, or tick “nothing new”."),
            code="nothing_changed",
        )
    held.state, held.minutes, held.closed_at = State.DONE, minutes[:10000], now
    held.nothing_new = nothing_new and not drafts
    held.save(update_fields=["state", "minutes", "closed_at", "nothing_new"])
    journal.record(agent, "departments.round_done", held, drafts=drafts)
    return held


@transaction.atomic
def cancel_round(found: Round, *, agent: Agent, now: datetime, reason: str) -> Round:
    """Call a round off, with the reason."""
    return _put_off(_planned(found), State.CANCELLED, agent=agent, now=now, reason=reason)


@transaction.atomic
def postpone_round(
    found: Round, *, agent: Agent, now: datetime, reason: str, planned_at: datetime
) -> Round:
    """Put a round off to another day, with the reason; what there is to clarify goes along."""
    if planned_at <= now:
        raise Refused(_("Choose a day that is still to come."), code="invalid")
    held = _put_off(_planned(found), State.POSTPONED, agent=agent, now=now, reason=reason)
    follower = plan_round(
        held.service,
        visitor=held.visitor,
        planned_at=planned_at,
        agent=agent,
        now=now,
        place=held.place,
        follows=held,
    )
    held.topics.filter(is_settled=False).update(round=follower)
    return follower


def _put_off(held: Round, state: State, *, agent: Agent, now: datetime, reason: str) -> Round:
    reason = one_line(reason)[:300]
    if not reason:
        raise Refused(_("Say why, in one sentence."), code="no_reason")
    held.state, held.reason, held.closed_at = state, reason, now
    held.save(update_fields=["state", "reason", "closed_at"])
    journal.record(agent, f"departments.round_{state}", held)
    return held
