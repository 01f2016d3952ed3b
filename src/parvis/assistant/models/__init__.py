"""The tables of the room."""

from parvis.assistant.models.calibration import Calibration, Measured
from parvis.assistant.models.conversations import Conversation, OfConversation, Turn
from parvis.assistant.models.handovers import Duty, Handover
from parvis.assistant.models.rewording import LanguageModel, Rewording
from parvis.assistant.models.setup import Setup
from parvis.assistant.models.suggestions import Suggestion

__all__ = [
    "Calibration",
    "Conversation",
    "Duty",
    "Handover",
    "LanguageModel",
    "Measured",
    "OfConversation",
    "Rewording",
    "Setup",
    "Suggestion",
    "Turn",
]
