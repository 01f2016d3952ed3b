"""Known questions as they were measured last, and what another threshold would have changed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from parvis.assistant.models import Measured, Turn
from parvis.assistant.queries import confirmed, deciding
from parvis.assistant.rules import training
from parvis.assistant.rules.deciding import ANSWERABLE, NONE, Case, would_answer
from parvis.assistant.rules.training import Example
from parvis.knowledge.rules.confidence import NAMES, Signals
from parvis.knowledge.search.evaluation import Question

LOOKED_BACK = timedelta(days=30)
SHOWN = 20
ANSWERS = frozenset({Turn.Kind.ANSWER, Turn.Kind.ASKS_BACK, Turn.Kind.STRUCTURED})
NOT_ANSWERS = frozenset({Turn.Kind.CLOSEST, Turn.Kind.NONE})


@dataclass(frozen=True)
class Known:
    """Questions to draw a curve of: the authority's own, or those that come with the program."""

    cases: Sequence[Case]
    is_own: bool
    made_at: datetime | None = None

    @property
    def with_sheet(self) -> int:
        return sum(case.kind == ANSWERABLE for case in self.cases)

    @property
    def without(self) -> int:
        return len(self.cases) - self.with_sheet


@dataclass(frozen=True)
class Changed:
    """A question of the last days that another threshold would have treated otherwise."""

    conversation_id: int
    at: datetime
    question: str
    probability: float


@dataclass(frozen=True)
class Moved:
    """What another threshold would have changed."""

    asked: int  # questions that sheets were looked for
    answered_now: int
    gained: Sequence[Changed]  # would have been answered, and were not
    lost: Sequence[Changed]

    @property
    def shown_gained(self) -> Sequence[Changed]:
        return self.gained[:SHOWN]

    @property
    def shown_lost(self) -> Sequence[Changed]:
        return self.lost[:SHOWN]


def questions_known(authority_id: int) -> list[Question]:
    """What the authority saved, and what its conversations confirmed; each once."""
    own = deciding.saved_questions(authority_id)
    return deciding.once([*own, *confirmed.confirmed_questions(authority_id)])


def known(authority_id: int) -> Known:
    """The authority's own questions if there are enough, weighed as it decides today."""
    using = deciding.weights_of(authority_id)
    row = Measured.objects.filter(authority_id=authority_id).first()
    own = list(map(example_from, row.examples)) if row else []
    if row and training.is_enough(own):
        return Known(training.cases(own, using), is_own=True, made_at=row.made_at)
    return Known(training.cases(standard_examples(), using), is_own=False)


@cache
def standard_examples() -> list[Example]:
    """The held-out questions of the program over the national sheets, as they were measured."""
    path = files("parvis.assistant").joinpath("measured.json")
    return list(map(example_from, json.loads(path.read_text(encoding="utf-8"))))


def as_row(one: Example) -> list[Any]:
    """An example as it is written down, without its words."""
    signals = [round(getattr(one.signals, name), 4) for name in NAMES] if one.signals else None
    return [one.kind, int(one.is_found), int(one.is_long), signals]


def example_from(row: Sequence[Any]) -> Example:
    """What ``as_row`` wrote."""
    kind, is_found, is_long, signals = row
    noticed = Signals(*signals) if signals else None
    return Example(noticed, str(kind), is_found=bool(is_found), is_long=bool(is_long))


def moved(authority_id: int, threshold: float, *, now: datetime) -> Moved:
    """The questions of the last thirty days, decided again with this threshold."""
    turns = Turn.objects.filter(
        conversation__authority_id=authority_id,
        at__gt=now - LOOKED_BACK,
        author=Turn.Author.ASSISTANT,
        kind__in=ANSWERS | NOT_ANSWERS,
    ).order_by("-at", "-pk")
    asked = answered = 0
    gained: list[Changed] = []
    lost: list[Changed] = []
    for pk, at, kind, data in _decided(turns.values_list("conversation", "at", "kind", "data")):
        decision = data["decision"]
        sure = float(decision["probability"])
        was = kind in ANSWERS
        asked, answered = asked + 1, answered + was
        if was and sure < decision["threshold"]:
            continue  # set first by an editor: no threshold changes it
        would = would_answer(sure, threshold)
        if would != was and not (would and decision["kind"] == NONE and not sure):
            one = Changed(pk, at, str(data.get("question", "")), sure)
            (gained if would else lost).append(one)
    return Moved(asked, answered, gained, lost)


def _decided(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """Turns for which the search decided; hours and places come from the tables."""
    return (row for row in rows if isinstance(row[3], dict) and "decision" in row[3])
