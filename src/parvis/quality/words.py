"""Figures as people read them: percentages, minutes, what was left out, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from parvis.common.numbers import written
from parvis.quality.queries.words import definition
from parvis.quality.rules.goals import DIRECTIONS, judged
from parvis.quality.rules.measures import Measure, Unit, Verdict
from parvis.quality.rules.resolution import GAP

# The names of the three states, as the tile of a figure takes them.
VERDICTS: Final = {
    Verdict.KEPT: "kept",
    Verdict.NOT_KEPT: "missed",
    Verdict.CANNOT_CONCLUDE: "early",
}

EXCLUDED: Final = {
    "abandoned": _("gave up"),
    "automatic": _("done by the house itself"),
    "absent_after_one_call": _("did not come after one call"),
    "censored": _("too recent to know"),
    "inconsistent": _("with times that contradict each other"),
    "left_before": _("left before it could be seen"),
    "let_pass": _("let others pass"),
    "no_answer": _("without an answer"),
    "not_due": _("not yet due"),
    "not_taken_over": _("not taken over yet"),
    "passed_on_again": _("passed on again before"),
    "reused": _("answered from an earlier answer"),
    "unanswered": pgettext_lazy("question", "without answer"),
    "withdrawn": _("taken back"),
    "no_score": _("without a score"),
    "not_announced": _("told nothing"),
    "not_human": _("with the assistant"),
    "not_resolvable": _("that cannot be solved by nature"),
    "out_of_scale": _("outside the scale"),
    "repeat": _("repeats of an earlier contact"),
    "still_waiting": _("still waiting"),
    "told_little": _("told less than five minutes"),
    "too_long": _("improbably long, to be checked"),
    "too_short": _("under 15 seconds, to be checked"),
    "unlinkable": _("not linked to a person"),
    "with_appointment": _("with an appointment"),
}
_SECONDS: Final = {
    "target": _("Wait aimed at"),
    "p50": _("One in two, less than"),
    "p90": _("Nine in ten, less than"),
    "max": _("Longest"),
    "mean": _("Mean"),
    "km_p50": _("One in two, corrected for those who gave up"),
    "km_p90": _("Nine in ten, corrected for those who gave up"),
    "wait_p50": _("One in two gave up after less than"),
    "wait_p90": _("Nine in ten gave up after less than"),
    "wait_max": _("Latest to give up"),
    "wait_mean": _("Mean wait before giving up"),
}
_COUNTS: Final = {
    "called_early": _("Called earlier than announced"),
    "called_late": _("Called later than announced, or left after that"),
    "served": _("People received"),
    "abandoned": _("People who gave up"),
    "overdue": _("Still waiting beyond the goal"),
    "censored": _("Waits whose end is unknown"),
    "false_solved": _("Said to be solved, and came back"),
    "said_solved": _("Said to be solved, among first contacts"),
    "read_by_nobody": _("Read by nobody in 30 days"),
    "contacts": _("Contacts in all"),
    "score_1": _("Answers of 1"),
    "score_2": _("Answers of 2"),
    "score_3": _("Answers of 3"),
    "score_4": _("Answers of 4"),
    "score_5": _("Answers of 5"),
}
_LINK_RATE = _("Contacts linked to a person")


def percent(share: float, digits: int = 1) -> str:
    """A share as a percentage: 90,3 % in French, 90.3% in English."""
    gap = "" if (get_language() or "fr").startswith("en") else "\xa0"
    return f"{written(share * 100, digits)}{gap}%"


def duration(seconds: float) -> str:
    """A wait as it is said: 45 s, 4 min 40 s, 16 min, 1 h 35 min."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return f"{whole}\xa0s"
    if minutes < 10:
        return f"{minutes}\xa0min" + (f" {rest}\xa0s" if rest else "")
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes}\xa0min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}\xa0h {minutes}\xa0min"


def half_waited(median: float) -> str:
    """Half of those who came, in a sentence: nobody is told to have waited less than nothing."""
    if round(median) < 1:
        return gettext("One person in two did not wait.")
    told = gettext("One person in two waited at most %(median)s.")
    return told % {"median": duration(median)}


def nine_waited(ninth: float) -> str:
    """Nine in ten of those who came, in a sentence."""
    if round(ninth) < 1:
        return gettext("Nine in ten did not wait.")
    return gettext("Nine in ten waited at most %(ninth)s.") % {"ninth": duration(ninth)}


def quantity(value: float, unit: Unit) -> str:
    """A value in its own unit."""
    return percent(value) if unit is Unit.SHARE else duration(value)


def rounded(value: float, unit: Unit) -> str:
    """An end of a scale, as short as it can be."""
    return percent(value, 0) if unit is Unit.SHARE else f"{written(value / 60)}\xa0min"


def value_text(measure: Measure) -> str:
    """The value of an indicator; a difference of shares counts points, not percent."""
    if measure.value is None:
        return ""
    if measure.code == GAP.code:
        points = written(measure.value * 100, 1)
        return gettext("%(n)s points") % {"n": points}
    return quantity(measure.value, measure.unit)


@dataclass(frozen=True)
class Shown:
    """An indicator as a page writes it."""

    measure: Measure
    name: str
    text: str
    value: str
    interval: str
    counted: str
    excluded: list[str]
    details: list[tuple[str, str]]
    goal: float | None
    goal_text: str
    verdict: str

    @property
    def code(self) -> str:
        return self.measure.code

    @property
    def version(self) -> int:
        return self.measure.version


def shown(measure: Measure, goals: Mapping[str, float]) -> Shown:
    """An indicator in words, with its goal and what may be concluded."""
    known = definition(measure.code)
    goal = goals.get(measure.code)
    state = judged(measure, goal)
    return Shown(
        measure=measure,
        name=known.name,
        text=known.text,
        value=value_text(measure),
        interval=_interval(measure),
        counted=counted(measure),
        excluded=[
            f"{written(count)} {EXCLUDED[key]}" for key, count in measure.excluded.items() if count
        ],
        details=list(_details(measure)),
        goal=goal,
        goal_text="" if goal is None else goal_sentence(measure.code, goal),
        verdict=VERDICTS[state] if state is not None and not measure.hidden else "",
    )


def _interval(measure: Measure) -> str:
    if measure.interval is None:
        return ""
    low, high = (quantity(end, measure.unit) for end in measure.interval)
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def counted(measure: Measure) -> str:
    """So many out of so many; of a hidden one only why."""
    if measure.denominator == 0:
        return gettext("nothing to count")
    if measure.hidden:
        return gettext("fewer than 5: hidden")
    if measure.numerator is None:
        return written(measure.denominator)
    return gettext("%(part)s of %(whole)s") % {
        "part": written(measure.numerator),
        "whole": written(measure.denominator),
    }


def unlisted(count: int) -> str:
    """How many rows count in the figures and are not shown, and why; nothing when all are."""
    if not count:
        return ""
    return ngettext(
        "%(n)s row of a sensitive service counts in the figures and is not listed: only its own "
        "service reads it.",
        "%(n)s rows of sensitive services count in the figures and are not listed: only their own "
        "service reads them.",
        count,
    ) % {"n": written(count)}


def goal_sentence(code: str, goal: float) -> str:
    """What is aimed at: at least, or at most."""
    words = (
        gettext("at least %(share)s") if DIRECTIONS[code].at_least else gettext("at most %(share)s")
    )
    return words % {"share": percent(goal, 0 if round(goal * 100, 1) == round(goal * 100) else 1)}


def _details(measure: Measure) -> Iterable[tuple[str, str]]:
    for key, value in measure.detail.items():
        if key == "upper_bound":
            if value:
                yield gettext("Caution"), gettext("an upper bound: few contacts can be linked")
        elif value is None:
            continue
        elif key == "link_rate":
            yield str(_LINK_RATE), percent(value)
        elif key in _SECONDS:
            yield str(_SECONDS[key]), duration(value)
        elif key in _COUNTS:
            yield str(_COUNTS[key]), written(value)
