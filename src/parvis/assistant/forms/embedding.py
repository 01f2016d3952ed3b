"""How a frame on another site is to look: what the words for that site are made of."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.organisations.models import Topic

_COLOUR = re.compile(r"#?[0-9a-fA-F]{6}")


class FrameForm(forms.Form):
    """Topic, light or dark, corners, colour and language of a frame."""

    motif = forms.ChoiceField(label=_("Topic"), required=False)
    theme = forms.ChoiceField(
        label=_("Light or dark"),
        required=False,
        choices=[
            ("", _("as the reader’s device")),
            ("clair", pgettext_lazy("frame", "light")),
            ("sombre", pgettext_lazy("frame", "dark")),
        ],
    )
    coins = forms.ChoiceField(
        label=_("Corners"),
        required=False,
        choices=[
            ("", pgettext_lazy("corners", "as here")),
            ("droits", pgettext_lazy("corners", "square")),
            ("ronds", pgettext_lazy("corners", "round")),
        ],
    )
    couleur = forms.CharField(
        label=_("Colour of links and buttons"),
        required=False,
        max_length=7,
        help_text=_(
            "Such as #0b5c6b; empty: yours. It is made darker or lighter where reading needs it."
        ),
    )
    langue = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("as the reader’s browser")), ("fr", _("French")), ("en", _("English"))],
    )

    def __init__(self, *args: Any, topics: Iterable[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [("", _("every topic")), *((topic.slug, topic.label) for topic in topics)]
        self.fields["motif"] = forms.ChoiceField(label=_("Topic"), required=False, choices=chosen)

    def clean_couleur(self) -> str:
        colour = str(self.cleaned_data["couleur"]).strip()
        if colour and not _COLOUR.fullmatch(colour):
            raise forms.ValidationError(
                _("Write a colour as # and six digits or letters a-f."), code="colour"
            )
        return colour.removeprefix("#").lower()

    def address(self, frame: str) -> str:
        """The address of the frame, as it is asked for; as it stands where that makes no sense."""
        if not self.is_bound or not self.is_valid():
            return frame
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return f"{frame}?{urlencode(given)}" if given else frame
