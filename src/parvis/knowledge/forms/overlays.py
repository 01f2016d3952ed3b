"""Local words as they are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.common.forms import DayField
from parvis.knowledge import rules
from parvis.knowledge.actions import LocalWords
from parvis.knowledge.forms.writing import LEVEL_CHOICES, LONGEST
from parvis.knowledge.models import Overlay
from parvis.knowledge.presentation import HEADINGS
from parvis.knowledge.rules import overlays

KIND_CHOICES = [(kind, HEADINGS[kind]) for kind in overlays.KINDS]


class OverlayForm(forms.Form):
    """What is said at one place of somebody else's sheet."""

    position = forms.TypedChoiceField(label=_("Where"), coerce=int)
    act = forms.ChoiceField(
        label=_("What to do there"),
        choices=Overlay.Act.choices,
        initial=overlays.AFTER,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=KIND_CHOICES, initial="warning")
    title = forms.CharField(
        label=_("Heading"),
        max_length=200,
        required=False,
        help_text=_("Left empty, the usual one of this kind."),
    )
    text = forms.CharField(
        label=_("Your words"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("“- ” begins a line of a list, “1. ” a step, **bold**."),
    )
    level = forms.ChoiceField(
        label=_("Who may read it"), choices=LEVEL_CHOICES, initial=rules.PUBLIC
    )
    until = DayField(
        label=_("Public from"),
        required=False,
        help_text=_("Only for “Not yet public”."),
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("For colleagues; needed when a part is not shown."),
    )

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["position"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = places

    def words(self) -> LocalWords:
        """What was typed, for the action."""
        given = self.cleaned_data
        return LocalWords(
            position=given["position"],
            act=given["act"],
            kind=given["kind"],
            title=given["title"],
            text=given["text"],
            level=given["level"],
            until=given["until"],
            note=given["note"],
        )
