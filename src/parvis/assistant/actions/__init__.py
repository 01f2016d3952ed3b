"""Every write of the room."""

from parvis.assistant.actions.asking import ask, begin, choose
from parvis.assistant.actions.opinions import rate
from parvis.assistant.actions.turns import Started, say, start

__all__ = ["Started", "ask", "begin", "choose", "rate", "say", "start"]
