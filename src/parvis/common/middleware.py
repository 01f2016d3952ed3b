"""What every answer carries, and what becomes of a lawful "no" that a view let through."""

from collections.abc import Callable
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.common.errors import Busy, Refused

Handler = Callable[[HttpRequest], HttpResponse]


class ResponseHeaders:
    """Headers for privacy: no caching of personal pages, no sensors, no referrer outside."""

    POLICY: ClassVar[str] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class KindErrors:
    """Turns a refusal into a page that says it in words and keeps the status honest."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Busy):
            response = render(request, "web/429.html", {"sentence": error.message}, status=429)
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        if isinstance(error, Refused):
            return render(request, "web/refused.html", {"sentence": error.message}, status=409)
        return None
