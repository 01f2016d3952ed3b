"""Every write of the room."""

from parvis.assistant.actions.asking import (
    ANSWERED,
    Moved,
    ask,
    ask_within,
    begin,
    begin_within,
    choose,
    choose_within,
)
from parvis.assistant.actions.looking_after import judge, set_threshold, set_up
from parvis.assistant.actions.opinions import rate
from parvis.assistant.actions.turns import Started, say, start

__all__ = [
    "ANSWERED",
    "Moved",
    "Started",
    "ask",
    "ask_within",
    "begin",
    "begin_within",
    "choose",
    "choose_within",
    "judge",
    "rate",
    "say",
    "set_threshold",
    "set_up",
    "start",
]
