"""Figures and rows as tables: on a page in words, in an export in plain numbers; never a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from parvis.accounts.models import Agent
from parvis.common.clock import elapsed_seconds
from parvis.contacts.models import Channel, Outcome
from parvis.quality import words
from parvis.quality.queries import Frame, Perimeter
from parvis.quality.queries.rows import ContactLine, TicketRow
from parvis.quality.queries.words import definition
from parvis.quality.rules.legs import Leg, LegEnd
from parvis.quality.rules.measures import Measure, Unit
from parvis.quality.rules.resolution import Judged, Standing
from parvis.queue.models import Ticket
from parvis.queue.queries import range_sentence
from parvis.queue.rules import WaitRange

Exported = tuple[list[str], Iterable[list[object]]]

ENDS: Final = {
    LegEnd.SERVED: gettext_lazy("received"),
    LegEnd.LEFT: gettext_lazy("went away"),
    LegEnd.NO_SHOW: gettext_lazy("did not come"),
    LegEnd.OPEN: gettext_lazy("not ended"),
}
STANDINGS: Final = {
    Standing.REPEAT: gettext_lazy("repeat of an earlier contact"),
    Standing.UNLINKABLE: pgettext_lazy("contact", "not linked to a person"),
    Standing.NOT_RESOLVABLE: gettext_lazy("cannot be solved by nature"),
    Standing.CENSORED: pgettext_lazy("contact", "too recent to know"),
}


UNITS: Final = {
    Unit.SHARE: pgettext_lazy("unit", "share"),
    Unit.SECONDS: pgettext_lazy("unit", "seconds"),
}


@dataclass(frozen=True)
class Table:
    """A table in words; the first cell of each row names it, and may lead further."""

    header: list[str]
    rows: list[tuple[str, str, list[tuple[str, str]]]]  # name, address, (label, text)


def measures(found: Iterable[Measure], perimeter: Perimeter) -> Exported:
    """The indicators of a period, with all that is needed to count them again."""
    header = [
        _("Code"),
        _("Indicator"),
        _("Version"),
        pgettext("period", "From"),
        pgettext("period", "To"),
        pgettext("column", "Unit"),
        pgettext("column", "Value"),
        _("Numerator"),
        _("Denominator"),
        pgettext("column", "Low"),
        pgettext("column", "High"),
        pgettext("column", "Few"),
        pgettext("column", "Hidden"),
        _("Left out"),
        _("Definition"),
    ]
    return header, (_measure(one, perimeter) for one in found)


def _measure(one: Measure, perimeter: Perimeter) -> list[object]:
    known = definition(one.code)
    low, high = one.interval or (None, None)
    left_out = " | ".join(f"{words.EXCLUDED[key]}: {n}" for key, n in one.excluded.items())
    return [
        one.code,
        known.name,
        one.version,
        perimeter.first.isoformat(),
        perimeter.last.isoformat(),
        str(UNITS[one.unit]),
        one.value,
        one.numerator,
        # How few there are is no secret, but the number itself could single somebody out.
        "<5" if 0 < one.denominator < 5 else one.denominator,
        low,
        high,
        yes_no(one.few),
        yes_no(one.hidden),
        left_out,
        known.text,
    ]


def tickets(rows: Iterable[TicketRow], frame: Frame) -> Exported:
    """One line for each wait and service; instants in local time, durations in seconds."""
    header = [
        _("Ticket"),
        _("Day"),
        _("Site"),
        _("Topic"),
        pgettext("column", "Leg"),
        pgettext("column", "Joined"),
        _("First call"),
        pgettext("column", "Received"),
        pgettext("column", "Ended"),
        pgettext("column", "Calls"),
        _("Announced, from (min)"),
        _("Announced, to (min)"),
        _("Wait (s)"),
        _("Goal (s)"),
        pgettext("column", "End"),
    ]
    said = _Said()
    return header, (_leg(row, leg, frame, said) for row in rows for leg in row.legs)


def _leg(row: TicketRow, leg: Leg, frame: Frame, said: "_Said") -> list[object]:
    zone = ZoneInfo(frame.sites[row.ticket.site_id].zone)
    told = (row.ticket.announced_low, row.ticket.announced_high)
    wait = None if leg.started_at is None else elapsed_seconds(leg.joined_at, leg.started_at)
    return [
        row.ticket.code.replace("\xa0", " "),
        row.ticket.day.isoformat(),
        frame.sites[row.ticket.site_id].label,
        frame.topics[row.ticket.topic_id].label,
        leg.number,
        *(
            instant(moment, zone)
            for moment in (leg.joined_at, leg.called_at, leg.started_at, leg.ended_at)
        ),
        leg.calls,
        *(told if leg.number == 1 else (None, None)),
        None if wait is None else round(wait),
        None if leg.target_seconds is None else round(leg.target_seconds),
        said.ends[leg.end],
    ]


def contacts(lines: Iterable[ContactLine], frame: Frame, *, answers: bool) -> Exported:
    """One line for each contact; what people answered only for those who may read contacts."""
    header = [
        _("Contact"),
        pgettext("column", "Began"),
        pgettext("column", "Ended"),
        _("Site"),
        _("Topic"),
        _("Channel"),
        _("Outcome"),
        _("First-contact resolution"),
        _("Came back"),
    ]
    if answers:
        header += [_("Solved, says the person"), _("Satisfaction (1 to 5)")]
    said = _Said()
    return header, (_contact(line, frame, said, answers) for line in lines)


class _Said:
    """The words of a table, translated once: looking up 100,000 choices costs half a minute."""

    def __init__(self) -> None:
        self.channels = {value: str(label) for value, label in Channel.choices}
        self.outcomes = {value: str(label) for value, label in Outcome.choices}
        self.ends = {end: str(label) for end, label in ENDS.items()}
        self.standings = {standing: str(label) for standing, label in STANDINGS.items()}
        self.yes_no = {True: _("yes"), False: _("no")}
        self.came_back = _("first contact, came back")
        self.solved = _("first contact, solved")
        self.not_solved = _("first contact, not solved")

    def standing(self, judged: Judged | None) -> str:
        """What a contact is to first-contact resolution, in words."""
        if judged is None:
            return ""
        if judged.standing is not Standing.ELIGIBLE:
            return self.standings[judged.standing]
        if judged.came_back:
            return self.came_back
        return self.solved if judged.contact.declared else self.not_solved


def _contact(line: ContactLine, frame: Frame, said: _Said, answers: bool) -> list[object]:
    contact, zone = line.contact, frame.zone
    found: list[object] = [
        contact.pk,
        instant(contact.started_at, zone),
        instant(contact.ended_at, zone),
        frame.sites[contact.site_id].label if contact.site_id else None,
        frame.topics[contact.topic_id].label,
        said.channels[contact.channel],
        said.outcomes[contact.outcome],
        said.standing(line.judged),
        said.yes_no[line.judged.came_back] if line.judged else None,
    ]
    if answers:
        found += [None if line.solved is None else said.yes_no[line.solved], line.score]
    return found


def shown(what: str, rows: Sequence[Any], agent: Agent, frame: Frame) -> Table:
    """A page of rows in words."""
    if what == "tickets":
        return _ticket_table(rows, frame)
    return _contact_table(rows, agent, frame)


def _ticket_table(rows: Sequence[TicketRow], frame: Frame) -> Table:
    header = [
        _("Ticket"),
        pgettext("column", "Joined"),
        _("Site"),
        _("Topic"),
        _("Announced"),
        pgettext("column", "Wait"),
        pgettext("column", "At the desk"),
        pgettext("column", "End"),
    ]
    found = []
    for row in rows:
        zone = ZoneInfo(frame.sites[row.ticket.site_id].zone)
        cells = [
            moment(row.legs[0].joined_at, zone),
            frame.sites[row.ticket.site_id].label,
            frame.topics[row.ticket.topic_id].label,
            _announced(row.ticket),
            _chain(row.legs, lambda leg: (leg.joined_at, leg.started_at)),
            _chain(row.legs, lambda leg: (leg.started_at, leg.ended_at)),
            str(ENDS[row.legs[-1].end]),
        ]
        found.append((row.ticket.code, "", list(zip(header[1:], cells, strict=True))))
    return Table(header, found)


def _announced(ticket: Ticket) -> str:
    low, high = ticket.announced_low, ticket.announced_high
    if low is None or high is None:
        return "–"
    return range_sentence(WaitRange(low, high))


def _chain(legs: Sequence[Leg], ends: Any) -> str:
    # After a transfer each leg has its own time: "3 min, then 7 min".
    pairs = [ends(leg) for leg in legs]
    told = [words.duration(elapsed_seconds(*pair)) for pair in pairs if None not in pair]
    return _(", then ").join(told) or "–"


def _contact_table(lines: Sequence[ContactLine], agent: Agent, frame: Frame) -> Table:
    header = [
        _("Contact"),
        _("Channel"),
        _("Site"),
        _("Topic"),
        _("Outcome"),
        _("First-contact resolution"),
    ]
    answers, said = agent.may("contacts.read"), _Said()
    if answers:
        header += [_("Solved, says the person"), _("Satisfaction (1 to 5)")]
    found = []
    for line in lines:
        contact = line.contact
        cells = [
            said.channels[contact.channel],
            frame.sites[contact.site_id].label if contact.site_id else "–",
            frame.topics[contact.topic_id].label,
            said.outcomes[contact.outcome],
            said.standing(line.judged) or "–",
        ]
        if answers:
            cells += [
                "–" if line.solved is None else said.yes_no[line.solved],
                str(line.score or "–"),
            ]
        found.append(
            (
                moment(contact.started_at, frame.zone),
                reverse("contacts:contact", args=[contact.pk]) if answers else "",
                list(zip(header[1:], cells, strict=True)),
            )
        )
    return Table(header, found)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment as a table writes it."""
    local = at.astimezone(zone)
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {date_format(local, 'TIME_FORMAT')}"


def instant(at: datetime | None, zone: ZoneInfo) -> str | None:
    """A moment as an export writes it."""
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")


def yes_no(value: bool) -> str:
    """A verdict in words."""
    return _("yes") if value else _("no")
