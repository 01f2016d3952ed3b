"""The lines of a sheet that say it, with the words of the question marked."""

from collections.abc import Callable, Collection
from html import escape

from parvis.knowledge.search.reading import Reading
from parvis.knowledge.search.words import WORD, folded, stem

LONGEST = 280

Marks = Callable[[str], bool]


def marker(stems: Collection[str], prefix: str = "") -> Marks:
    """Says of a word whether the question asked for it (or began to type it)."""
    wanted = frozenset(stems)
    start = folded(prefix) if len(prefix) > 1 else ""

    def is_marked(word: str) -> bool:
        if stem(word) in wanted:
            return True
        return bool(start) and folded(word).startswith(start)

    return is_marked


def passage(reading: Reading, weights: dict[str, float], is_marked: Marks) -> str:
    """The stretch of whole sentences that holds most of what was asked."""
    sentences = reading.sentences
    if not sentences:
        return ""
    wanted = weights.keys()
    scores = [sum(weights[s] for s in stems & wanted) for stems in reading.stems]
    best = max(
        range(len(sentences)), key=lambda i: (scores[i] / (8 + len(sentences[i])) ** 0.3, -i)
    )
    chosen = sentences[best]
    following = best + 1
    while following < len(sentences) and len(chosen) + len(sentences[following]) < LONGEST:
        chosen += (" " if chosen[-1] in ".!?;:" else " · ") + sentences[following]
        following += 1
    return _shortened(chosen, is_marked)


def marked(text: str, is_marked: Marks) -> str:
    """The text as HTML with the wanted words in <mark>; everything else is escaped."""
    parts, done = [], 0
    for word in WORD.finditer(text):
        if is_marked(word[0]):
            parts += [escape(text[done : word.start()]), f"<mark>{escape(word[0])}</mark>"]
            done = word.end()
    return "".join([*parts, escape(text[done:])])


def _shortened(text: str, is_marked: Marks) -> str:
    """At most LONGEST characters, around the first wanted word."""
    if len(text) <= LONGEST:
        return text
    first = next((w.start() for w in WORD.finditer(text) if is_marked(w[0])), 0)
    start = 0 if first < LONGEST - 60 else text.rfind(" ", 0, max(0, first - 80)) + 1
    cut = text[start : start + LONGEST]
    end = "…" if start + LONGEST < len(text) else ""
    return ("…" if start else "") + (cut.rsplit(" ", 1)[0] if end else cut) + end
