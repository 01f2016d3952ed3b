"""What every answer carries, and what becomes of a lawful "no" that a view let through."""

import logging
from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from csp.constants import HEADER as CSP
from csp.middleware import CSPMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils.translation import gettext as _

from parvis.common import outage
from parvis.common.bridge import REFUSED
from parvis.common.errors import Busy, Refused
from parvis.common.http import is_program, problem

log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]


class ContentPolicy(CSPMiddleware):  # type: ignore[misc]  # csp has no types
    """What a page may load; an answer that brings its own, stricter policy keeps it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        # Working the usual one out only to drop it costs a twentieth of a call to the next person.
        return response if CSP in response else super().process_response(request, response)


class ResponseHeaders:
    """Headers for privacy: no caching of personal pages, no sensors, no referrer outside."""

    POLICY: ClassVar[str] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    NOTHING: ClassVar[str] = "default-src 'none'; frame-ancestors 'none'"  # an answer is no page

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if is_program(request):
            response.headers.setdefault(CSP, self.NOTHING)
        return response


class Sessions(SessionMiddleware):
    """Sessions that never spoil a page which was only read.

    On a full disk an agent still reads: that they were there a minute ago is then not noted, and
    at worst their screen locks early. Django would call it a deleted session (400).
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except Exception as error:
            cause = outage.cause_of(error)
            if cause is None:
                raise
            if request.method not in {"GET", "HEAD"}:
                raise cause from None
            log.error("the session cannot be stored: %s", cause)
            return response


class PlainText:
    """Refuses the NUL character: no keyboard types it, SQLite keeps it, PostgreSQL breaks on it.

    Works in ``process_view``, after the CSRF check. The bodies of the API check their own texts.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if is_program(request):
            if _with_nul(kwargs, request.GET):
                return problem(422, _("Not understood"), _("NUL characters are not text."))
        elif _with_nul(kwargs, request.GET, request.POST):
            return HttpResponse(render_to_string("web/400.html"), status=400)
        return None


def _with_nul(kwargs: dict[str, Any], *given: QueryDict) -> bool:
    if any("\0" in str(value) for value in kwargs.values()):
        return True
    return any("\0" in value for form in given for _key, values in form.lists() for value in values)


class WholeBodies:
    """Answers in words when the body of a request was not taken (``common.bodies``)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        status = request.META.get(REFUSED)
        if not status:
            return self.get_response(request)
        if is_program(request):
            return problem(status, _("Not taken"), self._for_programs(status))
        page = {"refused": status, "back_url": _before(request)}
        response = render(request, "web/413.html", page, status=status)
        response.headers["Referrer-Policy"] = "no-referrer"  # the address may hold a secret
        return response

    @staticmethod
    def _for_programs(status: int) -> str:
        return {
            408: _("The request came too slowly. Nothing was changed."),
            413: _("The request is too big. Nothing was changed."),
        }.get(status, _("Too much arrives at this moment. Nothing was changed."))


def _before(request: HttpRequest) -> str:
    """The page that the form stood on; a page that names no referrer stands one step above."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host():
        return came_from.path
    above = urljoin(request.path, "../")
    return above if is_valid_path(above) else request.path


class KindErrors:
    """Turns a refusal into a page that says it in words and keeps the status honest."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405:
            return response
        allowed = response.headers.get("Allow", "")
        if not is_program(request):
            # The other headers stay: of a secret page they keep the address to itself.
            response.content = render(
                request, "web/405.html", {"back_url": _before(request)}
            ).content
            response.headers["Content-Type"] = "text/html; charset=utf-8"
            return response
        detail = _("This address takes %(methods)s.") % {"methods": allowed}
        response = problem(405, _("Method not allowed"), detail)
        response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Busy):
            response = render(request, "web/429.html", {"sentence": error.message}, status=429)
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        if isinstance(error, Refused):
            return render(request, "web/refused.html", {"sentence": error.message}, status=409)
        if isinstance(error, outage.NO_DATABASE):
            return outage.sorry(request, error)
        if isinstance(error, OverflowError):
            # The year 9999 or a number of thirty digits: typed by hand into an address, mostly.
            log.warning("out of range at %s", request.path, exc_info=error)
            return HttpResponse(render_to_string("web/400.html"), status=400)
        return None
