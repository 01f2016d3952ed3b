"""Every write of the room."""

from parvis.assistant.actions.turns import Started, say, start

__all__ = ["Started", "say", "start"]
