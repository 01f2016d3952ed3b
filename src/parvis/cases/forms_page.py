"""What the person types on the page of their case."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from parvis.cases.models import CallBack
from parvis.cases.rules.doors import Moment
from parvis.common.forms import DayField


class NameForm(forms.Form):
    """The short code of the slip, and how one is called."""

    reference = forms.CharField(
        label=_("Short code of the request"),
        max_length=24,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Eight signs, as 7KDM-4PWX: on the slip, and in every message."),
    )
    name = forms.CharField(
        label=_("Your family name"),
        max_length=160,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )


class CodeForm(forms.Form):
    """The six digits of the mail."""

    code = forms.CharField(
        label=_("The six digits of the message"),
        max_length=16,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    remember = forms.BooleanField(
        label=_("Remember this device for thirty days"),
        required=False,
        help_text=_("Not on a computer that others use too."),
    )


class DetailsForm(forms.Form):
    """Where the person is reached."""

    phone = forms.CharField(
        label=_("Telephone"),
        max_length=24,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=_("Postal address"),
        max_length=240,
        required=False,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )


class CallForm(forms.Form):
    """When to call, and where."""

    moment = forms.ChoiceField(label=_("When do you want to be called?"))
    phone = forms.CharField(
        label=_("Number to call"),
        max_length=24,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    words = forms.CharField(
        label=_("What about?"),
        max_length=200,
        required=False,
        help_text=_("A few words are enough."),
    )

    def __init__(
        self, data: Any = None, *, moments: Sequence[Moment], ending: str = "", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        moment = self.fields["moment"]
        if isinstance(moment, forms.ChoiceField):
            moment.choices = [
                (
                    date_format(day, "MONTH_DAY_FORMAT"),
                    [(f"{day.isoformat()} {one.part}", _words(one)) for one in of_day],
                )
                for day, of_day in groupby(moments, key=lambda one: one.day)
            ]
        if ending:
            self.fields["phone"].required = False
            self.fields["phone"].help_text = _(
                "Leave it empty for the number that we hold, ending in %(ending)s."
            ) % {"ending": ending}

    @property
    def wanted(self) -> dict[str, Any]:
        """The day and the part of it that were chosen."""
        day, _blank, part = self.cleaned_data["moment"].partition(" ")
        return {"day": date.fromisoformat(day), "part": part}


def _words(moment: Moment) -> str:
    part = CallBack.Part(moment.part).label
    return f"{date_format(moment.day, 'MONTH_DAY_FORMAT')}, {part}"


class IdentityForm(forms.Form):
    """What somebody says at the desk or on the telephone, and what was seen."""

    reference = forms.CharField(
        label=_("Short code of the request"),
        max_length=24,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    name = forms.CharField(label=_("Name, as they say it"), max_length=160)
    detail = forms.CharField(
        label=_("Their telephone, e-mail or postal address, as they say it"),
        max_length=240,
        required=False,
        help_text=_("Let them say it: never read out what we hold."),
    )
    identity = forms.BooleanField(label=_("I saw an identity document"), required=False)
    called_back = forms.BooleanField(
        label=_("I called them at the number that the case holds"), required=False
    )


class RefuseForm(forms.Form):
    """Why a document does not do."""

    reason = forms.CharField(
        label=_("Why it does not do"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The person reads it: say what would do."),
    )
    until = DayField(
        label=_("New last day"),
        required=False,
    )
