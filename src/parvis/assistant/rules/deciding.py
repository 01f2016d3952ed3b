"""Do we answer, show the closest sheets, or say that we do not know? And why, in words.

The search measures (``parvis.knowledge.rules.confidence``); here it is decided, with a threshold
that the authority moves on a curve.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parvis.knowledge.rules.confidence import Signals, Weights, probability, standard

ANSWER, CLOSEST, NONE = "answer", "closest", "none"
ANSWERABLE, NO_SHEET, OFF_TOPIC = "answerable", "no_sheet", "off_topic"
STEPS = 19  # thresholds of the curve: 0.05, 0.10 to 0.95
FEW, MANY = 0.45, 0.75  # shares
_WORDS = 10  # the length is told in tens of words


@dataclass(frozen=True)
class Reason:
    """One thing that was noticed, for a sentence of the house."""

    code: str
    count: int = 0
    total: int = 0
    is_for: bool = False  # it speaks for an answer


@dataclass(frozen=True)
class Decision:
    """What to do with the sheets that were found, how sure we are, and why."""

    kind: str  # answer, closest or none
    probability: float
    threshold: float
    reasons: tuple[Reason, ...] = ()


def decide(
    signals: Signals | None, threshold: float | None = None, *, using: Weights | None = None
) -> Decision:
    """Answer when the search is sure enough for this authority; far below, nothing is close."""
    weights = using or standard()
    least = weights.answer if threshold is None else threshold
    if signals is None:
        return Decision(NONE, 0.0, least, (Reason("nothing_known"),))
    sure = probability(signals, weights)
    kind = ANSWER if sure >= least else CLOSEST if sure >= min(weights.close, least) else NONE
    return Decision(kind, sure, least, reasons(signals))


def would_answer(sure: float, threshold: float) -> bool:
    """Whether this certainty is an answer at this threshold."""
    return sure >= threshold


def reasons(signals: Signals) -> tuple[Reason, ...]:
    """What speaks for an answer and against it, the telling ones first."""
    words = max(1, round(signals.length * _WORDS))
    found, known = round(signals.found * words), min(words, round(signals.known * 6))
    titles = round(signals.in_title)
    told = [
        Reason("words_found", found, words, signals.found >= FEW),
        Reason("words_in_title", titles, words, titles > 0),
        Reason("words_of_our_field", known, words, known >= FEW * min(6, words)),
    ]
    if signals.usual < FEW:
        told.append(Reason("unusual_words"))
    elif signals.usual >= MANY:
        told.append(Reason("usual_words", is_for=True))
    if signals.length >= 1:
        told.append(Reason("long_question", words))
    return tuple(told)


@dataclass(frozen=True)
class Case:
    """A question of which it is known what should come of it."""

    kind: str  # answerable, no_sheet or off_topic
    probability: float
    is_found: bool = False  # a right sheet is among the first three
    is_long: bool = False


@dataclass(frozen=True)
class Point:
    """What a threshold does; shares of one, or nothing when there is no such question."""

    threshold: float
    answered: float | None  # of the questions with a sheet
    right: float | None  # of these, with a right sheet among the first three
    wrong: float | None  # of all that is answered: another matter, or not the right sheet
    off_topic: float | None  # of the questions about something else, answered all the same
    no_sheet: float | None  # of those of our field for which no sheet exists


def point(cases: Sequence[Case], threshold: float) -> Point:
    """What would be answered at this threshold."""
    through = [case for case in cases if case.probability >= threshold]
    return Point(
        threshold,
        answered=_share(_through(cases, ANSWERABLE, threshold)),
        right=_share(case.is_found for case in through if case.kind == ANSWERABLE),
        wrong=_share(not case.is_found for case in through),
        off_topic=_share(_through(cases, OFF_TOPIC, threshold)),
        no_sheet=_share(_through(cases, NO_SHEET, threshold)),
    )


def curve(cases: Sequence[Case], steps: int = STEPS) -> list[Point]:
    """What each threshold would do, for the page on which the authority chooses."""
    return [point(cases, round(step / (steps + 1), 4)) for step in range(1, steps + 1)]


def threshold_for(cases: Sequence[Case], answered: float) -> float:
    """The highest threshold at which this share of the questions with a sheet is answered."""
    sure = sorted((c.probability for c in cases if c.kind == ANSWERABLE), reverse=True)
    if not sure:
        return standard().answer
    wanted = -int(-answered * len(sure) // 1)  # rounded up
    return sure[min(len(sure), max(1, wanted)) - 1]


@dataclass(frozen=True)
class Bin:
    """Questions of about the same probability: how many, and how many really were ours."""

    low: float
    high: float
    count: int
    said: float  # mean of the probabilities
    seen: float  # share of the questions that a sheet answers


def calibration(cases: Sequence[Case], bins: int = 5) -> list[Bin]:
    """Of the questions for which we said 0.8, do sheets answer eight in ten?"""
    found = []
    for low, high in pairwise(n / bins for n in range(bins + 1)):
        inside = [c for c in cases if low <= c.probability < high or c.probability == high == 1]
        if inside:
            said = sum(c.probability for c in inside) / len(inside)
            seen = sum(c.kind == ANSWERABLE for c in inside) / len(inside)
            found.append(Bin(low, high, len(inside), said, seen))
    return found


def _through(cases: Iterable[Case], kind: str, threshold: float) -> list[bool]:
    return [case.probability >= threshold for case in cases if case.kind == kind]


def _share(values: Iterable[bool]) -> float | None:
    given = list(values)
    return sum(given) / len(given) if given else None


CAREFUL, BALANCED, OPEN = "careful", "balanced", "open"
SHARES = {CAREFUL: 0.75, BALANCED: 0.9, OPEN: 0.97}  # answered, of the questions with a sheet


def operating_points(cases: Sequence[Case], fitted: float) -> dict[str, Point]:
    """Three places on the curve that have a name; the middle one is the threshold as fitted."""
    found = {}
    for name, share in SHARES.items():
        least = fitted if name == BALANCED else round(threshold_for(cases, share), 2)
        least = min(least, fitted) if name == OPEN else least
        least = max(least, fitted) if name == CAREFUL else least
        found[name] = point(cases, min(0.95, max(0.02, least)))
    return found
