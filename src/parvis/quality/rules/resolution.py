"""First-contact resolution in its four named variants, and the gap between word and fact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from parvis.common.clock import local_day
from parvis.quality.rules.measures import (
    FEW_BELOW,
    HIDDEN_BELOW,
    Counts,
    Indicator,
    Measure,
    Tally,
    Unit,
    share_of,
)

WINDOW_DAYS: Final = 14
# Below this share of linked contacts a repeat easily goes unseen: R and N are upper bounds.
LOW_LINK_RATE: Final = 0.6

DECLARED: Final = Indicator("FCR-D", 1, Unit.SHARE)
CONFIRMED: Final = Indicator("FCR-U", 1, Unit.SHARE)
NOT_REPEATED: Final = Indicator("FCR-R", 1, Unit.SHARE)
NET: Final = Indicator("FCR-N", 1, Unit.SHARE)
GAP: Final = Indicator("FCR-GAP", 1, Unit.SHARE)
LINK_RATE: Final = Indicator("LINK-RATE", 1, Unit.SHARE)
REPEAT_RATE: Final = Indicator("REPEAT-RATE", 1, Unit.SHARE)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact as the indicator needs it; nobody's name, only a key that links."""

    at: datetime
    person: int | str | None  # None: nobody could be linked
    family: int | str
    declared: bool  # closed as solved now
    human: bool = True  # not the assistant
    confirmed: bool | None = None  # the person's answer to "was it solved?"
    resolvable: bool = True  # not a mere drop-off
    window_days: int = WINDOW_DAYS
    counted: bool = True  # False: outside the perimeter, only looked at for repeats
    key: int | str | None = None  # by which the caller finds the contact again


@dataclass(frozen=True, slots=True)
class Period:
    """The local days looked at, both included, and the last day of which contacts are known."""

    first: date
    last: date
    cut_off: date


class Standing(StrEnum):
    """What one contact is to the indicator."""

    ELIGIBLE = "eligible"
    REPEAT = "repeat"
    UNLINKABLE = "unlinkable"
    NOT_RESOLVABLE = "not_resolvable"
    CENSORED = "censored"


@dataclass(frozen=True, slots=True)
class Judged:
    """One contact of the period with its standing, and whether the person came back."""

    contact: ContactRow
    standing: Standing
    came_back: bool


@dataclass(frozen=True, slots=True)
class Resolution:
    """The four variants, their gap, and the two rates that say how far to believe them."""

    declared: Measure
    confirmed: Measure
    not_repeated: Measure
    net: Measure
    gap: Measure
    link_rate: Measure
    repeat_rate: Measure

    @property
    def measures(self) -> tuple[Measure, ...]:
        """All of them, the headline (net) first."""
        return (
            self.net,
            self.declared,
            self.confirmed,
            self.not_repeated,
            self.gap,
            self.link_rate,
            self.repeat_rate,
        )


def judge(contacts: Iterable[ContactRow], period: Period, zone: tzinfo) -> list[Judged]:
    """Say of each contact of the period whether it is a first one, and whether it was repeated.

    Contacts of the weeks before the period and after it, up to the cut-off, must be given too:
    they are not judged, only looked at, like those that do not count. A contact repeats another
    when the same person comes about the same family, on any channel, within the window (calendar
    days) of the earlier one.
    """
    judged: list[Judged] = []
    linked: dict[tuple[int | str, int | str], list[tuple[date, ContactRow]]] = {}
    for contact in contacts:
        day = local_day(contact.at, zone)
        if day > period.cut_off:
            continue
        if contact.person is not None:
            linked.setdefault((contact.person, contact.family), []).append((day, contact))
        elif contact.counted and period.first <= day <= period.last:
            judged.append(Judged(contact, Standing.UNLINKABLE, came_back=False))
    for story in linked.values():
        judged.extend(_judge_story(story, period))
    return judged


def _judge_story(story: list[tuple[date, ContactRow]], period: Period) -> Iterable[Judged]:
    """The contacts of one person about one family, in the order in which they happened."""
    story.sort(key=lambda step: step[1].at)
    reach = date.min  # the last day on which a contact still repeats an earlier one
    for place, (day, contact) in enumerate(story):
        window_end = day + timedelta(days=contact.window_days)
        if contact.counted and period.first <= day <= period.last:
            came_back = place + 1 < len(story) and story[place + 1][0] <= window_end
            is_repeat = place > 0 and day <= reach
            standing = _standing(contact, is_repeat, window_end > period.cut_off)
            yield Judged(contact, standing, came_back)
        reach = max(reach, window_end)


def _standing(contact: ContactRow, is_repeat: bool, is_censored: bool) -> Standing:
    if is_repeat:
        return Standing.REPEAT
    if not contact.resolvable:
        return Standing.NOT_RESOLVABLE
    return Standing.CENSORED if is_censored else Standing.ELIGIBLE


def resolution(contacts: Iterable[ContactRow], period: Period, zone: tzinfo) -> Resolution:
    """First-contact resolution of a period: declared, confirmed, not repeated, net, and the gap."""
    return resolution_of(judge(contacts, period, zone))


def resolution_of(judged: Sequence[Judged]) -> Resolution:
    """The same from contacts that were judged already, for one month of several."""
    count = dict.fromkeys(Standing, 0)
    for one in judged:
        count[one.standing] += 1
    linkable = len(judged) - count[Standing.UNLINKABLE]
    rate = linkable / len(judged) if judged else 0.0
    excluded = {
        standing.value: count[standing] for standing in Standing if standing != Standing.ELIGIBLE
    }
    firsts = [one for one in judged if one.standing is Standing.ELIGIBLE]
    trust = {"link_rate": rate, "upper_bound": int(rate < LOW_LINK_RATE)}
    kept = Tally(sum(not one.came_back for one in firsts), len(firsts))
    net_tally = Tally(sum(_is_net(one) for one in firsts), len(firsts))
    declared, net = _declared(judged), share_of(NET, net_tally, excluded=excluded, detail=trust)
    return Resolution(
        declared=declared,
        confirmed=_confirmed(judged),
        not_repeated=share_of(NOT_REPEATED, kept, excluded=excluded, detail=trust),
        net=net,
        gap=_gap(declared, net, firsts),
        link_rate=share_of(LINK_RATE, Tally(linkable, len(judged)), excluded={}),
        repeat_rate=share_of(
            REPEAT_RATE,
            Tally(count[Standing.REPEAT], linkable),
            excluded={"unlinkable": count[Standing.UNLINKABLE]},
        ),
    )


def _is_net(one: Judged) -> bool:
    return one.contact.declared and not one.came_back


def _declared(judged: Sequence[Judged]) -> Measure:
    human = [one.contact for one in judged if one.contact.human]
    tally = Tally(sum(contact.declared for contact in human), len(human))
    return share_of(DECLARED, tally, excluded={"not_human": len(judged) - len(human)})


def _confirmed(judged: Sequence[Judged]) -> Measure:
    """Among who answered; a contact known to be a repeat cannot be solved at first contact."""
    candidates = [one.contact for one in judged if one.standing is not Standing.REPEAT]
    answers = [contact.confirmed for contact in candidates if contact.confirmed is not None]
    excluded: Counts = {
        "repeat": len(judged) - len(candidates),
        "no_answer": len(candidates) - len(answers),
    }
    return share_of(CONFIRMED, Tally(sum(answers), len(answers)), excluded=excluded)


def _gap(declared: Measure, net: Measure, firsts: list[Judged]) -> Measure:
    """D minus N; the detail counts, among eligible firsts, "solved" that came back all the same."""
    hidden = declared.value is None or net.value is None
    said_solved = [one for one in firsts if one.contact.declared]
    return Measure(
        code=GAP.code,
        version=GAP.version,
        value=(declared.value or 0.0) - (net.value or 0.0) if not hidden else None,
        unit=GAP.unit,
        numerator=None,
        denominator=net.denominator,
        interval=None,
        excluded=net.excluded,
        few=HIDDEN_BELOW <= min(declared.denominator, net.denominator) < FEW_BELOW,
        hidden=hidden,
        detail={}
        if hidden
        else {
            "false_solved": sum(one.came_back for one in said_solved),
            "said_solved": len(said_solved),
        },
    )
