"""What people and agents write about a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts import queries as accounts
from parvis.accounts.models import Agent
from parvis.cases import queries, rules
from parvis.cases.actions import Note, Wanted
from parvis.cases.actions.story import LONGEST
from parvis.cases.actions.talking import REFUSES
from parvis.cases.models import Case
from parvis.common.forms import DayField
from parvis.contacts.models import Channel, Contact
from parvis.organisations.models import Service, Topic


def _words(label: Any, *, rows: int = 4, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **kwargs)


def _lines(label: Any, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=2000, required=False, widget=widget, **kwargs)


class MessageForm(forms.Form):
    """The person writes on the tracking page."""

    text = _words(_("Your message"))


class SearchForm(forms.Form):
    """One field for a reference, a name, a telephone number."""

    q = forms.CharField(
        label=_("Find a case"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"data-parvis-key": "/", "autocomplete": "off"}),
    )


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A colleague of the owning service, by first name and name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)


class ReasonForm(forms.Form):
    """Why somebody of another service opens the case."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("reading", "What for"),
        choices=queries.reasons_to_choose,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=200,
        required=False,
        help_text=_("Needed for another reason. The person reads it: name nobody else."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reason, words = given.get("reason", ""), given.get("words", "")
        if reason and not rules.is_reason(reason, words):
            self.add_error("words", _("Say in a few words why you open it."))
        return given


class DangerForm(forms.Form):
    """Why a sealed case is opened although nobody else may."""

    words = _words(_("Who is in danger, of what"), rows=3)

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"])
        if not rules.is_reason(rules.SAFETY, words, chosen=(rules.SAFETY,)):
            raise forms.ValidationError(
                _("Say who is in danger of what, in twenty signs at least.")
            )
        return words


PERSON = ("first_name", "last_name", "phone", "email", "address")


class OpenForm(forms.Form):
    """A case opened after an exchange, and prefilled from it."""

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
    posted_on = DayField(
        label=_("Posted on"),
        required=False,
        help_text=_("For a letter: the date of the postmark."),
    )
    received_on = DayField(
        label=_("Received on"),
        required=False,
        help_text=_("When it was not today: the time after which silence counts begins there."),
    )
    first_received_on = DayField(
        label=_("Received by another authority on"),
        required=False,
        help_text=_("When they sent it on to us: a refusal counts from their date."),
    )

    def __init__(self, *args: Any, agent: Agent, contact: Contact | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = self.fields["topic"]
        if isinstance(topic, forms.ModelChoiceField):
            own = Topic.objects.visible_to(agent).filter(is_active=True)
            topic.queryset = own.select_related("service", "authority").order_by("name")
        if contact is not None:
            del self.fields["channel"]
            for name in PERSON if contact.person_id else ():
                del self.fields[name]

    def person_details(self) -> dict[str, str]:
        """What was typed about the person; empty when nothing was."""
        given = {name: self.cleaned_data.get(name, "").strip() for name in PERSON}
        return given if any(given.values()) else {}


class ActForm(forms.Form):
    """One act of the composer; knows the case for its choices."""

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, auto_id="act_%s")
        self.case = case
        for name, field in self.fields.items():
            if isinstance(field, Colleague):
                field.queryset = accounts.agents_of(case.service)
            elif name == "service" and isinstance(field, forms.ModelChoiceField):
                services = Service.objects.filter(authority_id=case.authority_id, is_active=True)
                field.queryset = services.exclude(pk=case.service_id)


class WriteForm(ActForm):
    """A message to the person."""

    text = _words(_("Message to the person"))
    awaited = forms.CharField(
        label=_("What you need from them"),
        max_length=200,
        required=False,
        help_text=_("“the plan of the façades”: the case then waits for the person."),
    )


class NoteForm(ActForm):
    """A note, shared with the person or internal with a reason."""

    text = _words(pgettext_lazy("case", "Note"))
    reason = forms.CharField(
        label=_("Why the person does not read it"),
        max_length=200,
        required=False,
        help_text=_("Without a reason, the note is part of what the person reads."),
    )


class AskForm(ActForm):
    """What is missing, and until when."""

    needed = _lines(
        _("Indispensable: without it nobody can decide"),
        help_text=_("One thing on each line. It may stop the time after which silence counts."),
    )
    useful = _lines(
        _("Useful: we go on without it"),
        help_text=_("One thing on each line. It never stops anything."),
    )
    until = DayField(
        label=_("The last day to send it"),
        required=False,
        help_text=_("Needed for what is indispensable."),
    )
    text = _words(_("A word to the person"), rows=3, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wanted = [(line, True) for line in given.pop("needed", "").splitlines()]
        wanted += [(line, False) for line in given.pop("useful", "").splitlines()]
        given["wanted"] = [Wanted(line, needed) for line, needed in wanted if line.strip()]
        return given


class HelpForm(ActForm):
    """Digital help, done together."""

    text = _words(
        _("What you did together"),
        rows=3,
        help_text=_("“Filled in the form on the tax site; she typed her password herself.”"),
    )


class NextStepForm(ActForm):
    """What comes next from us."""

    text = forms.CharField(label=_("What comes next from us"), max_length=200)
    due_on = DayField(
        label=pgettext_lazy("date", "By"),
        required=False,
    )


class NoteParts(forms.Form):
    """What whoever takes a case over must know."""

    why = _words(_("Why: the person reads it"), rows=2)
    promised = forms.CharField(
        label=_("What was promised"),
        max_length=LONGEST,
        help_text=_("To the person, by anybody of us; “nothing” when nothing was."),
    )
    next_step = forms.CharField(label=_("The next step"), max_length=200)
    by_when = DayField(label=pgettext_lazy("date", "By"))


def note_of(given: dict[str, Any]) -> Note:
    """The parts of the note, taken out of what was typed."""
    return Note(*(given.pop(name) for name in ("why", "promised", "next_step", "by_when")))


def _because() -> forms.CharField:
    return forms.CharField(
        label=_("Why this colleague all the same"),
        max_length=200,
        required=False,
        help_text=_("Only for somebody without a validated skill, or with enough cases already."),
    )


class HandOverForm(NoteParts, ActForm):
    """To a colleague of the service, who accepts or gives back."""

    referent = Colleague(Agent.objects.none(), label=_("To"))
    deputy = Colleague(
        Agent.objects.none(), label=_("Deputy"), required=False, empty_label=_("as proposed")
    )
    because = _because()
    field_order = ("referent", "why", "promised", "next_step", "by_when", "deputy", "because")


class AssignForm(ActForm):
    """A referent for a case without one."""

    referent = Colleague(Agent.objects.none(), label=_("Referent"))
    deputy = Colleague(
        Agent.objects.none(), label=_("Deputy"), required=False, empty_label=_("as proposed")
    )
    because = _because()


class DeputyForm(ActForm):
    """Who stands in for this very case."""

    deputy = Colleague(
        Agent.objects.none(),
        label=_("Stands in for this case"),
        help_text=_("Comes before whoever stands in for all the cases of an absent colleague."),
    )


class TransferForm(NoteParts, ActForm):
    """To another service."""

    service = forms.ModelChoiceField(Service.objects.none(), label=_("To the service"))
    field_order = ("service", "why", "promised", "next_step", "by_when")


class ForwardForm(ActForm):
    """To another authority."""

    authority_name = forms.CharField(label=_("To the authority"), max_length=120)
    reason = _words(_("Why, for the person"), rows=3)


class CloseForm(ActForm):
    """The answer."""

    outcome = forms.ChoiceField(
        label=_("This answer"),
        choices=(
            ("answers", _("accepts, informs or settles")),
            ("refuses", _("refuses, in whole or in part")),
        ),
        initial="answers",
        required=False,
        widget=forms.RadioSelect,
    )
    text = _words(_("The answer that the person reads"), rows=6)

    def clean_outcome(self) -> str:
        if self.cleaned_data["outcome"] == "refuses":
            # Unfavourable decisions give their law and their facts (L211-2, L211-5).
            raise forms.ValidationError(REFUSES)
        return "answers"


class ReopenForm(ActForm):
    """Taken up again."""

    text = _words(_("What is not settled"), rows=3)


class ExchangeForm(ActForm):
    """The person called or came about the case."""

    channel = forms.ChoiceField(
        label=_("How"),
        choices=[(value, label) for value, label in Channel.choices if value != Channel.ASSISTANT],
    )
    chasing = forms.BooleanField(label=_("They asked how far it has got"), required=False)
    note = forms.CharField(label=pgettext_lazy("case", "Note"), max_length=300, required=False)
