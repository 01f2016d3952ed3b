"""What the append-only events of a ticket tell: its waits and services, one leg after another."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from parvis.quality.rules.legs import Leg, LegEnd

UNDONE: Final = "undone"
LEG_FINISHED: Final = "leg_finished"  # another topic of the same visit is still to come
PASSING: Final = frozenset({"transferred", LEG_FINISHED})
_ID: Final = 0
_KIND: Final = 2

Event = tuple[int, datetime, str]  # id, instant, kind


@dataclass(frozen=True, slots=True)
class Passed:
    """From which topic to which somebody went on: sent there, or for the next of their visit."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a ticket beside its events."""

    ticket: int
    topic: int  # the last one
    target_seconds: float | None = None
    undone: Collection[int] = ()  # ids of events that were taken back
    passed: Mapping[int, Passed] | None = None  # by the id of the event


@dataclass(slots=True)
class _Draft:
    """A leg while its events are being read."""

    topic: int
    joined_at: datetime
    number: int = 1
    called_at: datetime | None = None
    last_call_at: datetime | None = None
    started_at: datetime | None = None
    calls: int = 0

    def call(self, at: datetime) -> None:
        self.called_at = self.called_at or at
        self.last_call_at = at
        self.calls += 1

    def begin(self) -> None:
        """Whoever is set aside, passed on or finished had come to the desk when called."""
        self.started_at = self.started_at or self.last_call_at

    def closed(self, told: Told, end: LegEnd, at: datetime | None) -> Leg:
        return Leg(
            ticket=told.ticket,
            topic=self.topic,
            joined_at=self.joined_at,
            end=end,
            called_at=self.called_at,
            started_at=self.started_at,
            ended_at=at,
            calls=self.calls,
            number=self.number,
            target_seconds=told.target_seconds,
        )


def legs_of(told: Told, events: Iterable[Event]) -> list[Leg]:
    """The legs of one ticket, oldest first; what was undone never happened.

    Somebody passed on before being received still waits, in the same leg: only service ends one.
    """
    passed = told.passed or {}
    standing = [
        event
        for event in sorted(events)
        if event[_KIND] != UNDONE and event[_ID] not in told.undone
    ]
    moves = [passed[event[_ID]] for event in standing if event[_ID] in passed]
    draft: _Draft | None = None
    legs: list[Leg] = []
    for event_id, at, kind in standing:
        if kind == "issued":
            draft = _Draft(moves[0].before if moves else told.topic, at)
        elif kind == "voided":
            return []  # a slip of the finger: nobody ever came
        elif draft is None:
            draft = _back(legs, kind, at)
        elif kind in PASSING:
            draft = _passed_on(draft, told, legs, at, passed.get(event_id))
        elif kind in _ENDINGS:
            legs.append(_ended(draft, told, kind, at))
            draft = None
        else:
            _happened(draft, kind, at)
    if draft is not None:
        legs.append(draft.closed(told, LegEnd.OPEN, None))
    return legs


def _back(legs: list[Leg], kind: str, at: datetime) -> _Draft | None:
    """Who left or was missed and takes up the place again waits anew, for the same topic."""
    if kind != "came_back" or not legs:
        return None
    return _Draft(int(legs[-1].topic), at, number=legs[-1].number + 1)


_ENDINGS: Final = frozenset({"finished", "no_show", "left", "forgotten"})


def _happened(draft: _Draft, kind: str, at: datetime) -> None:
    if kind in {"called", "recalled"}:
        draft.call(at)
    elif kind == "started":
        draft.started_at = draft.started_at or at
    elif kind == "held":
        draft.begin()
    elif kind == "resumed":
        # They came the first time: what counts for giving up begins again.
        draft.last_call_at, draft.calls = at, 1


def _passed_on(
    draft: _Draft, told: Told, legs: list[Leg], at: datetime, passed: Passed | None
) -> _Draft:
    topic = passed.after if passed else draft.topic
    draft.begin()
    if draft.started_at is None:
        draft.topic = topic
        return draft
    legs.append(draft.closed(told, LegEnd.SERVED, at))
    return _Draft(topic, at, number=draft.number + 1)


def _ended(draft: _Draft, told: Told, kind: str, at: datetime) -> Leg:
    if kind == "finished":
        draft.begin()
        return draft.closed(told, LegEnd.SERVED, at)
    if kind == "forgotten":
        return _forgotten(draft, told, at)
    return draft.closed(told, LegEnd.LEFT if kind == "left" else LegEnd.NO_SHOW, at)


def _forgotten(draft: _Draft, told: Told, at: datetime) -> Leg:
    """Nobody ended it that day: what it was last seen doing decides, at that instant."""
    if draft.started_at is not None:
        return draft.closed(told, LegEnd.SERVED, max(at, draft.started_at))
    if draft.called_at is not None:
        return draft.closed(told, LegEnd.NO_SHOW, max(at, draft.called_at))
    return draft.closed(told, LegEnd.LEFT, max(at, draft.joined_at))
