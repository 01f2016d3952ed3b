"""Questions to departments as tables: on a page in words, in an export in plain numbers."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis.accounts.models import Agent
from parvis.common.numbers import written
from parvis.quality import words
from parvis.quality.queries import Frame
from parvis.quality.queries.answers import OfService, QuestionRow
from parvis.quality.queries.words import definition
from parvis.quality.rules import answers as rules
from parvis.quality.tables import Exported, Table, instant, moment, yes_no


def questions(rows: Iterable[QuestionRow], frame: Frame) -> Exported:
    """One line for each question: times and service, neither words nor names."""
    header = [
        _("Question"),
        _("Service"),
        _("Topic"),
        _("With a visitor"),
        pgettext("column", "Asked"),
        pgettext("column", "Promised for"),
        pgettext("column", "Answered"),
        _("Delay (s)"),
        _("People asked"),
        pgettext("column", "State"),
    ]
    return header, (_line(row, frame) for row in rows)


def _line(row: QuestionRow, frame: Frame) -> list[object]:
    question, asked = row.question, row.asked
    return [
        question.pk,
        question.service.label,
        question.topic.label if question.topic else None,
        yes_no(asked.visitor),
        *(instant(at, frame.zone) for at in (asked.asked_at, asked.due_at, asked.answered_at)),
        None if asked.seconds is None else round(asked.seconds),
        asked.turns,
        question.get_state_display(),
    ]


def question_table(rows: Sequence[QuestionRow], agent: Agent, frame: Frame) -> Table:
    """A page of questions in words; the head of reception may open each."""
    header = [
        pgettext("column", "Asked"),
        _("Service"),
        _("Topic"),
        _("With a visitor"),
        pgettext("column", "Promised for"),
        pgettext("column", "Answered after"),
        _("People asked"),
        pgettext("column", "State"),
    ]
    found = []
    for row in rows:
        question, asked = row.question, row.asked
        cells = [
            question.service.label,
            question.topic.label if question.topic else "–",
            yes_no(asked.visitor),
            moment(asked.due_at, frame.zone),
            "–" if asked.seconds is None else words.duration(asked.seconds),
            written(asked.turns),
            str(question.get_state_display()),
        ]
        address = reverse("departments:question", args=[question.pk])
        found.append(
            (
                moment(asked.asked_at, frame.zone),
                address if agent.may("departments.manage") else "",
                list(zip(header[1:], cells, strict=True)),
            )
        )
    return Table(header, found)


CODES = (rules.WITH_VISITOR, rules.WITHOUT, rules.KEPT, rules.UNANSWERED, rules.ESCALATED)


def service_table(services: Iterable[OfService], query: str, *, linked: bool) -> Table:
    """Department by department; its name leads whoever may read them to its questions."""
    header = [_("Service"), *(definition(one.code).name for one in CODES)]
    found = []
    for one in services:
        told = [words.value_text(measure) or words.counted(measure) for measure in one.measures]
        address = f"{reverse('quality:rows')}?{query}&rows=questions&service={one.service.pk}"
        found.append(
            (one.service.label, address if linked else "", list(zip(header[1:], told, strict=True)))
        )
    return Table(header, found)


def services(rows: Iterable[OfService]) -> Exported:
    """One line for each department and figure."""
    header = [
        _("Service"), _("Code"), pgettext("column", "Value"), _("Numerator"), _("Denominator"),
    ]  # fmt: skip
    return header, (
        [
            row.service.label,
            one.code,
            one.value,
            one.numerator,
            "<5" if 0 < one.denominator < 5 else one.denominator,
        ]
        for row in rows
        for one in row.measures
    )
