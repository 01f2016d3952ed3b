"""How many calls a month of conversations may have spared: low, middle, high (indicators, 3.8)."""

from dataclasses import dataclass

from parvis.common.intervals import FEW_BELOW, HIDDEN_BELOW, Interval, wilson


@dataclass(frozen=True)
class Counts:
    """What a month of conversations is made of."""

    sessions: int = 0  # with at least one question that was understood
    contained: int = 0  # answered, nobody was asked for
    confirmed: int = 0  # contained, and the person says that it helped
    handed_over: int = 0
    abandoned: int = 0
    spared: int = 0  # confirmed, would have called, and no person was met about it since
    to_check: int = 0  # of the spared and the others, those of whom a later contact would be seen
    silent: int = 0  # nothing said of it, nobody asked for
    unhelpful: int = 0  # "it did not help"
    told_helped: int = 0  # how many said whether it helped
    said_called: int = 0  # of those who told: they would have called
    told_called: int = 0  # how many told, whatever they said
    repeats: int = 0  # contacts after another one about the same, with the same person
    linkable: int = 0  # contacts of which it can be seen
    right: int = 0
    wrong: int = 0


@dataclass(frozen=True)
class Avoided:
    """Avoided calls, with what the middle rests on."""

    low: int
    middle: float | None  # None: nobody told whether they would have called
    high: int
    share_called: float | None
    interval: Interval | None
    n: int
    repeat_rate: float


def avoided(counts: Counts) -> Avoided:
    """Low: confirmed throughout. Middle: contained x share x (1 - repeats). High: contained."""
    repeat_rate = counts.repeats / counts.linkable if counts.linkable else 0.0
    share = counts.said_called / counts.told_called if counts.told_called else None
    middle = None if share is None else counts.contained * share * (1 - repeat_rate)
    return Avoided(
        low=counts.spared,
        middle=middle,
        high=counts.contained,
        share_called=share,
        interval=wilson(counts.said_called, counts.told_called) if counts.told_called else None,
        n=counts.told_called,
        repeat_rate=repeat_rate,
    )


def wrong_share(counts: Counts) -> tuple[float, Interval] | None:
    """Share of wrong answers among those that a colleague judged; None before anybody has."""
    judged = counts.right + counts.wrong
    return (counts.wrong / judged, wilson(counts.wrong, judged)) if judged else None


@dataclass(frozen=True)
class Share:
    """So many of so many, with what that is worth."""

    count: int
    of: int

    @property
    def hidden(self) -> bool:
        """Too few to be shown, like every indicator of the house."""
        return self.of < HIDDEN_BELOW

    @property
    def few(self) -> bool:
        return not self.hidden and self.of < FEW_BELOW

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.count, self.of) if self.of else None
