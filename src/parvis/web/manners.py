"""Where a conversation is shown, on its page or in a frame, and the look that a frame was asked."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from parvis.assistant import queries as assistant
from parvis.organisations.models import Authority
from parvis.web import rules

THEMES = {"clair": "light", "sombre": "dark"}  # anything else: as the reader's system has it
CORNERS = ("droits", "ronds")
LANGUAGES = ("fr", "en")
STEPS = ("person", "ask", "write", "sign", "leave", "message", "call", "request")


@dataclass(frozen=True)
class Look:
    """What the page around a frame asks of it. It stands in every address, as no cookie comes."""

    theme: str = ""
    coins: str = ""
    couleur: str = ""  # six digits, made legible by ``rules``
    langue: str = ""

    @property
    def query(self) -> str:
        """The end of an address that keeps the look."""
        given = {name: value for name, value in vars(self).items() if value}
        return f"?{urlencode(given)}" if given else ""

    @property
    def context(self) -> dict[str, Any]:
        """What the templates of a frame need of it."""
        chosen = {"look_theme": THEMES[self.theme]} if self.theme else {}
        return {"look": self, **chosen}


def look_of(request: HttpRequest) -> Look:
    """The look in the address of a frame; what makes no sense is left out."""
    given = {name: request.GET.get(name, "") for name in ("theme", "coins", "couleur", "langue")}
    colour = given["couleur"].lower()
    return Look(
        theme=given["theme"] if given["theme"] in THEMES else "",
        coins=given["coins"] if given["coins"] in CORNERS else "",
        couleur=colour if rules.is_colour(f"#{colour}") else "",
        langue=given["langue"] if given["langue"] in LANGUAGES else "",
    )


@dataclass(frozen=True)
class Manner:
    """One conversation at its addresses: of its own page, or of a frame."""

    secret: str
    framed: bool = False
    look: Look = Look()

    def address(self, step: str = "") -> str:
        """The address of the conversation, or of one step on the way to a person."""
        name = "web:conversation-frame" if self.framed else "web:conversation"
        found = reverse(f"{name}-{step}" if step else name, args=[self.secret])
        return found + self.look.query

    @property
    def links(self) -> dict[str, str]:
        """Every address, by its step."""
        return {"talk": self.address(), **{step: self.address(step) for step in STEPS}}

    @property
    def context(self) -> dict[str, Any]:
        """What every template of a conversation needs."""
        shared = {"secret": self.secret, "framed": self.framed, "links": self.links}
        return {**shared, **(self.look.context if self.framed else {})}

    def template(self, name: str) -> str:
        """The template of this place."""
        return f"assistant/{name}_framed.html" if self.framed else f"assistant/{name}.html"


def manner_of(request: HttpRequest, secret: str, *, framed: bool) -> Manner:
    """The manner of an address."""
    return Manner(secret, framed, look_of(request) if framed else Look())


def spoken() -> str:
    """The language of the page, if the assistant speaks it; else French."""
    language = (get_language() or "fr").partition("-")[0]
    return language if language in LANGUAGES else "fr"


def framed_for(authority: Authority, response: HttpResponse) -> HttpResponse:
    """The page may be shown within the sites that this authority named."""
    origins = assistant.settings_of(authority).origins
    response._csp_replace = {"frame-ancestors": ["'self'", *origins]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    return response
