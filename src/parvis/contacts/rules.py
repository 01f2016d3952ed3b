"""Who it was, who may settle what, and until when a slip of the finger is taken back."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

UNDO_WITHIN = timedelta(seconds=10)
CLOCK_TOLERANCE = timedelta(minutes=5)  # between the clock of a sender and ours

LEVEL_REFERENT = 2
SPECIALISTS = frozenset({"REF", "LIA"})

# What a correction may change. Times are not in it: the original hour stays (R7, R12).
CORRECTABLE = (
    "topic",
    "channel",
    "outcome",
    "person",
    "needs",
    "avoidable_cause",
    "note",
)


@dataclass(frozen=True)
class Actor:
    """What decides on levels: the roles held, and the service worked for."""

    roles: frozenset[str]
    service_id: int | None


def may_resolve(*, level: int, owning_service_id: int, actor: Actor | None) -> bool:
    """Reception settles level 1; level 2 is for specialists of the owning service (R12)."""
    if level < LEVEL_REFERENT or actor is None:
        return True
    return bool(actor.roles & SPECIALISTS) and actor.service_id == owning_service_id


def is_beyond_level(
    *, outcome: str, level: int, owning_service_id: int, actor: Actor | None
) -> bool:
    """Was this settled by somebody whose level does not reach the topic?"""
    return outcome == "resolved" and not may_resolve(
        level=level, owning_service_id=owning_service_id, actor=actor
    )


def may_undo(*, recorded_at: datetime, now: datetime) -> bool:
    """Within ten seconds; later, a correction tells the story."""
    return now - recorded_at <= UNDO_WITHIN


def times_make_sense(*, started_at: datetime, ended_at: datetime, now: datetime) -> bool:
    """An exchange ends after it began, and not in the future."""
    return started_at <= ended_at <= now + CLOCK_TOLERANCE


def normal_phone(text: str) -> str:
    """A telephone number in one spelling, French ones as ten digits; empty when it is none."""
    plain = unicodedata.normalize("NFKC", text).replace("(0)", "")
    digits = re.sub(r"\D", "", plain)
    if plain.lstrip().startswith("+"):
        digits = "00" + digits
    for prefix in ("0033", "33"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 9:
            return "0" + digits.removeprefix(prefix)
    if digits.startswith("00"):
        return "+" + digits[2:] if 8 <= len(digits) <= 17 else ""
    return digits if 4 <= len(digits) <= 15 else ""


def by_pairs(number: str) -> str:
    """A telephone number as it is read: French ones by pairs."""
    if len(number) != 10 or not number.isdigit():
        return number
    return "\u00a0".join(number[place : place + 2] for place in range(0, 10, 2))


def normal_email(text: str) -> str:
    """An e-mail address in one spelling."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def plain(text: str) -> str:
    """Words without accents, case, hyphens or double blanks: for comparing, never for showing."""
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\W_]+", " ", bare).casefold().split())


@dataclass(frozen=True)
class Known:
    """A person already in the book, by what identifies them."""

    pk: int
    first_name: str
    last_name: str


def same_person(known: Known, *, first_name: str, last_name: str) -> bool:
    """May somebody giving this name be the one already known under the same details?

    A family shares a telephone and an address book: another name is another person, a name left
    out contradicts nothing.
    """
    return all(
        not given or not held or plain(given) == plain(held)
        for given, held in ((first_name, known.first_name), (last_name, known.last_name))
    )


def choose_person(
    candidates: Collection[Known], *, first_name: str, last_name: str
) -> Known | None:
    """The known person meant by these details: the one whose name fits, else nobody.

    Two who fit equally well are two people: it is not for us to guess which.
    """
    fitting = [
        known
        for known in candidates
        if same_person(known, first_name=first_name, last_name=last_name)
    ]
    named = [known for known in fitting if last_name and plain(known.last_name) == plain(last_name)]
    pool = named or fitting
    return pool[0] if len(pool) == 1 else None


def choose_topic(typed: str, names: Collection[tuple[int, str]]) -> list[int]:
    """Topics that two or three letters may mean, best first; an exact name is alone."""
    wanted = plain(typed)
    if not wanted:
        return []
    spelt = [(pk, plain(name)) for pk, name in names]
    exact = [pk for pk, name in spelt if name == wanted]
    if exact:
        return exact[:1]
    starts = [pk for pk, name in spelt if name.startswith(wanted)]
    words = [pk for pk, name in spelt if pk not in starts and _words_start(wanted, name)]
    return starts + words


def _words_start(wanted: str, name: str) -> bool:
    words = name.split()
    return all(any(word.startswith(part) for word in words) for part in wanted.split())
