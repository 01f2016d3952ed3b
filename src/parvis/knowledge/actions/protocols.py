"""Living with reception protocols: read, followed, and sometimes left for a good reason."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge import queries
from parvis.knowledge.actions.drafts import open_draft
from parvis.knowledge.models import (
    ProtocolDeviation,
    ProtocolReading,
    Sheet,
    SheetDraft,
    SheetVersion,
)


@transaction.atomic
def confirm_reading(version: SheetVersion, *, agent: Agent, now: datetime) -> ProtocolReading:
    """Note that an agent has read a protocol as it is now; once is enough."""
    reading, _new = ProtocolReading.objects.get_or_create(
        version=version, agent=agent, defaults={"at": now}
    )
    return reading


@transaction.atomic
def deviate(
    sheet: Sheet, *, step: int, cause: str, agent: Agent, now: datetime, words: str = ""
) -> ProtocolDeviation:
    """Note that a step was done otherwise; it blocks nothing and asks for nobody's leave."""
    steps = queries.steps_of(sheet.current)
    if sheet.current is None or not 1 <= step <= len(steps):
        raise Refused(_("This step is no longer in the protocol."), code="gone")
    if cause not in ProtocolDeviation.Cause.values:
        raise Refused(_("Choose why."), code="cause")
    row = ProtocolDeviation.objects.create(
        sheet=sheet,
        version=sheet.current,
        step=step,
        step_title=steps[step - 1].title[:200],
        cause=cause,
        words=one_line(words)[:300],
        agent=agent,
        at=now,
    )
    journal.record(agent, "knowledge.protocol_left", sheet, step=step, cause=cause)
    return row


@transaction.atomic
def decide_deviations(
    deviations: Iterable[ProtocolDeviation], *, decision: str, agent: Agent, now: datetime
) -> list[ProtocolDeviation]:
    """Say of deviations of one step that the protocol stays, or that they become the rule."""
    choices = {ProtocolDeviation.Decision.STAYS.value, ProtocolDeviation.Decision.RULE.value}
    if decision not in choices:
        raise Refused(_("Choose what becomes of it."), code="decision")
    ids = [one.pk for one in deviations]
    held = list(ProtocolDeviation.objects.select_for_update().filter(pk__in=ids, decision=""))
    for one in held:
        one.decision, one.decided_by, one.decided_at = decision, agent, now
    ProtocolDeviation.objects.bulk_update(held, ["decision", "decided_by", "decided_at"])
    for one in held[:1]:
        journal.record(
            agent, "knowledge.deviation_decided", one.sheet, decision=decision, count=len(held)
        )
    return held


@transaction.atomic
def draft_from_deviation(
    deviation: ProtocolDeviation, *, agent: Agent, now: datetime
) -> SheetDraft:
    """Open the text of the protocol, with what was done instead as the reason of the change."""
    draft = open_draft(deviation.sheet, agent=agent, now=now)
    if not draft.reason:
        told = deviation.words or deviation.get_cause_display()
        draft.reason = one_line(f"{deviation.step}. {deviation.step_title} : {told}")[:300]
        draft.save(update_fields=["reason"])
    return draft
