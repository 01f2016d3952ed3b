"""How sure the assistant must be: a place on the curve that has a name, or a number."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.assistant.rules.deciding import BALANCED, CAREFUL, OPEN

OWN = "own"
POINTS = [
    (CAREFUL, pgettext_lazy("threshold", "Careful: answers less, is wrong less often")),
    (BALANCED, pgettext_lazy("threshold", "Balanced: as fitted, and fitted again by itself")),
    (OPEN, pgettext_lazy("threshold", "Open: answers more, is wrong more often")),
    (OWN, pgettext_lazy("threshold", "Another number")),
]


class ThresholdForm(forms.Form):
    """One of the named places, or a number of one's own."""

    point = forms.ChoiceField(
        label=_("How sure it must be to answer"), choices=POINTS, widget=forms.RadioSelect
    )
    threshold = forms.FloatField(
        label=_("The number"),
        required=False,
        min_value=0.05,
        max_value=0.95,
        help_text=_("Between 0.05 and 0.95; only read with “Another number”."),
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        own = found.get("point") == OWN
        if own and found.get("threshold") is None and "threshold" not in self.errors:
            self.add_error("threshold", _("Give the number."))
        return found

    def chosen(self, points: dict[str, float]) -> float | None:
        """The threshold that is kept; None: as fitted, now and after the next fit."""
        point = self.cleaned_data["point"]
        if point == BALANCED:
            return None
        number: float = self.cleaned_data["threshold"] if point == OWN else points[point]
        return number
