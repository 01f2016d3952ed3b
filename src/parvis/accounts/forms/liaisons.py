"""Who becomes a liaison, and until when somebody is out."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent, Liaison
from parvis.common.clock import ONE_DAY, instant_of, local_day
from parvis.common.forms import ActorModelForm, Kind, meant_day

MORNING = time(8)
HOUR, TOMORROW, OPEN, CHOSEN = "hour", "tomorrow", "open", "chosen"


class LiaisonForm(ActorModelForm[Liaison]):
    """The liaison of a service, or a deputy."""

    class Meta(Kind):
        model = Liaison
        fields = ("service", "agent", "rank", "since")

    def __init__(self, *args: Any, actor: Agent, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"since": timezone.localdate()})
        super().__init__(*args, actor=actor, **kwargs)
        agents = self.fields["agent"]
        assert isinstance(agents, forms.ModelChoiceField)  # noqa: S101
        agents.queryset = (
            Agent.objects.at_work()
            .filter(authority_id=actor.authority_id)
            .select_related("entry")
            .order_by("entry__last_name", "entry__first_name", "username")
        )

    def validate_unique(self) -> None:
        # The action ends what was before: the one who follows is no second one.
        return


class OutForm(forms.Form):
    """Out: for an hour, until tomorrow, until a moment, or nobody knows."""

    until = forms.ChoiceField(
        label=_("Until"), choices=[(name, name) for name in (HOUR, TOMORROW, OPEN, CHOSEN)]
    )
    back = forms.DateTimeField(
        validators=[meant_day],
        label=_("Back at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("until") == CHOSEN and not given.get("back"):
            self.add_error("back", _("Say when you are back, or press another button."))
        return given

    def back_at(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When the colleague is expected back; None when nobody knows."""
        until = self.cleaned_data["until"]
        if until == HOUR:
            return now + timedelta(hours=1)
        if until == TOMORROW:
            return instant_of(local_day(now, zone) + ONE_DAY, MORNING, zone)
        back: datetime | None = self.cleaned_data["back"]
        return back if until == CHOSEN else None
