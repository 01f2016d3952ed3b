"""What a mail room types: as little as can be, from the keyboard."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.common import codes
from parvis.common.forms import ActorForm, DayField
from parvis.letters.models import OutgoingPost
from parvis.letters.queries import Wanted
from parvis.organisations.models import Service, Topic

SCAN = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.tif,.tiff"})


def case_named(agent: Agent, typed: str) -> Case | None:
    """The case with this reference that the agent may act on; None when nothing was typed."""
    if not typed.strip():
        return None
    plain = codes.parse_reference(typed)
    found = Case.objects.visible_to(agent).filter(reference=plain or "").first()
    if found is None:
        raise ValidationError(gettext("No case has this number, or you may not read it."))
    return found


class RegisterForm(ActorForm):
    """One incoming letter: from whom, about what, when."""

    sender = forms.CharField(
        label=pgettext_lazy("post", "From"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    subject = forms.CharField(
        label=_("What it is about"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.select_related("service")
    )
    received_on = DayField(label=_("Received on"))
    posted_on = DayField(label=_("Posted on (postmark)"), required=False)
    reference = forms.CharField(
        label=_("Number of the case"),
        max_length=24,
        required=False,
        help_text=_("When the letter is about a case that exists."),
    )
    opens = forms.BooleanField(label=_("Open a case with it"), required=False)
    address = forms.CharField(label=_("Their address"), max_length=240, required=False)
    registered_number = forms.CharField(
        label=_("Number of the registered letter"), max_length=40, required=False
    )
    scan = forms.FileField(
        label=_("Scan"),
        required=False,
        widget=SCAN,
        help_text=_("PDF, JPEG, PNG or TIFF, 10 MB at most."),
    )

    def __init__(self, *args: Any, actor: Agent, today: date, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.agent = actor
        self.fields["received_on"].initial = today

    def clean_reference(self) -> Case | None:
        return case_named(self.agent, self.cleaned_data["reference"])


class AttachForm(forms.Form):
    """The case that a letter belongs to."""

    reference = forms.CharField(label=_("Number of the case"), max_length=24)

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent

    def clean_reference(self) -> Case | None:
        return case_named(self.agent, self.cleaned_data["reference"])


class ScanForm(forms.Form):
    """The scan of a letter that was registered before."""

    scan = forms.FileField(
        label=_("Scan"), widget=SCAN, help_text=_("PDF, JPEG, PNG or TIFF, 10 MB at most.")
    )


class OutgoingForm(ActorForm):
    """A letter that was not written here, and left all the same."""

    recipient = forms.CharField(label=pgettext_lazy("post", "To"), max_length=120)
    subject = forms.CharField(label=_("Subject"), max_length=160)
    service = forms.ModelChoiceField(label=_("Service"), queryset=Service.objects.all())
    posted_on = DayField(label=_("Posted or handed over on"))
    way = forms.ChoiceField(label=_("How"), choices=OutgoingPost.Way.choices)
    registered_number = forms.CharField(
        label=_("Number of the registered letter"), max_length=40, required=False
    )
    address = forms.CharField(label=_("Postal address"), max_length=300, required=False)


class LookForm(forms.Form):
    """What of a register is to be seen."""

    q = forms.CharField(
        label=_("Name, subject or number"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"data-parvis-key": "/", "autocomplete": "off"}),
    )
    first = DayField(label=pgettext_lazy("date", "From"), required=False)
    last = DayField(label=pgettext_lazy("date", "Until"), required=False)
    unattached = forms.BooleanField(label=_("Without a case"), required=False)

    def wanted(self) -> Wanted:
        """What was asked for, as far as it is readable."""
        given = self.cleaned_data if self.is_valid() else {}
        return Wanted(
            text=given.get("q") or "",
            first=given.get("first"),
            last=given.get("last"),
            unattached=bool(given.get("unattached")),
        )
