"""What the screens of the room accept."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.assistant.models import Conversation

_ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
MOST_ORIGINS = 20


class SetupForm(forms.Form):
    """On or off, and the sites that may show it."""

    is_on = forms.BooleanField(label=_("the assistant answers"), required=False)
    origins = forms.CharField(
        label=_("sites that may embed it"),
        required=False,
        help_text=_("One address in each line, such as https://www.ville.example"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_origins(self) -> list[str]:
        lines = [line.strip().rstrip("/").lower() for line in self.cleaned_data["origins"].split()]
        wrong = next((line for line in lines if not _ORIGIN.fullmatch(line)), None)
        if wrong is not None:
            raise forms.ValidationError(
                _("This is not the address of a site: %(line)s"), params={"line": wrong}
            )
        return list(dict.fromkeys(lines))[:MOST_ORIGINS]


class VerdictForm(forms.Form):
    """Were the answers right?"""

    verdict = forms.ChoiceField(
        label=_("Were the answers right?"),
        choices=Conversation.Verdict.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("why"), max_length=300, required=False)


class QuestionForm(forms.Form):
    """A question of the conversation, with the sheet that should have answered it."""

    question = forms.ChoiceField(label=_("question"))
    ref = forms.CharField(
        label=_("reference of the right sheet"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty when no sheet answers: then it should not be answered."),
    )
    into = forms.CharField(label=_("saved questions"), max_length=100)

    def __init__(self, *args: Any, questions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["question"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(questions)
