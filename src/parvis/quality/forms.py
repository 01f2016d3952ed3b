"""What a reader asks for, and the goals of a house."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.forms import DayField
from parvis.contacts.models import Channel
from parvis.organisations.models import Authority, Service, Site, Topic
from parvis.quality.queries.words import definition
from parvis.quality.rules.goals import DIRECTIONS
from parvis.quality.rules.periods import LONGEST


def _day(label: Any) -> DayField:
    # Whatever the language, a date field of the browser sends year, month and day.
    return DayField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
    )


class SiteForm(forms.Form):
    """The day and the hall of the manager's page."""

    day = _day(_("Day"))
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("All sites")
    )

    def __init__(self, authority: Authority, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        _choices(self, "site").queryset = Site.objects.filter(authority=authority, is_active=True)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and day >= self.today:
            raise forms.ValidationError(_("Choose a day that is over."))
        return day


class PerimeterForm(forms.Form):
    """The days and the perimeter of a question."""

    first = _day(pgettext_lazy("period", "From"))
    last = _day(pgettext_lazy("period", "To"))
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("All sites")
    )
    service = forms.ModelChoiceField(
        label=_("Service"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("All services"),
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.none(), required=False, empty_label=_("All topics")
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[("", _("All channels")), *Channel.choices],
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, model in (("site", Site), ("service", Service), ("topic", Topic)):
            _choices(self, name).queryset = model.objects.filter(authority=authority)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The period ends before it begins."))
        elif first and last and last - first >= LONGEST:
            self.add_error("first", _("Choose a year at most."))
        return data


def _choices(form: forms.Form, name: str) -> Any:
    return form.fields[name]


class GoalsForm(forms.Form):
    """The goals in percent; an empty field means that there is none."""

    def __init__(self, goals: dict[str, float], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, direction in DIRECTIONS.items():
            known = goals.get(code)
            self.fields[code] = forms.DecimalField(
                label=definition(code).name,
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=1,
                initial=None if known is None else _tidy(known),
                help_text=_("At least, in percent.")
                if direction.at_least
                else _("At most, in percent."),
            )

    def goals(self) -> dict[str, float | None]:
        """What was decided, as shares."""
        return {
            code: None if value is None else float(value / 100)
            for code, value in self.cleaned_data.items()
        }


def _tidy(share: float) -> str:
    return f"{Decimal(str(round(share * 100, 1))).normalize():f}"
