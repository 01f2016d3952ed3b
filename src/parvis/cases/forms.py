"""What people and agents write about a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent
from parvis.cases.actions.story import LONGEST
from parvis.contacts.models import Channel, Contact
from parvis.organisations.models import Topic

DATE = {"type": "date"}


def _words(label: Any, *, rows: int = 4, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **kwargs)


class MessageForm(forms.Form):
    """The person writes on the tracking page."""

    text = _words(_("Your message"))


class Who(forms.ModelChoiceField):
    """A colleague, by first name and name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)


class OpenForm(forms.Form):
    """A case opened after an exchange: prefilled from it."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"))
    title = forms.CharField(
        label=_("In a few words"),
        max_length=160,
        required=False,
        help_text=_("What the person will recognise: “six windows, 14 rue Haute”."),
    )
    description = _words(_("What the person asks, in their words"), rows=5)
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Name"), max_length=80, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=24, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = forms.CharField(label=_("Postal address"), max_length=240, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    posted_on = forms.DateField(
        label=_("Posted on"),
        required=False,
        widget=forms.DateInput(DATE),
        help_text=_("For a letter: the date of the postmark."),
    )

    def __init__(self, *args: Any, agent: Agent, contact: Contact | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = Topic.objects.visible_to(agent).filter(is_active=True)
        topic_field = self.fields["topic"]
        assert isinstance(topic_field, forms.ModelChoiceField)  # noqa: S101
        topic_field.queryset = topics.order_by("name")
        if contact is not None:
            del self.fields["channel"]
            if contact.person_id:
                for name in ("first_name", "last_name", "phone", "email", "address"):
                    del self.fields[name]
