"""What is typed for a person: a message, a call, the end of a conversation."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from parvis.assistant.actions.handing import ENDINGS
from parvis.assistant.actions.messages import MESSAGE, Call, Reach
from parvis.cases.models import CallBack
from parvis.cases.rules.doors import Moment
from parvis.common.forms import ActorForm
from parvis.contacts.models import Outcome
from parvis.organisations.models import Authority, Topic
from parvis.organisations.queries import topic_choices


class ReachForm(forms.Form):
    """Who it is and how they are reached."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Family name"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=24,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    @property
    def reach(self) -> Reach:
        """As far as they said it."""
        names = ("first_name", "last_name", "email", "phone")
        return Reach(**{name: self.cleaned_data[name] for name in names})


class MessageForm(ReachForm):
    """A message to the service that answers for the topic."""

    topic = forms.ModelChoiceField(label=_("What is it about?"), queryset=Topic.objects.none())
    text = forms.CharField(
        label=_("Your message"),
        max_length=MESSAGE,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("The conversation goes with it: you need not repeat what you said."),
    )
    field_order: Sequence[str] = ("topic", "text", "first_name", "last_name", "email", "phone")

    def __init__(self, data: Any = None, *, authority: Authority, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        topic = self.fields["topic"]
        if isinstance(topic, forms.ModelChoiceField):
            topic.queryset = Topic.objects.filter(authority=authority, is_active=True)
            # Validated by the queryset, shown family by family.
            topic.choices = [("", pgettext("topic", "Choose…")), *topic_choices(authority)]


class CallBackForm(MessageForm):
    """The same, and when to call."""

    moment = forms.ChoiceField(label=_("When do you want to be called?"))
    field_order: Sequence[str] = (
        "moment",
        "phone",
        "topic",
        "text",
        "first_name",
        "last_name",
        "email",
    )

    def __init__(self, data: Any = None, *, moments: Sequence[Moment], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["phone"].required = True
        moment = self.fields["moment"]
        if isinstance(moment, forms.ChoiceField):
            moment.choices = [
                (
                    date_format(day, "MONTH_DAY_FORMAT"),
                    [(f"{day.isoformat()} {one.part}", _moment(one)) for one in of_day],
                )
                for day, of_day in groupby(moments, key=lambda one: one.day)
            ]

    @property
    def call(self) -> Call:
        """The day and the part of it that were chosen."""
        day, _blank, part = self.cleaned_data["moment"].partition(" ")
        return Call(date.fromisoformat(day), part)


def _moment(moment: Moment) -> str:
    part = CallBack.Part(moment.part).label
    return f"{date_format(moment.day, 'MONTH_DAY_FORMAT')}, {part}"


class EndForm(ActorForm):
    """How a conversation ended."""

    topic = forms.ModelChoiceField(label=_("Topic"), queryset=Topic.objects.all())
    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[(one.value, one.label) for one in map(Outcome, ENDINGS)],
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class CaseForm(ActorForm, ReachForm):
    """What the request is, and whose."""

    topic = forms.ModelChoiceField(label=_("Topic"), queryset=Topic.objects.all())
    text = forms.CharField(
        label=_("What the person asks"),
        max_length=MESSAGE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The conversation goes with it."),
    )
    field_order: Sequence[str] = ("topic", "text", "first_name", "last_name", "email", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_name"].required = False
