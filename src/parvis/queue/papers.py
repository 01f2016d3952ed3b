"""The sheet of paper numbers as it is typed: its head, and its rows with what is wrong in each."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.accounts.models import Agent
from parvis.common.clock import instant_of
from parvis.common.forms import ActorForm, DayField
from parvis.contacts.models import Outcome
from parvis.organisations.models import Desk, Site, Topic
from parvis.organisations.queries import topics_of
from parvis.queue.actions import PaperTicket
from parvis.queue.rules import rolls

ROWS = 12
FIELDS = ("number", "arrived", "called", "ended", "topic", "outcome")


class PaperForm(ActorForm):
    """What holds for the whole sheet: the day, the desk, who received."""

    day = DayField(label=gettext_lazy("Day of the breakdown"))
    desk = forms.ModelChoiceField(
        Desk.objects.all(),
        label=gettext_lazy("Desk"),
        required=False,
        empty_label=gettext_lazy("none in particular"),
    )
    agent = forms.ModelChoiceField(
        Agent.objects.none(), label=gettext_lazy("Received by"), required=False, empty_label=None
    )
    is_meant = forms.BooleanField(
        label=gettext_lazy("These times are right all the same"), required=False
    )

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        self.topics: dict[str, Topic] = {topic.slug: topic for topic in topics_of(site)}
        desk, agent = self.fields["desk"], self.fields["agent"]
        assert isinstance(desk, forms.ModelChoiceField)  # noqa: S101
        assert isinstance(agent, forms.ModelChoiceField)  # noqa: S101
        desk.queryset = Desk.objects.filter(site=site, is_active=True)
        colleagues = Agent.objects.filter(authority_id=site.authority_id, is_active=True)
        agent.queryset = colleagues.filter(is_robot=False).select_related("entry")

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = timezone.localdate(timezone=ZoneInfo(self.site.timezone))
        if day > today:
            raise forms.ValidationError(_("This day has not come yet."))
        if today - day > rolls.OLDEST:
            raise forms.ValidationError(_("The sheet is more than a month old."))
        return day


class PaperRow:
    """One row as it was typed, and the sentences about it."""

    def __init__(self, index: int, typed: Mapping[str, str]) -> None:
        self.index = index
        self.typed = dict(typed)
        self.faults: list[tuple[str, str]] = []

    @staticmethod
    def outcomes() -> list[tuple[str, str]]:
        """How a visit ends, each with the digit that chooses it."""
        ends = [(str(value), str(label)) for value, label in Outcome.choices]
        ends += [(rolls.LEFT, _("left before being called")), (rolls.NO_SHOW, _("did not come"))]
        return [
            (value, f"{place} {capfirst(label)}") for place, (value, label) in enumerate(ends, 1)
        ]

    @property
    def is_filled(self) -> bool:
        """Has anything but the number been typed?"""
        return any(self.typed.get(name) for name in FIELDS if name not in {"number", "outcome"})

    @property
    def cells(self) -> list[dict[str, str]]:
        """What the template draws: name, value and whether something is wrong with it."""
        wrong = {field for field, _sentence in self.faults}
        return [
            {
                "field": name,
                "name": f"{name}-{self.index}",
                "value": self.typed.get(name, ""),
                "wrong": "yes" if name in wrong else "",
            }
            for name in FIELDS
        ]

    def say(self, field: str, sentence: str) -> None:
        """Note what is wrong."""
        self.faults.append((field, sentence))

    def read(self, topics: Mapping[str, Topic], day: date, zone: ZoneInfo) -> PaperTicket | None:
        """The row as a visit, or None with the reasons noted."""
        number = self.typed.get("number", "").upper().lstrip("PAB \u00a0")
        if not (number.isascii() and number.isdigit() and len(number) < 5):
            self.say("number", _("The number of the roll is missing."))
        topic = topics.get(self.typed.get("topic", ""))
        if topic is None:
            self.say("topic", _("Choose the reason of the visit."))
        times = {name: self._time(name) for name in ("arrived", "called", "ended")}
        if times["arrived"] is None and not self._is_wrong("arrived"):
            self.say("arrived", _("When did this person arrive?"))
        outcome = self.typed.get("outcome", "")
        if outcome not in {value for value, _label in self.outcomes()}:
            self.say("outcome", _("How did the visit end?"))
        if self.faults or topic is None or times["arrived"] is None:
            return None
        at = {name: _instant(day, clock, zone) for name, clock in times.items() if clock}
        line = rolls.Line(
            self.index, int(number), at["arrived"], at.get("called"), at.get("ended"), outcome
        )
        return PaperTicket(line, topic)

    def _time(self, name: str) -> time | None:
        typed = self.typed.get(name, "").strip()
        found = rolls.parse_clock(typed) if typed else None
        if typed and found is None:
            self.say(name, _("“%(typed)s” is no time: write 9:12 or 912.") % {"typed": typed[:12]})
        return found

    def _is_wrong(self, name: str) -> bool:
        return any(field == name for field, _sentence in self.faults)


def rows_of(posted: Mapping[str, str] | None, first: int) -> list[PaperRow]:
    """The rows as they were sent, or empty ones with the next numbers of the roll."""
    if posted is None:
        return [PaperRow(index, {"number": str(first + index)}) for index in range(ROWS)]
    return [
        PaperRow(index, {name: posted.get(f"{name}-{index}", "")[:60] for name in FIELDS})
        for index in range(ROWS)
    ]


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return instant_of(day, clock, zone)
