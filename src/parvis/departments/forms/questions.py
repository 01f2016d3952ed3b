"""What is typed for a question, its answer, and the promises of time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent
from parvis.common.forms import ActorForm
from parvis.departments.models import AnswerTime, Question
from parvis.departments.queries import colleagues_who_answer, is_out
from parvis.departments.rules.questions import Promise
from parvis.knowledge.models import Sheet
from parvis.knowledge.queries import sheets_by_ref
from parvis.organisations.models import Service, Topic

MOST_SHEETS = 10


class SheetsField(forms.CharField):
    """References of sheets, between commas or blanks."""

    def refs(self, value: str) -> list[str]:
        return value.replace(",", " ").split()[:MOST_SHEETS]


class AskForm(ActorForm):
    """A question to a department."""

    text = forms.CharField(
        label=_("Question"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    service = forms.ModelChoiceField(
        label=_("To the service"), queryset=Service.objects.all(), required=False
    )
    topic = forms.ModelChoiceField(label=_("Topic"), queryset=Topic.objects.all(), required=False)
    sheet = forms.CharField(
        label=_("Sheet that it is about"),
        max_length=20,
        required=False,
        help_text=_("Its reference, as in FI-012."),
    )
    visitor_present = forms.BooleanField(label=_("The visitor is here"), required=False)

    def clean_sheet(self) -> Sheet | None:
        ref = self.cleaned_data["sheet"].strip()
        if not ref:
            return None
        assert isinstance(self.actor, Agent)  # noqa: S101
        found = sheets_by_ref(self.actor, [ref])
        if not found:
            raise forms.ValidationError(_("There is no sheet with this reference."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        topic, sheet = given.get("topic"), given.get("sheet")
        if not given.get("service"):
            given["service"] = (sheet.service if sheet else None) or (
                topic.service if topic else None
            )
        if given.get("text") and not given["service"]:
            self.add_error("service", _("Choose the service that knows."))
        return given


class AnswerForm(ActorForm):
    """The answer of the department, and who may know it."""

    answer = forms.CharField(
        label=_("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    level = forms.ChoiceField(
        label=_("Who may know it?"),
        choices=Question.Level,
        initial=Question.Level.PUBLIC,
        widget=forms.RadioSelect,
    )
    sheets = SheetsField(
        label=_("Sheets that help"),
        max_length=120,
        required=False,
        help_text=_("Their references, between commas."),
    )

    def clean_sheets(self) -> list[Sheet]:
        field = self.fields["sheets"]
        assert isinstance(field, SheetsField)  # noqa: S101
        refs = field.refs(self.cleaned_data["sheets"])
        assert isinstance(self.actor, Agent)  # noqa: S101
        found = sheets_by_ref(self.actor, refs) if refs else []
        if len(found) < len(set(refs)):
            raise forms.ValidationError(_("There is no sheet with one of these references."))
        return found


class PassForm(forms.Form):
    """To whom a question goes on: a colleague who is there, or another service."""

    to = forms.ModelChoiceField(
        label=_("To a colleague"), queryset=Agent.objects.none(), required=False
    )
    service = forms.ModelChoiceField(
        label=_("Or to another service"), queryset=Service.objects.none(), required=False
    )
    words = forms.CharField(label=_("With a word"), max_length=300, required=False)

    def __init__(self, *args: Any, question: Question, agent: Agent, now: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        people, services = self.fields["to"], self.fields["service"]
        assert isinstance(people, forms.ModelChoiceField)  # noqa: S101
        assert isinstance(services, forms.ModelChoiceField)  # noqa: S101
        people.queryset = colleagues_who_answer(question).exclude(pk=question.holder_id or 0)
        people.label_from_instance = lambda one: _shown(one, now)  # type: ignore[method-assign, assignment]
        services.queryset = (
            Service.objects.visible_to(agent).filter(is_active=True).exclude(pk=question.service_id)
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("to")) == bool(given.get("service")):
            self.add_error("to", _("Choose a colleague or another service."))
        return given


def _shown(agent: Agent, now: Any) -> str:
    place = f"{agent.display_name}, {agent.service}" if agent.service else agent.display_name
    return f"{place} ({_('out')})" if is_out(agent, now) else place


class PromiseForm(forms.ModelForm[AnswerTime]):
    """Within what time the desks get their answer."""

    class Meta:
        model = AnswerTime
        fields = ("present_minutes", "present_step_minutes", "hours", "step_hours")

    def promise(self) -> Promise:
        return Promise(**self.cleaned_data)
