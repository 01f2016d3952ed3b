"""The list of settings beside every settings page."""

from dataclasses import dataclass

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor
from parvis.organisations.screens import AUTHORITY, SCREENS

register = template.Library()

# Pages of the room above, known by the names of their addresses only.
_TEAM = (
    ("accounts:team", _("Team"), ("staff.manage",)),
    ("accounts:liaisons", _("Liaisons"), ("staff.manage",)),
    ("mail:boxes", _("E-mail addresses"), ("settings.manage",)),
    ("cases:procedures", _("Procedures and silence"), ("procedures.manage",)),
    ("letters:templates", _("Letters and signatures"), ("letters.manage",)),
    ("assistant:settings", _("Assistant"), ("settings.manage",)),
    ("privacy:rules", _("How long we keep"), ("retention.manage",)),
    ("privacy:journal", _("Journal"), ("journal.settings",)),
    ("accounts:tokens", _("Keys of programs"), ("settings.manage",)),
    ("knowledge:imports", _("National sheets"), ("knowledge.import",)),
)


@dataclass(frozen=True)
class Entry:
    url: str
    text: str | Promise
    current: bool
    lede: str | Promise = ""


@register.simple_tag
def settings_entries(actor: Actor, path: str) -> list[Entry]:
    """The settings that this agent may open; the one that is open is marked."""
    known = [
        (f"organisations:{screen.key}", screen.title, screen.capabilities, screen.lede)
        for screen in (AUTHORITY, *SCREENS)
    ]
    found = []
    for name, text, capabilities, lede in [*known, *((*entry, "") for entry in _TEAM)]:
        if not any(map(actor.may, capabilities)):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append(Entry(url, text, path.startswith(url), lede))
    return found
