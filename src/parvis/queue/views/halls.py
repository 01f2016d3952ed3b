"""What the pages inside a hall share: their site, and a manner that nobody leaves behind."""

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from parvis.accounts.http import AgentRequest
from parvis.organisations.models import Site
from parvis.organisations.queries import public_site
from parvis.queue import queries, visitors

P = ParamSpec("P")
HallView = Callable[Concatenate[HttpRequest, Site, P], HttpResponse]
SWITCHES = ("1", "2")  # one switch: the mark moves by itself; two: one moves it, one chooses
MOST_TOPICS = 3


@dataclass(frozen=True)
class Manner:
    """How a kiosk speaks and is worked. It stands in its addresses, so that nothing is kept.

    ``langue``, ``contraste`` and ``avec`` (topics chosen before) are the person's and go with
    them; ``balayage`` (switches) and ``imprimante`` are the machine's and stay.
    """

    langue: str = ""
    contraste: str = ""
    avec: str = ""
    balayage: str = ""
    imprimante: str = ""

    def query(self, **changes: str) -> str:
        """The end of an address that keeps the manner, with some of it changed."""
        given = {name: value for name, value in asdict(replace(self, **changes)).items() if value}
        return f"?{urlencode(given)}" if given else ""

    @property
    def of_machine(self) -> "Manner":
        """What stays when the person goes."""
        return Manner(balayage=self.balayage, imprimante=self.imprimante)

    @property
    def topics(self) -> list[str]:
        """The short names of the topics chosen before this one."""
        return [slug for slug in self.avec.split(",") if slug][:MOST_TOPICS]


def manner_of(request: HttpRequest, languages: list[str]) -> Manner:
    """The manner in the address of a page; what makes no sense is left out."""
    given = request.GET
    switches, printer = given.get("balayage", ""), given.get("imprimante", "")
    return Manner(
        langue=visitors.asked(request, languages),
        contraste="plus" if given.get("contraste") == "plus" else "",
        avec=given.get("avec", "")[:200],
        balayage=switches if switches in SWITCHES else "",
        imprimante=printer if printer.isascii() and printer.isdigit() else "",
    )


def in_hall(view: HallView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Give the view its site, the site's time, and the language asked for in the address.

    A kiosk belongs to nobody: the language is in its addresses and is gone with the person, and
    what the browser itself prefers is nobody's choice. Only a cookie, set on purpose, counts too.
    """

    @functools.wraps(view)
    def inside(request: HttpRequest, site: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        hall = public_site(site)
        if hall is None:
            raise Http404
        request.authority = hall.authority  # type: ignore[attr-defined]
        language = language_of(request, queries.languages_of(hall))
        with translation.override(language), timezone.override(hall.timezone):
            response = view(request, hall, *args, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return cast(Callable[Concatenate[HttpRequest, str, P], HttpResponse], inside)


def language_of(request: HttpRequest, languages: list[str]) -> str:
    """The language chosen on the screen, else by cookie, else the house's."""
    if code := visitors.asked(request, languages):
        return code
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return cookie if cookie in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def chosen_site(request: AgentRequest) -> Site:
    """The hall that an agent's page is about: asked for, else where they sit, else the first."""
    sites = list(queries.halls_of(request.user))
    wanted = request.GET.get("site") or request.POST.get("site") or ""
    if wanted:
        found = next((site for site in sites if site.slug == wanted), None)
        if found is None:
            raise Http404
        return found
    here = queries.sits_at(request.user) or request.user.site_id
    found = next((site for site in sites if site.pk == here), sites[0] if sites else None)
    if found is None:
        raise Http404
    return found


def of_site(request: AgentRequest, site: Site, **more: Any) -> dict[str, Any]:
    """What every page of the machines of a hall shows: the hall, and the others to go to."""
    sites = list(queries.halls_of(request.user))
    may_manage = any(map(request.user.may, ("queue.manage", "settings.manage")))
    return {"site": site, "sites": sites, "may_manage": may_manage, **more}
