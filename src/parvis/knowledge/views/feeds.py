"""Atom feeds of what is new in the public sheets: of all, of a family of topics, of a service."""

import functools
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parvis.common.http import public
from parvis.common.idempotency import fingerprint
from parvis.knowledge import queries
from parvis.knowledge.models import Sheet
from parvis.knowledge.views import caching
from parvis.organisations.http import authority_of_page, canonical_address
from parvis.organisations.models import Authority, Service, TopicFamily

MOST: Final = 50
KEPT_FOR: Final = 300  # seconds
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
# The name of a thing never changes, wherever it is published.
_NAMES: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "parvis.sheets")


class _Feed(Atom1Feed):
    """Atom (RFC 4287); a feed without entries is not new at each look."""

    content_type = "application/atom+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else _NEVER


@public
def of_all(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    title = _("%(authority)s: sheets") % {"authority": authority.name}
    return _answer(request, authority, title, "knowledge:feed")


@public
def of_family(request: HttpRequest, family: str, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    found = get_object_or_404(TopicFamily, authority=authority, slug=family)
    title = _("%(authority)s: sheets, %(part)s") % {
        "authority": authority.name,
        "part": found.label,
    }
    return _answer(request, authority, title, "knowledge:feed-family", family=found)


@public
def of_service(request: HttpRequest, service: str, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    found = get_object_or_404(Service, authority=authority, slug=service, is_active=True)
    title = _("%(authority)s: sheets, %(part)s") % {
        "authority": authority.name,
        "part": found.label,
    }
    return _answer(request, authority, title, "knowledge:feed-service", service=found)


def _answer(
    request: HttpRequest, authority: Authority, title: str, name: str, **part: Any
) -> HttpResponse:
    web = functools.partial(canonical_address, request, authority)
    slugs = [one.slug for one in part.values()]
    address = web(name, *slugs)
    seen = (queries.collection_number(), title, address, authority.name, get_language())
    etag = quote_etag(fingerprint(repr(seen))[:32])
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        feed = _Feed(
            title=title,
            link=web("knowledge:search"),
            description=_("New and changed sheets, as the public reads them."),
            feed_url=address,
            feed_guid=_name(authority, *slugs),
            author_name=authority.name,
            language=get_language(),
        )
        for sheet in queries.latest_sheets(authority, **part)[:MOST]:
            _add(feed, sheet, authority, web("knowledge:sheet", sheet.ref))
        response = HttpResponse(feed.writeString("utf-8"), content_type=_Feed.content_type)
    response.headers["ETag"] = etag
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return caching.shared(response, KEPT_FOR)


def _add(feed: _Feed, sheet: Sheet, authority: Authority, address: str) -> None:
    version = sheet.current
    assert version is not None  # noqa: S101 - only what is read is listed
    feed.add_item(
        title=version.title,
        link=address,
        description=escape(version.short_answer),
        unique_id=_name(authority, "sheet", sheet.ref),
        pubdate=sheet.first_at,  # type: ignore[attr-defined]
        updateddate=version.published_at,
        categories=[label for label in (sheet.service and sheet.service.label,) if label],
    )


def _name(authority: Authority, *parts: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMES, ':'.join([authority.slug, *parts]))}"
