"""What is typed about terms, visas and requests."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent
from parvis.common.access import Actor
from parvis.common.forms import ActorModelForm, DayField, Kind
from parvis.contacts.rules import normal_phone
from parvis.privacy import rules
from parvis.privacy.actions.people import CORRECTABLE
from parvis.privacy.models import PersonRequest, RetentionRule
from parvis.privacy.queries import journal


def _words(label: Any, *, longest: int = 200, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, **kwargs)


class RuleForm(ActorModelForm[RetentionRule]):
    """How long, in which phases, by which text."""

    checked_on = DayField(
        label=_("checked on"),
        required=False,
        help_text=_("The day on which you compared it with its text. Without it, nothing goes."),
    )

    source = forms.URLField(
        label=_("Address of the source"), max_length=300, required=False, assume_scheme="https"
    )

    class Meta(Kind):
        model = RetentionRule
        fields = (
            "purpose", "basis", "recipients", "active_months", "intermediate_months", "final",
            "sample_one_in", "needs_visa", "legal_reference", "source", "checked_on",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.subject != "cases.Case":
            for name in ("final", "sample_one_in", "needs_visa"):
                del self.fields[name]

    def clean_checked_on(self) -> Any:
        day = self.cleaned_data["checked_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day is yet to come."))
        return day


class ActForm(forms.Form):
    """One act on a slip or on a request; what is offered may depend on what was asked."""

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind


class VisaForm(ActForm):
    """What stands on the signed slip."""

    by = _words(_("Given by"), longest=120)
    service = _words(_("Archive service"), longest=160)
    on = DayField(label=_("On"))
    reference = _words(_("Reference of the visa"), longest=80)


class ReasonForm(ActForm):
    """Why."""

    reason = _words(_("Reason"), longest=300)


class ReferenceForm(ActForm):
    """A reference given by somebody else."""

    reference = _words(_("Reference of the transfer"), longest=80)


class SearchForm(forms.Form):
    """One field for a name, an e-mail, a telephone number, the reference of a case."""

    q = forms.CharField(
        label=_("Find a person"),
        max_length=120,
        required=False,
        help_text=_("Name, e-mail, telephone, or the reference of a case."),
        widget=forms.TextInput({"autocomplete": "off", "data-parvis-key": "/"}),
    )


class RequestForm(forms.Form):
    """What somebody asks, and since when."""

    kind = forms.ChoiceField(label=_("What is asked"), choices=PersonRequest.Kind)
    received_on = DayField(label=_("Received on"))


class IdentityForm(ActForm):
    """How we know that it is them."""

    how = _words(
        _("How the identity was checked"),
        help_text=_("“Identity card seen at the desk”. Keep no copy of it."),
    )


class AnswerForm(ActForm):
    """What the person is told."""

    words = forms.CharField(
        label=_("What we answer"), max_length=1000, widget=forms.Textarea({"rows": 3})
    )


class RefusalForm(AnswerForm):
    """On which ground of the law."""

    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    field_order = ("ground", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [PersonRequest.Ground(code) for code in rules.GROUNDS.get(self.kind, ())]
        self.fields["ground"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]


class DayForm(ActForm):
    """The day on which the request came, put right."""

    received_on = DayField(label=_("Received on"))


class CorrectForm(ActForm):
    """Who somebody is, as they say it."""

    first_name = _words(_("First name"), longest=80, required=False)
    last_name = _words(_("Name"), longest=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = _words(_("Telephone"), longest=24, required=False)
    address = _words(_("Postal address"), longest=240, required=False)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed.strip() and not normal_phone(typed):
            raise forms.ValidationError(_("This is not a telephone number."))
        return typed

    def changes(self) -> dict[str, str]:
        """Each column as it was typed."""
        return {name: self.cleaned_data[name] for name in CORRECTABLE}


class JournalForm(forms.Form):
    """What to show of the journal; what makes no sense is left out."""

    du = DayField(label=_("From"), required=False)
    au = DayField(label=pgettext_lazy("journal", "Until"), required=False)
    qui = forms.ModelChoiceField(
        Agent.objects.none(),
        label=_("Who"),
        required=False,
        empty_label=pgettext_lazy("filter", "all"),
    )
    objet = forms.ChoiceField(label=_("About"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who, about = self.fields["qui"], self.fields["objet"]
        if isinstance(who, forms.ModelChoiceField):
            who.queryset = Agent.objects.visible_to(actor).select_related("entry")
            who.label_from_instance = lambda agent: agent.display_name  # type: ignore[method-assign,assignment]
        if isinstance(about, forms.ChoiceField):
            about.choices = [("", pgettext_lazy("filter", "all")), *journal.kinds(actor)]

    def asked(self) -> journal.Asked:
        """The filters that were asked for."""
        if not self.is_bound:
            return journal.Asked()
        self.full_clean()
        given = self.cleaned_data
        agent = given.get("qui")
        return journal.Asked(
            given.get("du"), given.get("au"), agent.pk if agent else None, given.get("objet") or ""
        )


class HoldForm(forms.Form):
    """A case that nothing may eliminate for now."""

    case = _words(_("Reference of the case"), longest=20)
    reason = _words(_("Reason"))
