"""What is kept of a search, what makes a gap, and what a saved question is."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

LONGEST_LINE = 12  # words kept of a search: a letter tells a story that is nobody's business
MOST_QUESTIONS = 1000
SAME_BEGINNING = 3  # letters
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TITLES = {"m", "mr", "mme", "mlle", "monsieur", "madame", "me", "maître", "dr"}


@dataclass(frozen=True)
class Line:
    """One saved question with the sheets that answer it."""

    text: str
    refs: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True)
class Figures:
    """How well the search found on a set."""

    collection: int
    questions: int
    hit1: float
    hit3: float
    mrr: float
    answered: float
    wrongly: float
    p95_ms: float


@dataclass(frozen=True)
class Noted:
    """One search as it is remembered."""

    place: str
    words: str
    stems: str
    found: int
    was_answered: bool


@dataclass(frozen=True)
class Lack:
    """Searches for the same thing that led nowhere."""

    stems: str
    words: str
    count: int
    last_on: date


def read_lines(text: str) -> list[Line]:
    """Saved questions from JSON lines; raises ValueError with the number of a wrong line."""
    found = []
    for number, row in enumerate(text.splitlines(), start=1):
        if not row.strip():
            continue
        try:
            told = json.loads(row)
            words = " ".join(str(told["question"]).split())[:2000]
            refs = tuple(str(ref)[:20] for ref in told["expected_ids"])
            found.append(Line(words, refs, str(told.get("kind", ""))[:30]))
        except (ValueError, KeyError, TypeError):
            raise ValueError(number) from None
        if len(found) > MOST_QUESTIONS:
            raise ValueError(number)
    return found


def masked(question: str, is_known: Callable[[str], bool], only_known: bool = False) -> str:
    """The words of a search without numbers, addresses and names.

    A word with a capital that no sheet knows may be somebody's name, and so may the word after a
    title: they are left out, like anything with a digit or an at sign. Where people are looked
    for in the same box, only words that sheets know are kept, whatever they begin with.
    """
    kept: list[str] = []
    after_title = False
    for chunk in question.split():
        if "@" in chunk or any(c.isdigit() for c in chunk) or "://" in chunk:
            after_title = False
            continue
        for word in _WORD.findall(chunk):
            doubtful = only_known or word[:1].isupper() or after_title
            is_name = doubtful and not is_known(word)
            after_title = word.lower() in _TITLES
            if not is_name and not after_title:
                kept.append(word.lower())
    return " ".join(kept[:LONGEST_LINE])


def continues(before: str, words: str) -> bool:
    """Whether somebody went on typing or mended a word, instead of looking for something else."""
    one, other = before.casefold().strip(), words.casefold().strip()
    pairs = zip(one, other, strict=False)
    same = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return same == len(one) or (same >= SAME_BEGINNING and 2 * same >= len(one))


def is_lacking(*, was_answered: bool, was_opened: bool, said_no: bool) -> bool:
    """Whether a search led nowhere: the person said so, or there was no answer and none taken."""
    return said_no or (not was_answered and not was_opened)


def lacks(rows: Iterable[tuple[str, str, date]], *, least: int = 2) -> list[Lack]:
    """Failed searches (stems, words, day) grouped by what they look for, the commonest first."""
    groups: dict[str, list[tuple[str, date]]] = {}
    for stems, words, day in rows:
        if stems:
            groups.setdefault(stems, []).append((words, day))
    found = [
        Lack(stems, min((w for w, _day in same), key=len), len(same), max(d for _w, d in same))
        for stems, same in groups.items()
        if len(same) >= least
    ]
    return sorted(found, key=lambda lack: (-lack.count, lack.words))
