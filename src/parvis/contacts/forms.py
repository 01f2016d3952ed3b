"""Logging an exchange in a few keys, filtering the log, correcting a line."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts.models import Agent
from parvis.common.emails import is_email
from parvis.common.forms import DayField
from parvis.contacts import queries
from parvis.contacts.models import AvoidableCause, Channel, Contact, Outcome
from parvis.contacts.rules import normal_email
from parvis.organisations.models import Topic

ANY = [("", pgettext_lazy("filter", "all"))]
# The keys of the desk: 1 solved, 2 passed on, 3 to a service, 4 appointment, 5 elsewhere.
KEYS = {
    "1": Outcome.RESOLVED,
    "2": Outcome.PASSED_ON,
    "3": Outcome.CASE_OPENED,
    "4": Outcome.APPOINTMENT_MADE,
    "5": Outcome.OTHER_AUTHORITY,
}
ENTRY_CHANNELS = [
    (value, label)
    for value, label in Channel.choices
    if value in {Channel.PHONE, Channel.EMAIL, Channel.POST, Channel.WEB, Channel.DESK}
]
LAST_DIGIT = re.compile(r"^(.*\S)\s+([1-5])$")


class EntryForm(forms.Form):
    """An exchange by telephone, e-mail, post or web: topic, outcome, Enter."""

    typed = forms.CharField(
        label=_("Topic"),
        max_length=120,
        help_text=_("Two or three letters, then 1 to 5 for the outcome: “can 2”."),
        widget=forms.TextInput({"list": "topics", "autocomplete": "off", "data-parvis-key": "c"}),
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=ENTRY_CHANNELS, widget=forms.RadioSelect
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=0, max_value=600, initial=4, required=False
    )
    last_name = forms.CharField(label=_("Name"), max_length=80, required=False)
    reach = forms.CharField(label=_("Telephone or e-mail"), max_length=254, required=False)
    avoidable_cause = forms.ChoiceField(
        label=_("Avoidable because of"),
        choices=[("", "—"), *AvoidableCause.choices],
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agent = agent
        self.candidates: list[Topic] = []
        self.topic: Topic | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        typed = str(cleaned.get("typed", "")).strip()
        digit = LAST_DIGIT.match(typed)
        if digit:
            typed = digit[1]
        self.outcome = str(KEYS[digit[2]]) if digit else self.data.get("outcome", "")
        self._find_topic(typed)
        if self.topic is None and typed:
            self.add_error("typed", self._why_not(typed))
        return cleaned

    def clean_reach(self) -> str:
        given = str(self.cleaned_data["reach"]).strip()
        if "@" in given and not is_email(normal_email(given)):
            raise forms.ValidationError(_("This is not an e-mail address."))
        return given

    def _find_topic(self, typed: str) -> None:
        chosen = str(self.data.get("topic", ""))
        if chosen.isdigit():
            own = Topic.objects.visible_to(self.agent).select_related("service", "authority")
            self.topic = own.filter(pk=chosen, is_active=True).first()
            return
        self.candidates = queries.topics_meant(self.agent.authority_id, typed) if typed else []
        if len(self.candidates) == 1:
            self.topic = self.candidates[0]

    def _why_not(self, typed: str) -> str:
        if self.candidates:
            return str(_("Several topics begin like this: choose one below."))
        return str(_("No topic begins like this."))

    @property
    def way_to_reach(self) -> dict[str, str]:
        """The telephone or e-mail under its own name."""
        given = self.cleaned_data["reach"].strip()
        if not given:
            return {}
        return {"email": given} if "@" in given else {"phone": given}


class FilterForm(forms.Form):
    """What to show of the log."""

    day = DayField(label=_("Day"), required=False)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[*ANY, *Channel.choices], required=False
    )
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=_("Topic"), required=False, empty_label=ANY[0][1]
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[*ANY, *Outcome.choices], required=False
    )
    show = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[
            *ANY,
            ("mine", _("written down by me")),
            ("corrected", _("corrected")),
            ("beyond", _("settled beyond level")),
        ],
    )

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = self.fields["topic"]
        if isinstance(topics, forms.ModelChoiceField):
            topics.queryset = Topic.objects.visible_to(agent).order_by("name")

    def filters(self) -> queries.Filters:
        """The filters that were asked for; what makes no sense is left out."""
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        topic = given.get("topic")
        show = given.get("show")
        return queries.Filters(
            day=given.get("day"),
            channel=given.get("channel") or "",
            topic_id=topic.pk if topic else None,
            outcome=given.get("outcome") or "",
            corrected=show == "corrected",
            beyond_level=show == "beyond",
            mine=show == "mine",
        )


class CorrectionForm(forms.Form):
    """What may be put right afterwards, with the reason that stays."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices)
    avoidable_cause = forms.ChoiceField(
        label=_("Avoidable because of"),
        choices=[("", "—"), *AvoidableCause.choices],
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    reason = forms.CharField(label=_("Why it is corrected"), max_length=200)

    def __init__(self, data: Any = None, *, contact: Contact, agent: Agent) -> None:
        names = ("topic", "channel", "outcome", "avoidable_cause", "note")
        super().__init__(data, initial={name: getattr(contact, name) for name in names})
        topics = self.fields["topic"]
        if isinstance(topics, forms.ModelChoiceField):
            own = Topic.objects.visible_to(agent).select_related("service").order_by("name")
            topics.queryset = own

    def changes(self) -> dict[str, Any]:
        """All but the reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}
