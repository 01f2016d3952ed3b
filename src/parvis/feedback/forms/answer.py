"""The one question after a visit: visitors read it in their languages (``scripts/messages.py``)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.emails import is_email
from parvis.contacts.rules import normal_email

YES, NO = "yes", "no"
SCALE = [
    ("5", _("5, very satisfied")),
    ("4", _("4, satisfied")),
    ("3", _("3, in between")),
    ("2", _("2, not satisfied")),
    ("1", _("1, not satisfied at all")),
]


class AnswerForm(forms.Form):
    """Was it solved? With the satisfaction, and what is missing when it was not."""

    solved = forms.ChoiceField(
        label=_("Was your request solved?"),
        choices=[
            (YES, pgettext_lazy("solved", "Yes, it is solved")),
            (NO, pgettext_lazy("solved", "No, not yet")),
        ],
        widget=forms.RadioSelect,
    )
    satisfaction = forms.TypedChoiceField(
        label=_("How were you received and served?"),
        choices=SCALE,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is missing, or what would you like to tell us?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    reach = forms.CharField(
        label=_("Telephone or e-mail, if we may reach you"),
        max_length=254,
        required=False,
        help_text=_("Only so that somebody can answer you about this request."),
    )

    def __init__(self, *args: Any, ask_reach: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_reach:
            del self.fields["reach"]

    def clean_reach(self) -> str:
        given = str(self.cleaned_data["reach"]).strip()
        if "@" in given and not is_email(normal_email(given)):
            raise forms.ValidationError(_("This is not an e-mail address."))
        return given

    @property
    def is_solved(self) -> bool:
        """Whether the person ticked yes."""
        return bool(self.cleaned_data["solved"] == YES)

    @property
    def way_to_reach(self) -> dict[str, str]:
        """The telephone or e-mail under its own name, as the book of people keeps it."""
        given = self.cleaned_data.get("reach", "").strip()
        if not given:
            return {}
        return {"email": given} if "@" in given else {"phone": given}
