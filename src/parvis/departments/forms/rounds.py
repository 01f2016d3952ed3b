"""What is typed for a round."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent
from parvis.common.forms import ActorForm, meant_day
from parvis.departments.queries import Proposal
from parvis.organisations.models import Service

WHEN = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ServiceForm(ActorForm):
    """Which department is to be visited."""

    service = forms.ModelChoiceField(label=_("Service"), queryset=Service.objects.all())


class RoundForm(ActorForm):
    """A visit to one department."""

    planned_at = forms.DateTimeField(validators=[meant_day], label=_("When"), widget=WHEN)
    place = forms.CharField(label=_("Where"), max_length=120, required=False)
    visitor = forms.ModelChoiceField(label=_("Who goes"), queryset=Agent.objects.none())
    topics = forms.MultipleChoiceField(
        label=_("To clarify"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Agent, proposals: list[Proposal], **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.proposals = {one.key: one for one in proposals}
        topics = self.fields["topics"]
        assert isinstance(topics, forms.MultipleChoiceField)  # noqa: S101
        topics.choices = [(one.key, one.words) for one in proposals]
        topics.initial = list(self.proposals)
        if not proposals:
            del self.fields["topics"]
        visitors = self.fields["visitor"]
        assert isinstance(visitors, forms.ModelChoiceField)  # noqa: S101
        visitors.queryset = (
            Agent.objects.at_work()
            .filter(authority_id=actor.authority_id, grants__role__in=["REC", "ADV", "MGR"])
            .select_related("entry")
            .order_by("entry__last_name", "username")
            .distinct()
        )

    def chosen(self) -> list[Proposal]:
        return [self.proposals[key] for key in self.cleaned_data.get("topics", [])]


class MinutesForm(forms.Form):
    """What came of a round."""

    minutes = forms.CharField(
        label=pgettext_lazy("round", "Minutes"),
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was said, and what the desks may say from now on."),
    )
    nothing_new = forms.BooleanField(label=_("Nothing new: no sheet changes"), required=False)


class PutOffForm(forms.Form):
    """A round that does not take place on its day."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    planned_at = forms.DateTimeField(
        validators=[meant_day],
        label=_("New day"),
        widget=WHEN,
        required=False,
        help_text=_("Without a new day the round is called off."),
    )
