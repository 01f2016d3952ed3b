"""Open cases and transmissions as tables: how many know a case, never who."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis.accounts.models import Agent
from parvis.common import codes
from parvis.common.numbers import written
from parvis.quality import words
from parvis.quality.queries import Frame
from parvis.quality.queries.memory import HeldRow, PassedRow
from parvis.quality.tables import Exported, Table, instant, moment, yes_no


def held_table(rows: Sequence[HeldRow], agent: Agent, frame: Frame) -> Table:
    """A page of open cases in words; the code leads to the case for whoever may open it."""
    header = [
        _("Case"),
        _("Service"),
        pgettext("column", "Opened"),
        _("Colleagues who know it"),
        _("Held by one alone"),
    ]
    found = []
    for row in rows:
        cells = [
            row.case.service.label,
            moment(row.case.opened_at, frame.zone),
            written(row.held.people),
            yes_no(row.held.by_one),
        ]
        found.append(_told(row.case.reference, agent, header, cells))
    return Table(header, found)


def passed_table(rows: Sequence[PassedRow], agent: Agent, frame: Frame) -> Table:
    """A page of transmissions in words."""
    header = [
        _("Case"),
        pgettext("column", "Passed on"),
        pgettext("column", "How"),
        _("Opened by the receiver"),
        pgettext("column", "First act after"),
    ]
    found = []
    for row in rows:
        seconds = row.passed.seconds
        cells = [
            moment(row.entry.at, frame.zone),
            str(row.entry.get_kind_display()),
            yes_no(row.passed.is_received),
            "–" if seconds is None else words.duration(seconds),
        ]
        found.append(_told(row.entry.case.reference, agent, header, cells))
    return Table(header, found)


def _told(
    reference: str, agent: Agent, header: list[str], cells: list[str]
) -> tuple[str, str, list[tuple[str, str]]]:
    address = reverse("cases:case", args=[reference]) if agent.may("cases.read") else ""
    return codes.format_reference(reference), address, list(zip(header[1:], cells, strict=True))


def held(rows: Iterable[HeldRow], frame: Frame) -> Exported:
    """One line for each open case."""
    header = [_("Case"), _("Service"), pgettext("column", "Opened"), _("Colleagues who know it")]
    return header, (
        [
            row.case.reference,
            row.case.service.label,
            instant(row.case.opened_at, frame.zone),
            row.held.people,
        ]
        for row in rows
    )


def passed(rows: Iterable[PassedRow], frame: Frame) -> Exported:
    """One line for each transmission; durations in seconds."""
    header = [
        _("Case"), pgettext("column", "Passed on"), pgettext("column", "How"),
        _("Opened by the receiver"), _("First act (s)"), _("On the page of the person"),
    ]  # fmt: skip
    return header, (
        [
            row.entry.case.reference,
            instant(row.entry.at, frame.zone),
            str(row.entry.get_kind_display()),
            yes_no(row.passed.is_received),
            None if row.passed.seconds is None else round(row.passed.seconds),
            yes_no(row.passed.is_shown),
        ]
        for row in rows
    )
