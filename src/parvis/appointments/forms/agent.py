"""What colleagues type: a booking for somebody, blocked time, an agenda with its hours."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent
from parvis.appointments import rules
from parvis.appointments.forms.public import GuestForm
from parvis.appointments.models import Agenda, AgendaTopic, Rota, SpecialDay
from parvis.common.access import Actor
from parvis.common.clock import instant_of
from parvis.common.forms import ActorModelForm, DayField, Kind
from parvis.contacts.models import Outcome

CLOCK = {"type": "time", "step": 300}


def _clock(**kwargs: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(CLOCK, format="%H:%M"), **kwargs)


class VisitorForm(GuestForm):
    """Somebody in front of the colleague, or on the telephone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = ""
        self.fields["email"].help_text = ""
        self.fields["phone"].help_text = _("Without e-mail or telephone, print the slip.")
        self.fields["wants_earlier"].label = _("Tell them if an earlier time becomes free")
        self.fields["wants_earlier"].help_text = ""


class BlockForm(forms.Form):
    """Time taken out of an agenda."""

    day = DayField(label=_("Day"))
    start = _clock(label=pgettext_lazy("hour", "From"))
    end = _clock(label=pgettext_lazy("hour", "To"))
    last_day = DayField(label=_("Until, if it lasts several days"), required=False)
    seats = forms.IntegerField(
        label=_("Places taken out"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("Empty: all of them."),
    )
    reason = forms.CharField(label=_("Reason, for colleagues"), max_length=120, required=False)

    def interval(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when to when, on the clocks of the place."""
        given = self.cleaned_data
        last = given["last_day"] or given["day"]
        return instant_of(given["day"], given["start"], zone), instant_of(last, given["end"], zone)


class EndForm(forms.Form):
    """How an appointment ended."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=Outcome.choices)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class FeedForm(forms.Form):
    """What a calendar program may read."""

    with_names = forms.BooleanField(
        label=_("With the names of visitors"),
        required=False,
        help_text=_("Without: only the time, the code and the topic."),
    )


class AgendaForm(ActorModelForm[Agenda]):
    """Whose time it is, and how it is published."""

    class Meta(Kind):
        model = Agenda
        fields = (
            "name", "name_en", "site", "service", "agent", "is_public", "is_in_hall",
            "horizon_days", "notice_minutes", "buffer_minutes", "live_limit", "offer_hours",
            "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        colleagues = Agent.objects.visible_to(actor).at_work().select_related("entry")
        self.fields["agent"].queryset = colleagues  # type: ignore[attr-defined]


class TopicLine(ActorModelForm[AgendaTopic]):
    """A topic received in the agenda, and how long it takes."""

    class Meta(Kind):
        model = AgendaTopic
        fields = ("topic", "minutes")


def _on_grid(value: time | None) -> None:
    if value is not None and (value.minute % rules.TICK_MINUTES or value.second):
        raise forms.ValidationError(_("Choose times in steps of five minutes."))


class Hours(ActorModelForm[Any]):
    """From, to, and how many at once."""

    opens = _clock(label=pgettext_lazy("hour", "From"), validators=[_on_grid])
    closes = _clock(label=pgettext_lazy("hour", "To"), validators=[_on_grid])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        opens, closes = given.get("opens"), given.get("closes")
        if (opens is None) != (closes is None) and not self.errors:
            self.add_error("closes", _("Give both hours, or none."))
        if opens and closes and closes <= opens:
            self.add_error("closes", _("The end comes after the beginning."))
        return given


class RotaLine(Hours):
    """Weekly hours."""

    weekday = forms.TypedChoiceField(
        label=_("Day"), choices=list(WEEKDAYS.items()), coerce=int, empty_value=None
    )
    valid_from = DayField(label=_("Valid from"))
    valid_until = DayField(label=pgettext_lazy("date", "Until"), required=False)

    class Meta(Kind):
        model = Rota
        fields = ("weekday", "opens", "closes", "seats", "valid_from", "valid_until")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The end comes after the beginning."))
        return given


class SpecialLine(Hours):
    """Other hours on one date; none at all means that nobody is received."""

    date = DayField(label=_("Date"))
    opens = _clock(label=pgettext_lazy("hour", "From"), required=False, validators=[_on_grid])
    closes = _clock(label=pgettext_lazy("hour", "To"), required=False, validators=[_on_grid])

    class Meta(Kind):
        model = SpecialDay
        fields = ("date", "opens", "closes", "seats")


def _lines(form: type[ActorModelForm[Any]], model: Any, extra: int) -> Any:
    return forms.inlineformset_factory(
        Agenda, model, form=form, extra=extra, can_delete=True, max_num=60
    )


TopicLines = _lines(TopicLine, AgendaTopic, 2)
RotaLines = _lines(RotaLine, Rota, 2)
SpecialLines = _lines(SpecialLine, SpecialDay, 1)
