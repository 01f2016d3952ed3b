"""What the public types: who comes, and how to reach them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.appointments.actions.booking import NAME_LENGTH, NOTE_LENGTH
from parvis.common.forms import DayField
from parvis.contacts.rules import normal_phone


class GuestForm(forms.Form):
    """A name is enough; an e-mail or a telephone brings the confirmation and a reminder."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        help_text=_("You are called by it, or by the code."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("For the confirmation, changes and a reminder; for nothing else."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=24,
        help_text=_("Without e-mail or telephone, print or write down the code on the next page."),
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    note = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("A few words for whoever receives you. No health or bank details."),
    )
    wants_earlier = forms.BooleanField(
        label=_("Tell me if an earlier time becomes free"),
        required=False,
        help_text=_("You keep this appointment until you accept another one."),
    )

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed.strip() and not normal_phone(typed):
            raise forms.ValidationError(_("This is not a telephone number."))
        return typed

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        reachable = given.get("email") or given.get("phone")
        if given.get("wants_earlier") and not reachable and not self.errors:
            self.add_error(
                "wants_earlier", _("Give an e-mail address or a telephone number to be told.")
            )
        return given


class EarlierForm(forms.Form):
    """On the list of those told of an earlier time, or off it."""

    earlier_from = DayField(
        label=_("Not before"),
        required=False,
        error_messages={"invalid": _("This is not a date.")},
    )

    def __init__(self, *args: Any, first: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.last = first, last
        self.fields["earlier_from"].widget.attrs.update(min=str(first), max=str(last))

    def clean_earlier_from(self) -> date | None:
        chosen: date | None = self.cleaned_data["earlier_from"]
        if chosen is not None and not self.first <= chosen <= self.last:
            raise forms.ValidationError(
                _("Choose a day from today on, and no later than your appointment.")
            )
        return chosen


class ReasonForm(forms.Form):
    """Why the authority calls an appointment off: the person reads it."""

    reason = forms.CharField(label=_("Reason, as the person reads it"), max_length=200)
