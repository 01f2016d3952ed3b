"""What people and colleagues tell about a visit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.contacts.models import Channel
from parvis.feedback.models import Complaint, Incident


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
