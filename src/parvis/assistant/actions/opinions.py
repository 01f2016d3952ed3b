"""What the person says of the conversation: did it help, would they have called?"""

from datetime import datetime

from django.db import transaction

from parvis.assistant.models import Conversation, Turn
from parvis.knowledge import actions as knowledge


@transaction.atomic
def rate(
    conversation: Conversation, *, now: datetime, helped: bool | None, would_have_called: str = ""
) -> Conversation:
    """Note it; a "no" makes the questions a gap for those who keep the sheets."""
    if would_have_called not in {"", *Conversation.Called.values}:
        would_have_called = ""
    conversation.helped = helped
    conversation.would_have_called = would_have_called
    conversation.helped_at = now
    conversation.save(update_fields=["helped", "would_have_called", "helped_at"])
    if helped is False:
        for turn in conversation.said.filter(author=Turn.Author.PERSON):
            secret = f"{conversation.secret_hash[:24]}{turn.number:08d}"
            knowledge.note_no(conversation.authority_id, secret)
    return conversation
