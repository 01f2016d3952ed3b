"""What is read in more than one place."""

from parvis.assistant.queries.answering import Reply, Talk, reply
from parvis.assistant.queries.conversations import (
    by_secret,
    for_agent,
    settings_of,
    talk_of,
    threshold_of,
    turns_of,
)
from parvis.assistant.queries.opening import Fact, phone_state, places

__all__ = [
    "Fact",
    "Reply",
    "Talk",
    "by_secret",
    "for_agent",
    "phone_state",
    "places",
    "reply",
    "settings_of",
    "talk_of",
    "threshold_of",
    "turns_of",
]
