"""The shape of the demo town's reception protocols."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StepWords:
    """A step: what is done, by whom, with what, by when."""

    title: str
    text: str
    role: str
    support: str
    delay: str


@dataclass(frozen=True)
class ProtocolWords:
    """How reception works in one situation, and what it is all for."""

    ref: str
    title: str
    aim: str
    service: str
    topics: tuple[str, ...]
    for_whom: str
    warning: str
    reviewed_days_ago: int
    review_every_days: int
    steps: tuple[StepWords, ...]


@dataclass(frozen=True)
class DeviationWords:
    """A step done otherwise, why, and what was decided of it since (nothing: to be looked at)."""

    protocol: str
    step: int
    cause: str
    words: str
    decision: str = ""


@dataclass(frozen=True)
class Protocols:
    """The file `protocols.json`."""

    protocols: tuple[ProtocolWords, ...]
    deviations: tuple[DeviationWords, ...]
