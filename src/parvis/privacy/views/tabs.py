"""The pages of the room side by side, for those who may open them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest

# Pages below another address than that of their tab.
_ALSO = {"privacy:requests": ("/agent/donnees/demandes/", "/agent/donnees/gels/")}
_PAGES: tuple[tuple[str, ...], ...] = (
    ("privacy:requests", "privacy.manage"),
    ("privacy:rules", "retention.manage"),
    ("privacy:slips", "retention.manage"),
    ("privacy:register", "retention.manage"),
    ("privacy:journal", "journal.read", "journal.settings"),
)


def tabs(request: AgentRequest) -> list[dict[str, Any]]:
    """One tab for each page that this agent may open."""
    words = {
        "privacy:requests": _("People and their requests"),
        "privacy:rules": _("How long we keep"),
        "privacy:slips": _("Elimination slips"),
        "privacy:register": _("Register"),
        "privacy:journal": _("Journal"),
    }
    return [
        {
            "url": url,
            "text": words[name],
            "current": request.path.startswith((url, *_ALSO.get(name, ()))),
        }
        for name, *capabilities in _PAGES
        if any(map(request.user.may, capabilities)) and (url := reverse(name))
    ]
