"""What an authority's silence means, and on which day: every result says how it was counted.

Articles are those of the code of relations between the public and the administration. Nothing here
decides anything: it counts days from facts and names the rule behind each of them.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

NEAR: Final = timedelta(days=14)
APPEAL_MONTHS: Final = 2
MOTIVES_MONTHS: Final = 1
CHECKED_FOR_MONTHS: Final = 12  # after this, what was checked is to be confirmed again


class Meaning(StrEnum):
    """What the silence of the authority is worth."""

    ACCEPTANCE = "acceptance"
    REJECTION = "rejection"
    NONE = "none"


class Standing(StrEnum):
    """How far the count has got, whatever the day."""

    RUNNING = "running"  # a date is known
    INCOMPLETE = "incomplete"  # waits for something indispensable
    ELSEWHERE = "elsewhere"  # waits for the competent authority to receive it
    ANSWERED = "answered"  # decided in time: silence means nothing any more
    NO_EFFECT = "no_effect"


class Why(StrEnum):
    """One lawful step of the count."""

    RECEIVED = "received"
    FIRST_RECEIVED = "first_received"
    COMPETENT_RECEIVED = "competent_received"
    COMPETENT_AWAITED = "competent_awaited"
    ITEM_AWAITED = "item_awaited"
    ITEM_CAME = "item_came"
    SUSPENDED = "suspended"
    NO_LIMIT_GIVEN = "no_limit_given"
    ASKED_TOO_LATE = "asked_too_late"
    NOT_INDISPENSABLE = "not_indispensable"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered_late"
    NO_EFFECT = "no_effect"


@dataclass(frozen=True)
class Terms:
    """What the procedure says: the meaning of silence, and after how many months."""

    meaning: Meaning
    months: int


COMPLAINT: Final = Terms(Meaning.REJECTION, 2)  # L231-4, 2°
DOCUMENTS: Final = Terms(Meaning.REJECTION, 1)  # R311-12 and R311-13


@dataclass(frozen=True)
class Item:
    """Something asked from the person, with the last day they were given and when it came."""

    asked_on: date
    until: date | None = None
    received_on: date | None = None
    is_indispensable: bool = True
    words: str = ""


@dataclass(frozen=True)
class Facts:
    """What happened: the two receptions (L114-3), what was asked, the answer."""

    first_received_on: date
    competent_received_on: date | None
    items: tuple[Item, ...] = ()
    decided_on: date | None = None


@dataclass(frozen=True)
class Step:
    """One line of the explanation: a day, why it counts, and by which article."""

    why: Why
    article: str
    on: date | None = None
    until: date | None = None
    days: int = 0
    words: str = ""


@dataclass(frozen=True)
class Silence:
    """What silence would mean, when, and how that was counted."""

    meaning: Meaning
    months: int
    standing: Standing
    falls_on: date | None
    steps: tuple[Step, ...]

    def has_fallen(self, today: date) -> bool:
        """Is the day past? On the day itself an answer is still in time."""
        return self.falls_on is not None and self.falls_on < today

    def days_left(self, today: date) -> int | None:
        """Days until the day itself; negative when it is past."""
        return None if self.falls_on is None else (self.falls_on - today).days


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def what_silence_means(terms: Terms, facts: Facts) -> Silence:
    """Count from the facts, in whatever order they were written down."""
    items = tuple(sorted(facts.items, key=_in_time))
    facts = replace(facts, items=items)
    if terms.meaning is Meaning.NONE:
        none = Step(Why.NO_EFFECT, "L231-4")
        return Silence(Meaning.NONE, 0, Standing.NO_EFFECT, None, (none,))
    count = _acceptance if terms.meaning is Meaning.ACCEPTANCE else _rejection
    silence = count(terms, facts)
    notes = tuple(
        Step(Why.NOT_INDISPENSABLE, "L114-5-1", on=item.asked_on, words=item.words)
        for item in items
        if not item.is_indispensable
    )
    return _answered(replace(silence, steps=silence.steps + notes), facts.decided_on)


def _in_time(item: Item) -> tuple[date, date, date, str]:
    return (item.asked_on, item.until or date.max, item.received_on or date.max, item.words)


def _acceptance(terms: Terms, facts: Facts) -> Silence:
    """Runs from the competent authority (L114-3) and the last indispensable item (L114-5)."""
    start = facts.competent_received_on
    if start is None:
        step = Step(Why.COMPETENT_AWAITED, "L114-3")
        return Silence(terms.meaning, terms.months, Standing.ELSEWHERE, None, (step,))
    why = Why.RECEIVED if start == facts.first_received_on else Why.COMPETENT_RECEIVED
    article = "L231-1" if why is Why.RECEIVED else "L114-3"
    steps = [Step(why, article, on=start)]
    falls_on: date | None = add_months(start, terms.months)
    for item in _indispensable(facts.items):
        # What was asked once silence had spoken takes nothing back.
        if falls_on is not None and item.asked_on > falls_on:
            steps.append(_too_late(item))
        elif item.received_on is None:
            falls_on = None
            steps.append(Step(Why.ITEM_AWAITED, "L114-5", on=item.asked_on, words=item.words))
        else:
            start = max(start, item.received_on)
            falls_on = falls_on and add_months(start, terms.months)
            steps.append(Step(Why.ITEM_CAME, "L114-5", on=item.received_on, words=item.words))
    if falls_on is None:
        return Silence(terms.meaning, terms.months, Standing.INCOMPLETE, None, tuple(steps))
    steps.append(Step(Why.ACCEPTED, "L231-1", on=falls_on))
    return Silence(terms.meaning, terms.months, Standing.RUNNING, falls_on, tuple(steps))


def _rejection(terms: Terms, facts: Facts) -> Silence:
    """Runs from the first authority (L114-3), suspended for the time given (L114-5)."""
    start = facts.first_received_on
    elsewhere = start != facts.competent_received_on
    steps = [
        Step(Why.FIRST_RECEIVED, "L114-3", on=start)
        if elsewhere
        else Step(Why.RECEIVED, "L231-4", on=start)
    ]
    falls_on, counted_to = add_months(start, terms.months), start
    for item in _indispensable(facts.items):
        if item.asked_on > falls_on:
            steps.append(_too_late(item))
            continue
        if item.until is None:
            steps.append(Step(Why.NO_LIMIT_GIVEN, "L114-5", on=item.asked_on, words=item.words))
            continue
        # Days that two requests share are suspended once.
        begins, ends = max(item.asked_on, counted_to), min(item.until, item.received_on or date.max)
        days = max(0, (ends - begins).days)
        falls_on += timedelta(days=days)
        counted_to = max(counted_to, ends)
        steps.append(
            Step(Why.SUSPENDED, "L114-5", on=item.asked_on, until=ends, days=days, words=item.words)
        )
    steps.append(Step(Why.REJECTED, "L231-4", on=falls_on))
    return Silence(terms.meaning, terms.months, Standing.RUNNING, falls_on, tuple(steps))


def _indispensable(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.is_indispensable]


def _too_late(item: Item) -> Step:
    return Step(Why.ASKED_TOO_LATE, "L114-5", on=item.asked_on, words=item.words)


def _answered(silence: Silence, decided_on: date | None) -> Silence:
    if decided_on is None:
        return silence
    if silence.falls_on is not None and silence.falls_on < decided_on:
        late = Step(Why.ANSWERED_LATE, "", on=decided_on)
        return replace(silence, steps=(*silence.steps, late))
    before = tuple(step for step in silence.steps if step.why not in {Why.ACCEPTED, Why.REJECTED})
    step = Step(Why.ANSWERED, "", on=decided_on)
    return replace(silence, standing=Standing.ANSWERED, falls_on=None, steps=(*before, step))


@dataclass(frozen=True)
class Forwarded:
    """The two clocks of a request sent on, both told to the person (L114-3)."""

    rejection_on: date  # counted from the first authority, if silence is a refusal there
    months: int


def forwarded(first_received_on: date, months: int) -> Forwarded:
    """What is known on the day a request leaves for the competent authority."""
    return Forwarded(add_months(first_received_on, months), months)


@dataclass(frozen=True)
class Appeal:
    """Until when a refusal may be contested; no end while the person was not properly told."""

    ends_on: date | None
    article: str

    @property
    def is_running(self) -> bool:
        """Can the end of the period be held against the person?"""
        return self.ends_on is not None


def appeal(
    refused_on: date, *, proper_receipt: bool, motives_given_on: date | None = None
) -> Appeal:
    """Two months; not opposable without a proper receipt (L112-6); again two after the motives."""
    if not proper_receipt:
        return Appeal(None, "L112-6")
    ends_on = add_months(refused_on, APPEAL_MONTHS)
    if motives_given_on is not None:
        return Appeal(max(ends_on, add_months(motives_given_on, APPEAL_MONTHS)), "L232-4")
    return Appeal(ends_on, "R421-2 CJA")


def certificate_may_be_asked(silence: Silence, today: date) -> bool:
    """The certificate of an implicit acceptance exists from the day silence spoke (L232-3)."""
    return silence.meaning is Meaning.ACCEPTANCE and silence.has_fallen(today)


def motives_due_on(asked_on: date, *, refused_on: date, period: Appeal) -> date | None:
    """The day by which an implicit refusal is explained (L232-4); None when it is not owed.

    It is owed when it is asked for after the refusal and before the end of the period of appeal.
    """
    if asked_on <= refused_on or (period.ends_on is not None and asked_on > period.ends_on):
        return None
    return add_months(asked_on, MOTIVES_MONTHS)


def is_near(falls_on: date | None, today: date) -> bool:
    """Must somebody look at it within a fortnight, or at once because the day is past?"""
    return falls_on is not None and falls_on <= today + NEAR


def is_confirmed(checked_on: date | None, today: date) -> bool:
    """Was it compared with its source less than a year ago?"""
    return checked_on is not None and today < add_months(checked_on, CHECKED_FOR_MONTHS)
