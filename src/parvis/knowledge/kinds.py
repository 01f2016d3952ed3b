"""The kinds of sheets, in words that a reader knows."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy

# By what the national set calls them.
KINDS = {
    "Fiche d'information": gettext_lazy("Information"),
    "Fiche d'information conditionnée": gettext_lazy("Information for your situation"),
    "Fiche Question-réponse": gettext_lazy("Short answers"),
    "Fiche Comment faire si": gettext_lazy("What to do when…"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of sheet to narrow a search to; a house's own kinds are said as it wrote them."""

    kind: str

    @property
    def label(self) -> str:
        return str(KINDS.get(self.kind, self.kind))

    @property
    def language(self) -> str:
        return "" if self.kind in KINDS else settings.LANGUAGE_CODE
