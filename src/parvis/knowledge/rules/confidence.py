"""Do we know, or do we only have something near? A small sum that can be explained.

Six signals of a search, each a number that a sentence can tell ("3 of 5 words are in the title"),
are added with weights that were fitted on questions (``confidence.json``, with its history). What
grows with the length of a question is set against it, so that a letter is not an answer because it
has many words.
"""

import json
import math
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files

_FURTHEST = 50.0


@dataclass(frozen=True)
class Signals:
    """What the search noticed about its best sheet; words of everyday do not count."""

    score: float  # logarithm of the mean score of the sheets shown first
    usual: float  # how usual the words of the question are in the sheets, 0 to 1
    found: float  # share of the words that the best sheet has
    known: float  # words that the title of any sheet has: their number, up to six, over six
    in_title: float  # how many of the words the best title has, up to four
    length: float  # tens of telling words, up to two


NAMES = tuple(field.name for field in fields(Signals))
AGAINST = frozenset({"length"})  # the more of it, the less sure; of all others, the surer


@dataclass(frozen=True)
class Weights:
    """How much each signal counts, and from where on it is an answer, or at least close."""

    bias: float
    signals: Signals
    answer: float = 0.5  # from this probability on the sheets are an answer
    close: float = 0.05  # below this they are not even close

    def as_data(self) -> dict[str, object]:
        """As it is written down."""
        told = {
            name: round(value, 4) for name, value in zip(NAMES, astuple(self.signals), strict=True)
        }
        return {
            "bias": round(self.bias, 4),
            "signals": told,
            "answer": round(self.answer, 3),
            "close": round(self.close, 3),
        }


def weights(data: dict[str, object]) -> Weights:
    """Read what ``as_data`` wrote."""
    told = data["signals"]
    if not isinstance(told, dict):
        raise ValueError("signals")
    signals = Signals(*(float(told[name]) for name in NAMES))
    bias, answer, close = (float(str(data[name])) for name in ("bias", "answer", "close"))
    return Weights(bias, signals, answer, close)


@cache
def standard() -> Weights:
    """The weights that come with the program."""
    told = files(__package__).joinpath("confidence.json").read_text(encoding="utf-8")
    return weights(json.loads(told))


def probability(found: Signals, using: Weights | None = None) -> float:
    """How likely it is that the first sheets answer the question."""
    chosen = using or standard()
    parts = zip(astuple(chosen.signals), astuple(found), strict=True)
    total = chosen.bias + sum(weight * signal for weight, signal in parts)
    return 1.0 / (1.0 + math.exp(-max(-_FURTHEST, min(_FURTHEST, total))))
