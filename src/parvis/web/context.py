"""What every template may rely on: the chosen look, the authority, the human exit, the rail."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent
from parvis.organisations.http import named_authority, own_authority
from parvis.web import queries
from parvis.web.look import CONTRASTS, SHORTCUTS, THEMES, chosen

# An item without an address of that name is left out, as is one that the agent may not open.
RAIL: tuple[dict[str, Any], ...] = (
    {
        "key": "workstation",
        "url": "web:workstation",
        "icon": "person-workspace",
        "label": pgettext_lazy("rail", "Desk"),
        "needs": {"queue.work"},
    },
    {
        "key": "cases",
        "url": "cases:portfolio",
        "icon": "folder2-open",
        "label": _("Cases"),
        "needs": {"cases.read"},
    },
    {
        "key": "mail",
        "url": "mail:inbox",
        "icon": "envelope",
        "label": _("E-mails"),
        "needs": {"mail.sort", "mail.sort_own"},
    },
    {
        "key": "appointments",
        "url": "appointments:agenda",
        "icon": "calendar-week",
        "label": pgettext_lazy("rail", "Agenda"),
        "needs": {"appointments.read"},
    },
    {
        "key": "contacts",
        "url": "contacts:log",
        "icon": "telephone",
        "label": _("Contacts"),
        "needs": {"contacts.read"},
    },
    {
        "key": "post",
        "url": "letters:incoming",
        "icon": "mailbox",
        "label": pgettext_lazy("rail", "Post"),
        "needs": {"post.register"},
    },
    {
        "key": "sheets",
        "url": "knowledge:agent-search",
        "icon": "journal-text",
        "label": _("Sheets"),
        "needs": {"knowledge.read"},
    },
    {
        "key": "questions",
        "url": "departments:questions",
        "icon": "chat-left-text",
        "label": _("Questions"),
        "needs": {"departments.ask", "departments.answer", "departments.manage"},
    },
    {
        "key": "conversations",
        "url": "assistant:conversations",
        "icon": "chat-dots",
        "label": pgettext_lazy("rail", "Online"),
        "needs": {"assistant.talk"},
    },
    {
        "key": "today",
        "url": "quality:today",
        "icon": "sun",
        "label": pgettext_lazy("rail", "Today"),
        "needs": {"quality.read"},
    },
    {
        "key": "quality",
        "url": "quality:indicators",
        "icon": "bar-chart",
        "label": _("Quality"),
        "needs": {"quality.read"},
    },
    {
        "key": "hall",
        "url": "queue:machines",
        "icon": "display",
        "label": pgettext_lazy("rail", "Hall"),
        "needs": {"queue.work", "queue.manage", "settings.manage"},
    },
    {
        "key": "privacy",
        "url": "privacy:requests",
        "icon": "shield-lock",
        "label": pgettext_lazy("rail", "Data"),
        "needs": {"privacy.manage"},
    },
    {
        "key": "settings",
        "url": "organisations:home",
        "icon": "sliders",
        "label": _("Settings"),
        "needs": {"settings.manage", "staff.manage"},
    },
    {
        "key": "help",
        "url": "web:gallery",
        "icon": "question-circle",
        "label": _("Help"),
        "needs": set(),
        "last": True,
    },
)
MENU: tuple[dict[str, Any], ...] = (
    {
        "url": "accounts:choose-desk",
        "icon": "door-open",
        "label": _("Change desk"),
        "needs": {"queue.work"},
    },
    {
        "url": "accounts:network",
        "icon": "diagram-3",
        "label": _("Services and liaisons"),
        "needs": {"directory.read"},
    },
    {
        "url": "feedback:thanks",
        "icon": "heart",
        "label": pgettext_lazy("received", "Thanks"),
        "needs": {"cases.read", "thanks.read"},
    },
    {
        "url": "feedback:complaints",
        "icon": "exclamation-circle",
        "label": _("Complaints"),
        "needs": {"complaints.read"},
    },
    {
        "url": "feedback:incidents",
        "icon": "shield-exclamation",
        "label": _("Incidents"),
        "needs": {"incidents.read"},
    },
    {
        "url": "feedback:report",
        "icon": "shield-plus",
        "label": _("Report an incident"),
        "needs": {"incidents.report"},
    },
    {
        "url": "assistant:review",
        "icon": "robot",
        "label": _("Conversations with the assistant"),
        "needs": {"assistant.review"},
    },
    {
        "url": "cases:access",
        "icon": "eye",
        "label": _("Who read which case"),
        "needs": {"cases.log"},
    },
    {"url": "accounts:profile", "icon": "person", "label": _("My account")},
    {"url": "web:display-preferences", "icon": "circle-half", "label": _("Display and keys")},
    {"url": "accounts:lock", "icon": "lock", "label": _("Lock the screen"), "post": True},
    {"url": "accounts:sign-out", "icon": "box-arrow-right", "label": _("Sign out"), "post": True},
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The look, the language, the authority and the human exit of any page."""
    return {
        "look_theme": chosen(request, THEMES),
        "look_contrast": chosen(request, CONTRASTS),
        "look_shortcuts": chosen(request, SHORTCUTS),
        "language": get_language() or "fr",
        "text_direction": "rtl" if get_language_bidi() else "ltr",
        "page_authority": SimpleLazyObject(lambda: _authority(request)),
        "human_exit": SimpleLazyObject(lambda: _human_exit(request)),
    }


def agent(request: HttpRequest) -> dict[str, Any]:
    """The rail, the account menu and the place of an agent who is signed in."""
    user = getattr(request, "user", None)
    if not isinstance(user, Agent):
        return {}
    items = _reachable([item for item in RAIL if _is_open(item["needs"], user)])
    under = [item["url"] for item in items if request.path.startswith(item["url"])]
    nearest = max(under, key=len, default="")
    return {
        "rail_items": [{**item, "current": item["url"] == nearest} for item in items],
        "agent_menu": _reachable([one for one in MENU if _is_open(one.get("needs", set()), user)]),
        "agent_place": {
            "place": user.authority.name,
            "detail": user.display_name,
            "url": items[0]["url"] if items else "/",
        },
    }


def _is_open(needs: set[str], user: Agent) -> bool:
    return not needs or any(user.may(capability) for capability in needs)


def _reachable(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for item in items:
        try:
            found.append({"last": False, "post": False, **item, "url": reverse(item["url"])})
        except NoReverseMatch:
            continue
    return found


def _authority(request: HttpRequest) -> Any:
    given = getattr(request, "authority", None) or named_authority(request)
    if given is None and isinstance(user := getattr(request, "user", None), Agent):
        given = user.authority
    given = given or own_authority(request)
    request.authority = given  # type: ignore[attr-defined]  # asked once per request
    return given


def _human_exit(request: HttpRequest) -> dict[str, Any]:
    return queries.human_exit(_authority(request), timezone.now())
