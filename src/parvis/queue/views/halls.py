"""What the pages inside a hall share: their site, and a language that nobody leaves behind."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation

from parvis.organisations.models import Site
from parvis.organisations.queries import public_site

P = ParamSpec("P")
PARAMETER = "langue"
HallView = Callable[Concatenate[HttpRequest, Site, P], HttpResponse]


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
        language = language_of(request)
        with translation.override(language), timezone.override(hall.timezone):
            response = view(request, hall, *args, **kwargs)
        response.headers["Content-Language"] = language
        return response

    return cast(Callable[Concatenate[HttpRequest, str, P], HttpResponse], inside)


def language_of(request: HttpRequest) -> str:
    """The language chosen on the screen, else by cookie, else the house's."""
    known = dict(settings.LANGUAGES)
    chosen = (request.GET.get(PARAMETER), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
    return next((code for code in chosen if code in known), settings.LANGUAGE_CODE)


def language_query(request: HttpRequest) -> str:
    """What keeps the chosen language in the addresses of the kiosk."""
    code = request.GET.get(PARAMETER)
    return f"?{PARAMETER}={code}" if code in dict(settings.LANGUAGES) else ""
