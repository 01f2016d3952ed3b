"""The languages of the people in a hall, whatever language its agents work in."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

PARAMETER = "langue"


def known(languages: Iterable[str]) -> list[str]:
    """Those of the house among the languages of a site; all of them when it chose none."""
    chosen = set(languages)
    return [code for code in settings.VISITOR_LANGUAGES if code in chosen] or list(
        settings.VISITOR_LANGUAGES
    )


def asked(request: HttpRequest, languages: Iterable[str]) -> str:
    """The language asked for in the address, if people may have it; else nothing."""
    code = request.GET.get(PARAMETER, "")
    return code if code in languages else ""


def preferred(request: HttpRequest, languages: Iterable[str]) -> str:
    """What the reader's own device speaks, among these; nothing when it speaks none of them."""
    offered = set(languages)
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    spoken = (tag.partition("-")[0] for tag, _quality in wanted)  # the best comes first
    return next((code for code in spoken if code in offered), "")


def of_ticket(request: HttpRequest, ticket_language: str) -> str:
    """The language of a ticket's page: asked for, else as at the kiosk; nothing: the reader's own.

    French is what a kiosk speaks before anybody chose: it is nobody's choice.
    """
    languages = settings.VISITOR_LANGUAGES
    if code := asked(request, languages):
        return code
    chosen = ticket_language if ticket_language in languages else ""
    return "" if chosen == settings.LANGUAGE_CODE else chosen


def follow(request: HttpRequest, ticket_language: str) -> None:
    """Speak the language of a ticket on its page, and offer those of the hall."""
    if code := of_ticket(request, ticket_language):
        translation.activate(code)  # until the next request, which begins with its own
    request.hall_languages = [  # type: ignore[attr-defined]
        (code, f"?{PARAMETER}={code}") for code in settings.VISITOR_LANGUAGES
    ]
