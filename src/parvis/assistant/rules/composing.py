"""Which lines of a sheet are quoted: chosen by code, letter by letter as the sheet has them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

LONGEST = 420  # letters of a quote
MOST_QUESTIONS = 3  # of one message
LONGEST_CUT = 280  # letters: a longer message tells one story, and is read as a whole
LOCAL = 0.5  # what the authority says itself comes first
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+(?=\s|$)|(?=\n)|$)|[^\n]+?(?=[.!?…]\s|\n|$)[.!?…]?")
_END = re.compile(r"\?+|\n+")
Stems = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Piece:
    """One part of a sheet as everybody reads it."""

    kind: str
    heading: str
    text: str
    is_local: bool = False


@dataclass(frozen=True)
class Quote:
    """Lines of a sheet, as they stand there."""

    text: str
    heading: str = ""
    kind: str = ""
    is_local: bool = False


def parts_in(message: str) -> list[str]:
    """The questions of one message; a letter without several question marks is one."""
    found = [part.strip() for part in _END.split(message) if len(part.strip()) > 2]
    asked = message.count("?")
    if asked < 2 or len(found) < 2 or len(message) > LONGEST_CUT:
        return [message.strip()]
    if len(found) > asked and not message.rstrip().endswith("?"):
        found = [*found[: asked - 1], " ".join(found[asked - 1 :])]
    return found[:MOST_QUESTIONS]


def of_kind(pieces: Sequence[Piece], *kinds: str) -> list[Quote]:
    """The beginnings of the parts of these kinds, the authority's own words first."""
    chosen = [piece for piece in pieces if piece.kind in kinds and piece.text.strip()]
    chosen.sort(key=lambda piece: not piece.is_local)
    return [
        Quote(lead(piece.text), piece.heading, piece.kind, piece.is_local) for piece in chosen[:2]
    ]


def lead(text: str) -> str:
    """The first sentences of a text, as many as a quote holds."""
    return _from(text, list(_spans(text)), 0)


def best_quote(
    pieces: Sequence[Piece], wanted: Mapping[str, float], stems: Stems, *, least: float = 0.0
) -> Quote | None:
    """The lines that say most of what was asked."""
    best: tuple[float, Piece, list[tuple[int, int]], int] | None = None
    for piece in pieces:
        spans = list(_spans(piece.text))
        under = set(stems(piece.heading))
        for place, (start, end) in enumerate(spans):
            said = set(stems(piece.text[start:end]))
            score = sum(wanted[s] for s in said & wanted.keys())
            score += 0.5 * sum(wanted[s] for s in (under - said) & wanted.keys())
            if not said & wanted.keys() and score <= 0:
                continue
            score = score / (8 + end - start) ** 0.15 + (LOCAL if piece.is_local else 0)
            if best is None or score > best[0]:
                best = (score, piece, spans, place)
    if best is None or best[0] <= least:
        return None
    _score, piece, spans, place = best
    return Quote(_from(piece.text, spans, place), piece.heading, piece.kind, piece.is_local)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for found in _SENTENCE.finditer(text):
        start, end = found.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield start, end


def _from(text: str, spans: Sequence[tuple[int, int]], place: int) -> str:
    """Whole sentences from one on; the text between them is the sheet's own."""
    if not spans:
        return ""
    start, end = spans[place]
    if end - start > LONGEST:
        cut = text[start : start + LONGEST].rsplit(" ", 1)[0]
        return cut + "…"
    for _start, following in spans[place + 1 :]:
        if following - start > LONGEST:
            break
        end = following
    return text[start:end]
