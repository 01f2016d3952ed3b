"""Satisfaction: how many are content, how sure that is, and how many were heard at all."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from parvis.quality.rules.measures import Indicator, Measure, Tally, Unit, pooled, share_of

SATISFIED: Final = Indicator("CSAT", 1, Unit.SHARE)
RESPONSE_RATE: Final = Indicator("CSAT-RESPONSE", 1, Unit.SHARE)
COVERAGE: Final = Indicator("CSAT-COVERAGE", 1, Unit.SHARE)

SCALE: Final = (1, 2, 3, 4, 5)
_CONTENT: Final = (4, 5)


@dataclass(frozen=True, slots=True)
class Invitations:
    """What became of the invitations of one channel."""

    sent: int
    bounced: int
    completed: int

    @property
    def answered(self) -> Tally:
        """Completed out of delivered: who was never reached cannot answer."""
        return Tally(self.completed, self.sent - self.bounced)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The share of content people, and what it rests on."""

    satisfied: Measure
    response_rate: Measure
    response_by_channel: Mapping[str, Measure]
    coverage: Measure

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All of them, the headline first."""
        return (self.satisfied, self.response_rate, self.coverage)


def satisfied(scores: Iterable[int | None]) -> Measure:
    """CSAT: share of 4 and 5 on the scale of 1 to 5, Wilson's interval, and the distribution.

    An answer without a score, or with one outside the scale, is excluded and counted.
    """
    count = Counter(scores)
    valid = {score: count[score] for score in SCALE}
    total = sum(valid.values())
    tally = Tally(sum(valid[score] for score in _CONTENT), total)
    without = count[None]
    excluded = {"no_score": without, "out_of_scale": count.total() - total - without}
    detail = {f"score_{score}": number for score, number in valid.items()}
    return share_of(SATISFIED, tally, excluded=excluded, detail=detail)


def satisfaction(
    scores: Iterable[int | None], invitations: Mapping[str, Invitations], contacts: int
) -> Satisfaction:
    """Satisfaction with its response rate (by channel and pooled) and coverage of all contacts."""
    sent = sum(channel.sent for channel in invitations.values())
    bounced = sum(channel.bounced for channel in invitations.values())
    answered = pooled(channel.answered for channel in invitations.values())
    return Satisfaction(
        satisfied=satisfied(scores),
        response_rate=share_of(RESPONSE_RATE, answered, excluded={"bounced": bounced}),
        response_by_channel={
            name: share_of(RESPONSE_RATE, one.answered, excluded={"bounced": one.bounced})
            for name, one in invitations.items()
        },
        coverage=share_of(COVERAGE, Tally(sent, contacts), excluded={}),
    )
