"""Public pages that a browser keeps: asked again each time, sent again only when they changed.

The mark of a page (its ETag) is made of everything that its reader sees: the words, the dates,
the files beside it, the house and its hours, the language and the look. A page is never older
than HOURS_KEPT seconds, for what is open now, and never older at all for the rest (decision 25).
"""

from collections.abc import Callable
from typing import Final

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language

from parvis import __version__
from parvis.common.idempotency import fingerprint
from parvis.knowledge import queries
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority
from parvis.organisations.queries import hours_mark

HOURS_KEPT: Final = 30
_LOOK = {"parvis_theme", "parvis_contrast", "parvis_shortcuts"}


def kept(
    request: HttpRequest,
    authority: Authority,
    found: Sheet,
    beside: str,
    render: Callable[[], HttpResponse],
) -> HttpResponse:
    """The page of a sheet, or the word that the browser's copy of it still holds."""
    if len(get_messages(request)):
        return render()  # somebody is told something once: not a page to keep
    etag = quote_etag(_mark(request, authority, found, beside))
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        response = render()
    response.headers["ETag"] = etag
    if found.current:
        response.headers["Last-Modified"] = http_date(found.current.published_at.timestamp())
    # Private: the forms of the page hold tokens of this reader.
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _mark(request: HttpRequest, authority: Authority, found: Sheet, beside: str) -> str:
    version, service, today = found.current, found.service, timezone.localdate()
    seen = (
        # Words of this sheet, and whether those that it links to are still there.
        version.pk if version else 0, queries.collection_number(),
        found.pk, found.title, found.breadcrumb, found.reviewed_on, found.review_due_on,
        found.is_public, found.source_note, found.source_url, found.important_change_on,
        service and (service.name, service.name_en, service.phone, service.email, service.address),
        # An embargo ends and a check falls due with a day.
        beside, today, found.is_stale(today),
        # The house around it, and what is open.
        _house(authority), open_mark(authority),
        request.get_full_path(), request.get_host(), get_language(),
        sorted((name, value) for name, value in request.COOKIES.items() if name in _LOOK),
        __version__,
    )  # fmt: skip
    return fingerprint(repr(seen))[:32]


def _house(authority: Authority) -> tuple[object, ...]:
    return (
        authority.pk, authority.slug, authority.name, authority.phone, authority.email,
        authority.address, authority.hostname, authority.directory_is_public,
        authority.action_colour, authority.deep_colour,
    )  # fmt: skip


def open_mark(authority: Authority) -> str:
    """Changes when a place of the authority opens, closes or has other hours."""
    key = f"knowledge:hours:{authority.pk}"
    known: str | None = cache.get(key)
    if known is None:
        known = fingerprint(hours_mark(authority, timezone.now()))[:16]
        cache.set(key, known, HOURS_KEPT)
    return known


def shared(response: HttpResponse, seconds: int) -> HttpResponse:
    """An answer that holds nothing of its reader: anybody on the way may keep it so long."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
