"""What every template may rely on: the look chosen by the reader, the authority, the rail of an agent."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

from parvis.web.look import CONTRASTS, SHORTCUTS, THEMES, chosen

RAIL: tuple[dict[str, Any], ...] = (
    {
        "key": "workstation",
        "url": "web:workstation",
        "icon": "person-workspace",
        "label": _("Desk"),
    },
    {"key": "cases", "url": "cases:portfolio", "icon": "folder2-open", "label": _("Cases")},
    {"key": "contacts", "url": "contacts:list", "icon": "telephone", "label": _("Contacts")},
    {"key": "sheets", "url": "knowledge:list", "icon": "journal-text", "label": _("Sheets")},
    {"key": "today", "url": "web:today", "icon": "sun", "label": _("Today")},
    {"key": "quality", "url": "quality:indicators", "icon": "bar-chart", "label": _("Quality")},
    {"key": "settings", "url": "organisations:home", "icon": "sliders", "label": _("Settings")},
    {
        "key": "help",
        "url": "web:gallery",
        "icon": "question-circle",
        "label": _("Help"),
        "last": True,
    },
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The look, the language and the authority of any page."""
    return {
        "look_theme": chosen(request, THEMES),
        "look_contrast": chosen(request, CONTRASTS),
        "look_shortcuts": chosen(request, SHORTCUTS),
        "language": get_language() or "fr",
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "page_authority": _authority(request),
    }


def agent(request: HttpRequest) -> dict[str, Any]:
    """The rail of a signed-in agent, and where they work."""
    if not _signed_in(request):
        return {}
    items = [item for item in map(_reachable, RAIL) if item]
    best = max(
        (item["url"] for item in items if request.path.startswith(item["url"])),
        key=len,
        default="",
    )
    return {"rail_items": [{**item, "current": item["url"] == best} for item in items]}


def _signed_in(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def _authority(request: HttpRequest) -> Any:
    given = getattr(request, "authority", None)
    if given is None and _signed_in(request):
        given = getattr(request.user, "authority", None)
    return given


def _reachable(item: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return {"last": False, **item, "url": reverse(item["url"])}
    except NoReverseMatch:
        return None
