"""Was the announced wait right? The share of people whose wait lay within the range told."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from parvis.quality.rules.measures import Indicator, Measure, Tally, Unit, share_of
from parvis.queue.rules.announced import EARLY, LATE, RIGHT, Told

KEPT: Final = Indicator("WAIT-PROMISE", 1, Unit.SHARE)
KEPT_LONG: Final = Indicator("WAIT-PROMISE-LONG", 1, Unit.SHARE)
APPOINTMENT, NOTHING, LET_PASS = "with_appointment", "not_announced", "let_pass"
WAITING, LEFT_BEFORE, SHORT = "still_waiting", "left_before", "told_little"


@dataclass(frozen=True, slots=True)
class Promise:
    """What one ticket was told and how it went; or why it cannot be judged."""

    told: Told | None = None
    left_out: str = ""


def promises_kept(promises: Iterable[Promise]) -> tuple[Measure, Measure]:
    """The share that was right: of everybody who was told, and of those told over five minutes."""
    everybody, made_to_wait = Counter[str](), Counter[str]()
    for one in promises:
        verdict = one.left_out or (one.told.verdict if one.told else "") or LEFT_BEFORE
        everybody[verdict] += 1
        is_short = one.told is not None and not one.told.made_to_wait and not one.left_out
        made_to_wait[SHORT if is_short else verdict] += 1
    return _share(KEPT, everybody), _share(KEPT_LONG, made_to_wait)


def _share(indicator: Indicator, found: Counter[str]) -> Measure:
    verdicts = {verdict: found.pop(verdict, 0) for verdict in (RIGHT, EARLY, LATE)}
    tally = Tally(verdicts[RIGHT], sum(verdicts.values()))
    detail = {"called_early": verdicts[EARLY], "called_late": verdicts[LATE]}
    return share_of(indicator, tally, excluded=dict(found), detail=detail)
