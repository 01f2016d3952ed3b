"""News travels up: a room announces what happened, higher rooms react within the transaction.

A handler may only touch the database: its own tables, or a task row for anything slow. One that
raises ``Refused`` objects: nothing of it happened, and the sentence reaches whoever asked.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def on(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register the decorated function for one type of event (imported in ``apps.py:ready``)."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _handlers[event_type]:
            _handlers[event_type].append(handler)
        return handler

    return register


def emit(event: object) -> None:
    """Tell every handler at once, in the transaction that made it true."""
    for handler in _handlers[type(event)]:
        handler(event)


def handlers() -> dict[type[Any], list[Callable[[Any], None]]]:
    """Who listens to what: for the reference page and its test."""
    return {event: list(listeners) for event, listeners in _handlers.items() if listeners}
