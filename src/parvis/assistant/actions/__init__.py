"""Every write of the room."""

from parvis.assistant.actions.asking import ANSWERED, ask, begin, choose
from parvis.assistant.actions.looking_after import judge, set_up
from parvis.assistant.actions.opinions import rate
from parvis.assistant.actions.turns import Started, say, start

__all__ = [
    "ANSWERED",
    "Started",
    "ask",
    "begin",
    "choose",
    "judge",
    "rate",
    "say",
    "set_up",
    "start",
]
