"""Sheets and search for the public: no account, no script needed, nothing internal."""

import functools
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language

from parvis import __version__
from parvis.common.http import client_address, public
from parvis.common.idempotency import fingerprint
from parvis.knowledge import actions, presentation, queries, search
from parvis.knowledge.models import Searched, Sheet, SheetVersion
from parvis.knowledge.remembering import remember
from parvis.knowledge.views import asking, national, othertexts
from parvis.organisations.http import authority_of_page, public_address
from parvis.organisations.models import Authority

LONGEST = 2000  # a whole e-mail may be pasted
BROWSED = 200
FRESH_FOR = 600
CLOSEST = 4


@public
def find(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Answers with their passage; without one the closest sheets, and always a person."""
    authority = authority_of_page(request, slug)
    question = request.GET.get("q", "").strip()[:LONGEST]
    secret, kind = asking.page_secret(request), request.GET.get("genre", "")[:60]
    found = None
    if question:
        filters = search.Filters(kind=kind)
        found = search.find(question, authority_id=authority.pk, filters=filters)
        remember(
            authority.pk,
            question,
            found,
            place=Searched.Place.PUBLIC,
            secret=secret,
            sender=client_address(request),
        )
    own = [] if found else list(queries.own_public_sheets(authority)[:BROWSED])
    is_fragment = request.headers.get("HX-Target") == "reponses"
    context = {
        "question": question,
        "found": found,
        # What does not answer is not worth a long list.
        "shown": found.results[: None if found.answered else CLOSEST] if found else [],
        "own": own,
        "is_fragment": is_fragment,
        "secret": secret,
        "kind": kind,
        "kinds": queries.public_kinds(authority.pk) if question and not is_fragment else [],
        "has_themes": not is_fragment and queries.themes().exists(),
    }
    page = "knowledge/_answers.html" if is_fragment else "knowledge/search.html"
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@public
def sheet(request: HttpRequest, ref: str, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    found = queries.public_sheet(authority, ref)
    if found is None:
        return _put_away(request, authority, ref)
    if secret := request.GET.get(asking.FIELD, ""):
        actions.note_opening(authority.pk, secret[:32], found)
    today = timezone.localdate()
    others = othertexts.beside(request, found, today)
    etag = _etag(request, found, today, others)
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        page = _page(request, found, authority, today, others.version)
        response = render(request, "knowledge/sheet.html", {"page": page, "others": others})
    return _cacheable(response, found, etag)


def _put_away(request: HttpRequest, authority: Authority, ref: str) -> HttpResponse:
    """A quoted address never dies: the sheet that answers now, or what was said and when."""
    archived = queries.archived_sheet(authority, ref)
    if archived is None:
        return national.elsewhere(request, ref, authority)
    target = queries.answers_instead(archived, authority)
    if target is not None:
        address = public_address(request, authority, "knowledge:sheet", target.ref)
        return HttpResponsePermanentRedirect(address)
    page = _page(request, archived, authority, timezone.localdate())
    response = render(request, "knowledge/archived.html", {"page": page})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@public
def documents(request: HttpRequest, ref: str, slug: str | None = None) -> HttpResponse:
    """The list of documents alone, to print or to keep on a phone."""
    authority = authority_of_page(request, slug)
    found = queries.public_sheet(authority, ref)
    if found is None:
        return _put_away(request, authority, ref)
    page = _page(request, found, authority, timezone.localdate())
    if not page or not page.documents:
        raise Http404
    return render(request, "knowledge/documents.html", {"page": page})


def _page(
    request: HttpRequest,
    found: Sheet,
    authority: Authority,
    today: date,
    version: SheetVersion | None = None,
) -> presentation.SheetPage | None:
    address = functools.partial(public_address, request, authority, "knowledge:sheet")
    return presentation.public_page(
        found,
        authority_id=authority.pk,
        today=today,
        address=address,
        version=version,
        answers=request.GET.dict(),
    )


def _etag(request: HttpRequest, found: Sheet, today: date, others: othertexts.Beside) -> str:
    """Changes with the words and with whatever else this reader sees on the page."""
    version = found.current
    seen = (
        version.pk if version else 0,
        found.pk, found.title, found.breadcrumb, found.reviewed_on, found.is_stale(today),
        found.service and found.service.label,
        others.mark,
        request.GET.urlencode(),
        get_language(),
        request.get_host(),
        sorted((name, value) for name, value in request.COOKIES.items() if name in _LOOK),
        __version__,
        # The foot of the page tells what is open now.
        int(timezone.now().timestamp() // FRESH_FOR),
    )  # fmt: skip
    return quote_etag(fingerprint(repr(seen))[:32])


_LOOK = {"parvis_theme", "parvis_contrast"}


def _cacheable(response: HttpResponse, found: Sheet, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    if found.current:
        response.headers["Last-Modified"] = http_date(found.current.published_at.timestamp())
    # Private: the language form of the page holds a token of this reader.
    response.headers["Cache-Control"] = "private, max-age=60"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
