"""Who comes on a day of the demo town's hall: drawn by the same rules as its history."""

from dataclasses import dataclass
from random import Random
from typing import Final

from parvis.demo.arrivals import Stretch, lognormal, open_weight, patience, times

HOUR: Final = 3600
LONGEST_VISIT: Final = 30 * 60
# Shares of all visits; transfers as the demo town counts them.
TRANSFERRED, SILENT, HELD, PRIORITY = 0.17, 0.04, 0.04, 0.08
PRIORITIES: Final = ("reduced_mobility", "pregnant", "child", "elderly", "card")
OUTCOMES: Final = {
    "resolved": 0.72,
    "passed_on": 0.1,
    "case_opened": 0.1,
    "other_authority": 0.06,
    "abandoned": 0.02,
}


@dataclass(frozen=True)
class Line:
    """A line of the hall: visits a day, minutes at the desk and their variation."""

    slug: str
    series: str
    visits: float
    minutes: float
    variation: float
    question: str  # what an agent of this line looks up


LINES: Final = (
    Line("accueil-general", "G", 95, 3.5, 0.8, "changement d'adresse"),
    Line("actes-etat-civil", "C", 70, 8, 0.7, "acte de naissance"),
    Line("famille-ecole", "F", 38, 10, 0.8, "inscription à l'école"),
    Line("aide-sociale", "S", 32, 14, 0.9, "RSA conditions"),
    Line("titres-identite", "I", 74, 10, 0.6, "carte d'identité perdue"),
)
# What each of the eight desks serves.
SERVED: Final = (
    ("accueil-general",),
    ("accueil-general", "actes-etat-civil"),
    ("actes-etat-civil",),
    ("actes-etat-civil",),
    ("famille-ecole",),
    ("aide-sociale", "famille-ecole"),
    ("titres-identite",),
    ("titres-identite",),
)


@dataclass(frozen=True)
class Visit:
    """Somebody who comes; all times in seconds of the town."""

    at: int
    line: str
    service: float
    patience: float
    priority: str
    is_silent: bool  # goes away without a word: is called in vain
    onward: str  # the line they are sent on to
    onward_service: float
    hold: float  # is set aside for so long, to fetch a paper
    outcome: str


def visits(seed: int, opens: float, closes: float) -> "list[Visit]":
    """Everybody who comes between two hours of the day, in order."""
    chance = Random(seed)
    open_hours = [Stretch(0, int((closes - opens) * HOUR), int(opens * HOUR))]
    share = open_weight(open_hours)
    found = [
        _visit(chance, line, at)
        for line in LINES
        for at in times(chance, line.visits * share, open_hours)
    ]
    return sorted(found, key=lambda visit: visit.at)


def _visit(chance: Random, line: Line, at: int) -> Visit:
    onward = chance.choice(LINES) if chance.random() < TRANSFERRED else None
    return Visit(
        at=at,
        line=line.slug,
        service=_service(chance, line),
        patience=patience(chance),
        priority=chance.choice(PRIORITIES) if chance.random() < PRIORITY else "",
        is_silent=chance.random() < SILENT,
        onward=onward.slug if onward else "",
        onward_service=_service(chance, onward) if onward else 0,
        hold=chance.uniform(60, 600) if chance.random() < HELD else 0,
        outcome=chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0],
    )


def _service(chance: Random, line: Line) -> float:
    return min(LONGEST_VISIT, lognormal(chance, line.minutes * 60, line.variation))
