"""The one question after a visit, and thank you."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.contacts.models import Channel
from parvis.feedback.models import Complaint, Incident

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


class ThanksForm(forms.Form):
    """Thank you, with or without words."""

    words = forms.CharField(
        label=_("Your words"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    may_be_shown = forms.BooleanField(
        label=_("The whole team may read my words"),
        required=False,
        help_text=_("Otherwise only those who worked on your request read them."),
    )


class ComplaintForm(forms.Form):
    """What went wrong, in the words of the person."""

    words = forms.CharField(
        label=_("What happened?"), max_length=5000, widget=forms.Textarea({"rows": 6})
    )
    wanted = forms.CharField(
        label=_("What would put it right?"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )


class RecordForm(ComplaintForm):
    """A complaint that somebody tells or writes to a colleague."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)


class ComplaintAnswerForm(forms.Form):
    """The reasoned answer."""

    verdict = forms.ChoiceField(
        label=_("Is it justified?"), choices=Complaint.Verdict.choices, widget=forms.RadioSelect
    )
    answer = forms.CharField(
        label=_("Your answer, with its reasons"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("The person reads it on their page, with your name."),
    )


class IncidentForm(forms.Form):
    """Thirty seconds: what it was, how serious, and nothing else that must be written."""

    kind = forms.ChoiceField(
        label=_("What was it?"), choices=Incident.Kind.choices, widget=forms.RadioSelect
    )
    severity = forms.TypedChoiceField(
        label=_("How serious?"),
        coerce=int,
        choices=[
            ("1", _("1, unpleasant")),
            ("2", _("2, serious: I want to talk about it")),
            ("3", _("3, very serious: I need help today")),
            ("4", _("4, somebody is hurt or in danger")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("What happened?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class SettleForm(forms.Form):
    """What was done after an incident."""

    done = forms.CharField(
        label=_("What was done, for the colleague and for what comes"),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
    )
