"""What colleagues decide about the assistant: right or wrong, on or off, how sure, where shown."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.assistant.models import Conversation, Setup
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line


@transaction.atomic
def judge(
    conversation: Conversation, *, agent: Agent, verdict: str, note: str, now: datetime
) -> Conversation:
    """Say whether the answers of a conversation were right; the last word counts."""
    if verdict not in Conversation.Verdict.values:
        raise Refused(_("Say whether the answers were right."))
    conversation.verdict = verdict
    conversation.review_note = one_line(note)[:300]
    conversation.reviewed_at, conversation.reviewed_by = now, agent
    conversation.save(update_fields=["verdict", "review_note", "reviewed_at", "reviewed_by"])
    journal.record(agent, "assistant.conversation_judged", conversation, verdict=verdict)
    return conversation


@transaction.atomic
def set_up(agent: Agent, *, is_on: bool, origins: Sequence[str]) -> Setup:
    """Keep how the authority wants its assistant."""
    kept, _made = Setup.objects.update_or_create(
        authority_id=agent.authority_id, defaults={"is_on": is_on, "origins": list(origins)}
    )
    journal.record(agent, "assistant.set_up", kept, is_on=is_on, origins=list(origins))
    return kept


@transaction.atomic
def set_threshold(agent: Agent, threshold: float | None) -> Setup:
    """Answer from this certainty on; None: as it was fitted."""
    kept, _made = Setup.objects.update_or_create(
        authority_id=agent.authority_id, defaults={"threshold": threshold}
    )
    journal.record(agent, "assistant.threshold_set", kept, threshold=threshold)
    return kept
