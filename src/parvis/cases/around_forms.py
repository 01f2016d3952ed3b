"""Forms around a case: the log of readings, what belongs together, who takes part."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts import queries as accounts
from parvis.accounts.models import Agent
from parvis.cases import actions, queries
from parvis.cases.models import Case, CaseLink, CaseParty, CaseRead, Mandate
from parvis.cases.queries import LogFilters
from parvis.common import codes
from parvis.common.forms import DayField
from parvis.organisations.models import Service

MERGE = "merge"
HOW = [
    (MERGE, _("It is the same request: put it into this one")),
    (CaseLink.Kind.RELATED, _("It is about the same matter")),
    (CaseLink.Kind.FOLLOWS, _("It came before this one")),
    (CaseLink.Kind.HOUSEHOLD, _("It is of the same household")),
]


class Reader(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A colleague, by first name and name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)


class AccessForm(forms.Form):
    """Days, reader, service, reason, code."""

    first = DayField(
        label=pgettext_lazy("period", "From"), required=False,
    )  # fmt: skip
    last = DayField(
        label=pgettext_lazy("period", "To"), required=False,
    )  # fmt: skip
    reader = Reader(
        Agent.objects.none(), label=_("Reader"), required=False, empty_label=_("everybody")
    )
    service = forms.ModelChoiceField(
        Service.objects.none(), label=_("Cases of the service"), required=False,
        empty_label=_("all services"),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=pgettext_lazy("reading", "Reason"),
        choices=[("", _("any reason")), *CaseRead.Reason.choices],
        required=False,
    )
    reference = forms.CharField(label=_("Code of the case"), max_length=20, required=False)
    everybody = forms.BooleanField(
        label=_("Also readings within the service itself"), required=False
    )

    def __init__(self, data: Any, *, agent: Agent) -> None:
        super().__init__(data, auto_id="log_%s")
        services = Service.objects.visible_to(agent).order_by("name")
        if not agent.may("journal.read"):
            services = services.exclude(is_sensitive=True)
        for name, rows in (
            ("reader", accounts.colleagues_of(agent.authority)),
            ("service", services),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows

    def filters(self) -> LogFilters:
        """What was asked for; a part that cannot be understood narrows nothing."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        reader, service = given.get("reader"), given.get("service")
        return LogFilters(
            first=given.get("first"),
            last=given.get("last"),
            reader_id=reader.pk if reader else None,
            service_id=service.pk if service else None,
            reason=given.get("reason", ""),
            reference=given.get("reference", ""),
            everybody=bool(given.get("everybody")),
        )


class JoinForm(forms.Form):
    """Another case, and how it belongs to this one."""

    reference = forms.CharField(label=_("Code of the other case"), max_length=20)
    how = forms.ChoiceField(
        label=_("How they belong together"), choices=HOW, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why, for the person"),
        max_length=200,
        required=False,
        help_text=_("Needed to put them together."),
    )

    def __init__(self, data: Any = None, *, agent: Agent, case: Case, **kwargs: Any) -> None:
        super().__init__(data, auto_id="join_%s", **kwargs)
        self.agent, self.case = agent, case

    def clean_reference(self) -> Case:
        plain = codes.parse_reference(self.cleaned_data["reference"])
        found = queries.whole(self.agent).filter(reference=plain).first() if plain else None
        other = queries.where_it_goes_on(found) if found else None
        if other is None:
            raise forms.ValidationError(_("No case under this code that you may read."))
        return other

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("how") == MERGE and not given.get("reason", "").strip():
            self.add_error("reason", _("Say why they are one and the same: the person reads it."))
        return given


class SomebodyForm(forms.Form):
    """Who it is, as they said it."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=24, required=False)
    address = forms.CharField(label=_("Postal address"), max_length=240, required=False)

    def person(self) -> dict[str, str]:
        """What was said about them."""
        names = ("first_name", "last_name", "email", "phone", "address")
        return {name: self.cleaned_data[name].strip() for name in names}


class PartyForm(SomebodyForm):
    """Somebody else whom the case is about."""

    part = forms.ChoiceField(
        label=_("Their part"), choices=CaseParty.Part.choices, widget=forms.RadioSelect
    )


class MandateForm(SomebodyForm):
    """Who acts for the person, how far, and what was shown."""

    kind = forms.ChoiceField(label=_("They act as"), choices=Mandate.Kind.choices)
    organisation = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    may_write = forms.BooleanField(
        label=_("They may write and answer for the person"),
        required=False,
        help_text=_("Without it they read how far the request has got, and no more."),
    )
    mail_to = forms.ChoiceField(
        label=_("Letters and messages go to"), choices=Mandate.MailTo.choices
    )
    first_day = DayField(label=pgettext_lazy("date", "From"))
    last_day = DayField(
        label=pgettext_lazy("mandate", "Until"), required=False,
        help_text=_("Empty: until somebody ends it."),
    )  # fmt: skip
    proof = forms.ChoiceField(label=_("Which proof you saw"), choices=Mandate.Proof.choices)
    proof_words = forms.CharField(
        label=_("What you saw"),
        max_length=200,
        required=False,
        help_text=_("“Form signed on 3 March, with a copy of her card”; the copy is not kept."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_day"), given.get("last_day")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last_day", _("A mandate ends after it begins."))
        return given

    def terms(self) -> actions.Terms:
        """What the mandate says."""
        names = ("kind", "proof", "first_day", "last_day", "organisation", "proof_words",
                 "may_write", "mail_to")  # fmt: skip
        return actions.Terms(**{name: self.cleaned_data[name] for name in names})


class WhyForm(forms.Form):
    """One line that says why something is undone."""

    reason = forms.CharField(label=_("Why"), max_length=200)
