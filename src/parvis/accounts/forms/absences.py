"""From when until when, and who stands in."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.accounts import queries
from parvis.accounts.models import Agent
from parvis.common.forms import DayField


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A colleague by first name and name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)


class AbsenceForm(forms.Form):
    """The days away of one colleague."""

    first_day = DayField(label=_("First day away"))
    last_day = DayField(label=_("Last day away"))
    deputy = Colleague(
        Agent.objects.none(),
        label=_("Who stands in for all the cases"),
        required=False,
        empty_label=_("the deputy of each case"),
        help_text=_("A deputy who was chosen for one case by name comes first there."),
    )

    def __init__(self, *args: Any, agent: Agent, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agent.service is None:
            del self.fields["deputy"]
            return
        field = self.fields["deputy"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = queries.agents_of(agent.service).exclude(pk=agent.pk)
        for name in ("first_day", "last_day"):
            self.fields[name].widget.attrs["min"] = today.isoformat()
