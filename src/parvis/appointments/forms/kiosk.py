"""What somebody types at the kiosk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.appointments.actions.booking import NAME_LENGTH


class CheckInForm(forms.Form):
    """At the kiosk: the code, or one's name and the hour."""

    code = forms.CharField(
        label=_("Code of the appointment"),
        required=False,
        max_length=24,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    hour = forms.CharField(
        label=pgettext_lazy("appointment", "Hour of the appointment"),
        required=False,
        max_length=8,
        help_text=_("For example 14:30."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not given.get("code") and not (given.get("name") and given.get("hour")):
            raise forms.ValidationError(
                _("Type the code of your appointment, or your name and its hour.")
            )
        return given
