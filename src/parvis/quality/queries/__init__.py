"""The figures of the reception: read from append-only events, contacts and answers."""

from parvis.quality.queries.figures import by_month, listened, measures, waiting
from parvis.quality.queries.goals import goals_on, steps
from parvis.quality.queries.perimeter import Frame, Perimeter, frame_of
from parvis.quality.queries.words import definition

__all__ = [
    "Frame",
    "Perimeter",
    "by_month",
    "definition",
    "frame_of",
    "goals_on",
    "listened",
    "measures",
    "steps",
    "waiting",
]
