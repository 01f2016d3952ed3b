"""Which language model rewords quoted lines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.assistant.asking_model import is_acceptable
from parvis.assistant.models import LanguageModel


class ModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """On or off, whom to ask, and how long to wait."""

    class Meta:
        model = LanguageModel
        fields = ("is_on", "endpoint", "name", "seconds")
        help_texts = {
            "endpoint": _(
                "Of the kind that speaks the OpenAI interface, such as "
                "https://models.town.example/v1. Addresses inside your own network have to be "
                "allowed by whoever runs the program."
            ),
            "name": _("As the server of the model calls it."),
            "seconds": _("From 1 to 10. After that the plain answer is shown."),
        }

    def clean_endpoint(self) -> str:
        given = str(self.cleaned_data["endpoint"]).rstrip("/")
        if given and not is_acceptable(given):
            raise forms.ValidationError(
                _(
                    "This address is not accepted: it must begin with https:// and lie outside "
                    "of your own network, without a user name or a “?”. Whoever runs the program "
                    "can allow another one in PARVIS_MODEL_ALLOWED."
                )
            )
        return given

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("is_on") and not self.errors:
            for name in ("endpoint", "name"):
                if not given.get(name):
                    self.add_error(name, _("Needed to switch the model on."))
        return given
