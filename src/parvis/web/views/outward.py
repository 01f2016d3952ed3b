"""What search engines ask for first: which pages there are, and which are nobody's business."""

import functools
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Final
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from parvis.common.http import public
from parvis.common.idempotency import fingerprint
from parvis.knowledge import queries as knowledge
from parvis.knowledge.queries import Listed
from parvis.organisations.http import authority_of_page, canonical_address, own_authority
from parvis.organisations.models import Authority

MOST: Final = 50_000  # addresses in one file, as sitemaps.org has it
KEPT_FOR: Final = 600  # seconds
XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
CLOSED: Final = (
    "/agent/", "/api/", "/connexion/", "/deconnexion/", "/ticket/", "/suivi/", "/entrer/",
    "/borne/", "/ecran/", "/agenda/", "/affichage/", "/langue/",
)  # fmt: skip
_PAGES: Final = ("web:front", "web:hours", "knowledge:search", "appointments:topics",
                 "web:accessibility", "web:privacy", "web:legal")  # fmt: skip


@public
def sitemap(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The public pages of an authority; a list of lists when there are too many for one."""
    authority = authority_of_page(request, slug)
    return _kept(request, authority, lambda: _sitemap(request, authority))


@public
def sitemap_part(request: HttpRequest, part: int, slug: str | None = None) -> HttpResponse:
    """One of the lists."""
    authority = authority_of_page(request, slug)
    entries = list(islice(_entries(authority), (part - 1) * MOST, part * MOST)) if part else []
    if not entries:
        raise Http404
    return _kept(request, authority, lambda: _urls(request, authority, entries))


def _sitemap(request: HttpRequest, authority: Authority) -> str:
    entries = list(_entries(authority))
    if len(entries) <= MOST:
        return _urls(request, authority, entries)
    web = functools.partial(canonical_address, request, authority)
    parts = range(1, -(-len(entries) // MOST) + 1)
    lines = [f"<sitemap><loc>{web('web:sitemap-part', part)}</loc></sitemap>" for part in parts]
    return f"{XML}<sitemapindex {SPACE}>\n" + "\n".join(lines) + "\n</sitemapindex>\n"


def _entries(authority: Authority) -> Iterator[Listed]:
    pages = [*_PAGES]
    if authority.directory_is_public:
        pages.append("organisations:directory")
    themes = knowledge.listed_nodes()
    own = (Listed(name, "", None) for name in pages)
    return chain(own, knowledge.listed_sheets(authority), themes)


def _urls(request: HttpRequest, authority: Authority, entries: list[Listed]) -> str:
    # The address of one page of each kind is asked for; the others differ by their reference.
    web = functools.partial(canonical_address, request, authority)
    kinds = {entry.name for entry in entries}
    shapes = {kind: web(kind, "REF") if _has_ref(kind) else web(kind) for kind in kinds}
    lines = []
    for entry in entries:
        place = escape(shapes[entry.name].replace("/REF/", f"/{entry.ref}/"))
        changed = f"<lastmod>{entry.changed_at.isoformat()}</lastmod>" if entry.changed_at else ""
        lines.append(f"<url><loc>{place}</loc>{changed}</url>")
    return f"{XML}<urlset {SPACE}>\n" + "\n".join(lines) + "\n</urlset>\n"


def _has_ref(name: str) -> bool:
    return name in {"knowledge:sheet", "knowledge:theme", "knowledge:resource"}


def _kept(request: HttpRequest, authority: Authority, write: Callable[[], str]) -> HttpResponse:
    seen = (
        knowledge.collection_number(), authority.pk, authority.slug, authority.hostname,
        authority.directory_is_public, request.get_full_path(), settings.BASE_URL,
    )  # fmt: skip
    etag = quote_etag(fingerprint(repr(seen))[:32])
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        response = HttpResponse(write(), content_type="application/xml; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return response


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Where robots have no business, and where the lists of pages are."""
    own = own_authority(request)
    authorities = [own] if own and own.hostname else list(Authority.objects.order_by("pk"))
    lists = [canonical_address(request, one, "web:sitemap") for one in authorities]
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in CLOSED)]
    lines += ["", *(f"Sitemap: {place}" for place in lists), ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return response
