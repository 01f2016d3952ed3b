"""The preferences a reader may set without an account: theme, contrast, one-key shortcuts."""

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Preference:
    """One choice, kept in a cookie of its own; any other value than these leaves it as it is."""

    cookie: str
    values: tuple[str, ...]
    otherwise: str = "system"


THEMES = Preference("parvis_theme", ("light", "dark"))
CONTRASTS = Preference("parvis_contrast", ("more",))
SHORTCUTS = Preference("parvis_shortcuts", ("off",), otherwise="on")


def chosen(request: HttpRequest, preference: Preference) -> str:
    """The value chosen by the reader, empty when the system decides."""
    value = request.COOKIES.get(preference.cookie, "")
    return value if value in preference.values else ""
