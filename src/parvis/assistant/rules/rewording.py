"""Is what a language model made of quoted lines still what the lines say?

A sentence of a sheet may be said in other small words, in other forms of the same words, in words
of ``plain.json``, and cut where the sheet itself begins a clause. Nothing telling may be added,
left out or moved. Where nothing that was said passes for a sentence, the sentence stays as it is:
so no exception is lost because the rule before it was kept.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from parvis.assistant.rules.words import folded

Stem = Callable[[str], str]
_TABLE = Path(__file__).resolve().parents[1] / "plain.json"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What may come and go: whoever changes these changes no duty, no right, no number, nobody.
_FREE = _words(
    "le la les l un une des d de du au aux à en y vous c ça cela est sont être êtes donc "
    "ainsi également veuillez"
)
# An article may come or go, but not one for many; so may "of", but not "to": days and places
# would become others.
_LINKS = {
    **dict.fromkeys(_words("à en"), frozenset({"à"})),
    **dict.fromkeys(_words("le la l"), frozenset({"the"})),
    **dict.fromkeys(_words("les des"), frozenset({"many"})),
    **dict.fromkeys(_words("un une"), frozenset({"a"})),
    "au": frozenset({"à", "the"}),
    "aux": frozenset({"à", "many"}),
}
_ARTICLES = _words("a the many")
_IS = _words("est sont être êtes")
# One word for another of the same sense: whose, and who, must stay.
_SAME = {
    **dict.fromkeys(_words("votre vos"), "·votre"),
    **dict.fromkeys(_words("son sa ses leur leurs"), "·son"),
    **dict.fromkeys(_words("il elle ils elles"), "·il"),
    **dict.fromkeys(_words("ce cet cette ces"), "·ce"),
    **dict.fromkeys(_words("ne n"), "·ne"),
    **dict.fromkeys(_words("que qu"), "·que"),
    **dict.fromkeys(_words("se s"), "·se"),
    "ou": "·ou",
    "où": "·où",
}
# After a comma these begin a clause of their own, which may stand alone.
_STARTS = _words("mais car puis ensuite sinon alors vous nous il elle ils elles on")
_REFUSING = _words("ne n pas ni non aucun aucune jamais rien sans sauf hors excepté")
_PART = re.compile(
    r"(?P<number>\d+(?:[ \u00a0\u202f]\d{3}(?!\d))*(?:[.,]\d+)?)"
    r"|(?P<word>[^\W\d_]+)|(?P<strong>[.!?…;:\n])|(?P<weak>[,()«»\"“”–—•]|\s-\s)|(?P<sign>[^\s’'-])"
)
_SENTENCE = re.compile(r".*?(?:[.!?…]+(?=\s|$)|\n|$)", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[-–•*]|\d{1,2}[.)])\s+")
_REACH = re.compile(r"https?:|www\.|\w@\w|(?:\+33|0)\s?[1-9](?:[\s.]?\d{2}){4}", re.IGNORECASE)
_TWICE = re.compile(r"\b(\w+)\s+\1\b", re.IGNORECASE)
_MARKS = re.compile(r"[<>{}\[\]\\|`*_#~^=]")
_MACHINE = re.compile(
    r" (?:(?:ignor|oubli|disregard|forget|ignorier|vergiss|olvid)\w* .{0,60}?"
    r"(?:preced|previous|instruction|consigne|regle|rule|prompt|anweisung|instruccion)\w*"
    r"|(?:system|systeme) ?prompt|prompt|jailbreak|en tant que? (?:ia|modele|assistant)"
    r"|as an (?:ai|assistant)|you are now|tu es (?:maintenant|desormais)"
    r"|(?:modele de langage|language model|chatgpt|chatbot|llm)) "
)
MOST_REPEATED = 12  # small words beyond twice the telling ones


@dataclass(frozen=True)
class Token:
    """A telling word or number."""

    key: str
    form: str
    is_name: bool = False
    after_is: bool = False
    links: frozenset[str] = frozenset()

    def same_as(self, other: "Token") -> bool:
        """The same word: as it stands when it is a name, or when "is" came or went before it."""
        if self.key != other.key:
            return False
        if ("à" in self.links) != ("à" in other.links):
            return False
        own, others = self.links & _ARTICLES, other.links & _ARTICLES
        if (own != others and own and others) or "a" in own ^ others:
            return False
        if self.after_is != other.after_is and self.form != other.form:
            return False
        return not self.is_name or _bare(self.form) == _bare(other.form)


@dataclass
class Reading:
    """A sentence as it is compared: its telling words, and where it breaks between them."""

    tokens: list[Token] = field(default_factory=list)
    ends: set[int] = field(default_factory=set)  # a sentence may end here
    pauses: set[int] = field(default_factory=set)
    ands: set[int] = field(default_factory=set)
    small: int = 0


@dataclass(frozen=True)
class Line:
    """One sentence that is shown: of the model, or of the sheet where the model's was dropped."""

    text: str
    passage: int
    is_reworded: bool


@dataclass(frozen=True)
class Dropped:
    """A sentence of the model that is not shown: why, and the words that betrayed it."""

    text: str
    why: str
    words: str = ""


@dataclass(frozen=True)
class Checked:
    """What is left of a reply."""

    lines: Sequence[Line]
    dropped: Sequence[Dropped]

    @property
    def is_useful(self) -> bool:
        """Whether anything is said otherwise than by the sheet."""
        return any(line.is_reworded for line in self.lines)


def may_be_sent(passage: str) -> bool:
    """Not lines that speak to a machine: a model might obey them."""
    return bool(passage.strip()) and not _MACHINE.search(folded(passage))


def checked(reply: str, passages: Sequence[str], stem: Stem) -> Checked:
    """What of a model's reply may be said about these passages."""
    said = sentences(_plain(reply))
    fair = [not _strange(text, passages) for text in said]
    readings = [reading(text, stem) for text in said]
    used: set[int] = set()
    lines: list[Line] = []
    for number, passage in enumerate(passages):
        for unit in sentences(passage):
            found = _found(reading(unit, stem), readings, fair, used)
            used.update(found)
            words = " ".join(said[place] for place in found)
            is_new = len(found) > 1 or (bool(found) and folded(words) != folded(unit))
            lines.append(Line(words if is_new else unit, number, is_new))
    dropped = [
        _why(text, readings[place], passages, stem)
        for place, text in enumerate(said)
        if place not in used
    ]
    return Checked(lines, dropped)


def sentences(text: str) -> list[str]:
    """The sentences of a text, and the lines of a list."""
    found = (one.strip() for one in _SENTENCE.findall(text))
    return [one for one in found if any(sign.isalnum() for sign in one)]


def reading(text: str, stem: Stem) -> Reading:
    """The telling words of a sentence in order, and its breaks."""
    given, after_is, is_first = Reading(), False, True
    links: set[str] = set()
    for part in _PART.finditer(_exchanged(text)):
        words, place = part[0], len(given.tokens)
        if part.lastgroup in {"strong", "weak"}:
            _break(given, place, is_strong=part.lastgroup == "strong")
            after_is = after_is and part.lastgroup == "weak"
            continue
        small = words.lower()
        if place in given.pauses and small in _STARTS:
            given.ends.add(place)
        if part.lastgroup == "word" and small == "et":
            given.ands.add(place)
            given.pauses.add(place)
        elif part.lastgroup == "word" and small in _FREE:
            given.small += 1
            links |= _LINKS.get(small, frozenset())
            after_is = after_is or small in _IS
        else:
            is_name = words[0].isupper() and not is_first
            key = _key(part, small, stem)
            given.tokens.append(Token(key, small, is_name, after_is, frozenset(links)))
            after_is = False
            links.clear()
        is_first = False
    return given


def _break(given: Reading, place: int, *, is_strong: bool) -> None:
    given.pauses.add(place)
    if is_strong:
        given.ends.add(place)


def _key(part: re.Match[str], small: str, stem: Stem) -> str:
    if part.lastgroup == "number":
        return re.sub(r"\s", "", small).replace(",", ".")
    return _SAME.get(small) or stem(small) or small


def _found(
    unit: Reading, readings: Sequence[Reading], fair: Sequence[bool], used: set[int]
) -> list[int]:
    """The sentences, one after another, that together say what this sentence says."""
    for start in range(len(readings)):
        places: list[int] = []
        count = 0
        for place in range(start, len(readings)):
            if place in used or not fair[place] or not _fits(unit, readings[place], count):
                break
            places.append(place)
            count += len(readings[place].tokens)
            if count == len(unit.tokens):
                return places
            if count not in unit.ends:
                break
    return []


def _fits(unit: Reading, said: Reading, start: int) -> bool:
    """Whether a sentence says, in order, the words from this place of the unit on."""
    length = len(said.tokens)
    here = unit.tokens[start : start + length]
    if not length or len(here) < length or said.small > 2 * length + MOST_REPEATED:
        return False
    if not all(own.same_as(other) for own, other in zip(here, said.tokens, strict=True)):
        return False
    # Between the same words the same pauses: "the father and the child" is not "of the child".
    inner = range(1, length)
    pauses = {place for place in inner if place + start in unit.pauses}
    ands = {place for place in inner if place + start in unit.ands}
    return pauses == said.pauses.intersection(inner) and said.ands.intersection(inner) <= ands


def _why(text: str, said: Reading, passages: Sequence[str], stem: Stem) -> Dropped:
    """The first reason, in the order in which they weigh."""
    if strange := _strange(text, passages):
        return Dropped(text, *strange)
    every = [reading(passage, stem) for passage in passages]
    known = {token.key for one in every for token in one.tokens}
    foreign = [token for token in said.tokens if token.key not in known]
    if numbers := [token.form for token in foreign if token.form[0].isdigit()]:
        return Dropped(text, "number", ", ".join(numbers))
    if foreign:
        return Dropped(text, "words", ", ".join(token.form for token in foreign[:5]))
    nearest = max(
        (reading(unit, stem) for passage in passages for unit in sentences(passage)),
        key=lambda unit: len({t.key for t in unit.tokens} & {t.key for t in said.tokens}),
        default=Reading(),
    )
    if _refusals(nearest) != _refusals(said):
        return Dropped(text, "negation")
    own = {token.key for token in said.tokens}
    if lost := [token.form for token in nearest.tokens if token.key not in own]:
        return Dropped(text, "lost", ", ".join(lost[:5]))
    return Dropped(text, "order")


def _refusals(one: Reading) -> list[str]:
    return [token.key for token in one.tokens if token.form in _REFUSING]


def _strange(text: str, passages: Sequence[str]) -> tuple[str, str] | None:
    """Signs that no line of a sheet needs, addresses that none of them gives, words to machines."""
    whole = "\n".join(passages)
    for found in _REACH.finditer(text):
        if found[0] not in whole:
            return "reach", found[0]
    if _MACHINE.search(folded(text)):
        return "machine", ""
    if (twice := _TWICE.search(text)) and twice[0] not in whole:
        return "words", twice[0]
    odd = {sign for sign in text if not _usual(sign) and sign not in whole}
    odd |= {sign for sign in "?!" if sign in text and sign not in whole}
    return ("signs", " ".join(sorted(odd))) if odd else None


def _usual(sign: str) -> bool:
    if _MARKS.match(sign):
        return False
    if sign.isascii():
        return sign.isprintable()
    if sign in "’«»–—…€°œŒæÆ\u00a0\u202f":
        return True
    return unicodedata.name(sign, "").startswith("LATIN ") and sign.isalpha()


def _plain(reply: str) -> str:
    """One form of each letter; without the bullets that a model puts before its lines."""
    lines = unicodedata.normalize("NFC", reply.replace("\r", "\n")).splitlines()
    return "\n".join(_BULLET.sub("", line).strip() for line in lines)


def _bare(form: str) -> str:
    return folded(form).strip() or form


def _exchanged(text: str) -> str:
    """Words that ``plain.json`` takes for the same, as the first of them."""
    pattern, first = _groups()
    straight = unicodedata.normalize("NFC", text).replace("'", "’")
    return pattern.sub(lambda found: first[" ".join(found[0].lower().split())], straight)


@cache
def _groups() -> tuple[re.Pattern[str], dict[str, str]]:
    groups = json.loads(_TABLE.read_text(encoding="utf-8"))["groups"]
    first = {phrase: group[0] for group in groups for phrase in group}
    longest = sorted(first, key=len, reverse=True)
    either = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE), first


def exchanges() -> Iterator[tuple[str, list[str]]]:
    """The plain word, and those that it may stand for: told to the model."""
    for group in json.loads(_TABLE.read_text(encoding="utf-8"))["groups"]:
        if not group[0][0].isdigit() and group[0].isalpha() and len(group) > 1:
            yield group[0], group[1:]
