"""Who takes conversations now."""

from datetime import datetime

from django.db import transaction

from parvis.accounts.models import Agent
from parvis.assistant.models import Duty
from parvis.common import journal


@transaction.atomic
def go_on(agent: Agent, *, now: datetime) -> Duty:
    """Take conversations from now on, as long as the page of conversations is open."""
    duty, is_new = Duty.objects.update_or_create(
        agent=agent,
        defaults={"seen_at": now},
        create_defaults={"authority_id": agent.authority_id, "since": now, "seen_at": now},
    )
    if is_new:
        journal.record(agent, "assistant.duty_begun", agent)
    return duty


@transaction.atomic
def go_off(agent: Agent, *, now: datetime) -> None:
    """Take nobody new; the conversations that the agent holds stay with them."""
    if end_for(agent.pk):
        journal.record(agent, "assistant.duty_ended", agent)


@transaction.atomic
def end_for(agent_id: int) -> bool:
    """The agent is on duty no longer, whoever says so."""
    count, _rows = Duty.objects.filter(agent=agent_id).delete()
    return bool(count)
