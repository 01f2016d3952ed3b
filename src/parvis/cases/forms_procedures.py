"""What an authority says of the kinds of requests that it answers."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.cases.models import Procedure
from parvis.common.forms import ActorModelForm, Kind


class ProcedureForm(ActorModelForm[Procedure]):
    """What the authority says of a kind of request."""

    source = forms.URLField(
        label=_("Address of the source"), required=False, max_length=300, assume_scheme="https"
    )

    class Meta(Kind):
        model = Procedure
        fields = (
            "name",
            "name_en",
            "silence",
            "months",
            "legal_reference",
            "source",
            "checked_on",
            "in_official_list",
            "appeal",
            "receipt_days",
            "receipt_exemption",
            "exemption_reason",
            "purpose",
            "is_active",
            "topics",
        )
        widgets = {
            "topics": forms.CheckboxSelectMultiple,
            "silence": forms.RadioSelect,
            "appeal": forms.Textarea({"rows": 3}),
        }
        help_texts = {
            "topics": _("Cases of these topics follow the procedure from the day they are opened."),
            "legal_reference": _("The text that says so, as in “CRPA, art. L231-1”."),
            "checked_on": _(
                "The day on which one of you compared it with the text. Without it, or after a "
                "year, every page says “to be confirmed”."
            ),
            "appeal": _(
                "Before whom, how and until when. The receipt says it when silence is a refusal."
            ),
            "receipt_days": _("For requests by e-mail or on the web, ten at most."),
            "purpose": _("What the service uses the data of these cases for."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = self.fields["topics"]
        topics.required = False
        if isinstance(topics, forms.ModelMultipleChoiceField) and topics.queryset is not None:
            rows = topics.queryset.select_related("family").order_by("family__position", "name")
            topics.choices = [
                (family.label, [(topic.pk, topic.label) for topic in of_family])
                for family, of_family in groupby(rows, key=lambda topic: topic.family)
            ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("receipt_exemption") and not given.get("exemption_reason", "").strip():
            self.add_error("exemption_reason", _("Say why no receipt is owed."))
        checked_on = given.get("checked_on")
        if checked_on is not None and checked_on > timezone.localdate():
            self.add_error("checked_on", _("It is checked once it is done, not before."))
        return given
