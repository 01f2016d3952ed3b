"""Sheets and search for the public: no account, no script needed, nothing internal."""

import functools
import json
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from parvis.common.http import client_address, public
from parvis.knowledge import actions, described, presentation, queries, search
from parvis.knowledge.kinds import Kind
from parvis.knowledge.models import Adoption, Searched, Sheet, SheetVersion
from parvis.knowledge.remembering import remember
from parvis.knowledge.views import asking, caching, national, othertexts
from parvis.organisations import queries as organisations
from parvis.organisations.http import (
    authority_of_page,
    canonical_address,
    public_address,
    published_address,
)
from parvis.organisations.models import Authority

LONGEST = 2000  # a whole e-mail may be pasted
BROWSED = 200
DESCRIBED_FOR = 60  # seconds
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
        "kinds": _kinds(authority) if question and not is_fragment else [],
        "has_themes": not is_fragment and queries.themes().exists(),
    }
    page = "knowledge/_answers.html" if is_fragment else "knowledge/search.html"
    response = render(request, page, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _kinds(authority: Authority) -> list[Kind]:
    return [Kind(one) for one in queries.public_kinds(authority.pk)]


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

    def page() -> HttpResponse:
        shown = _page(request, found, authority, today, others.version)
        context: dict[str, object] = {"page": shown, "others": others}
        if shown is not None:
            context["described"] = _described(request, authority, shown, today)
            context["canonical"] = canonical_address(
                request, authority, "knowledge:sheet", found.ref
            )
        return render(request, "knowledge/sheet.html", context)

    return caching.kept(request, authority, found, others.mark, page)


def _put_away(request: HttpRequest, authority: Authority, ref: str) -> HttpResponse:
    """A quoted address never dies: the sheet that answers now, or what was said and when."""
    archived = queries.archived_sheet(authority, ref)
    if archived is None:
        left = queries.left_here(authority.pk, ref)
        return _left(request, left) if left else national.elsewhere(request, ref, authority)
    target = queries.answers_instead(archived, authority)
    if target is not None:
        address = public_address(request, authority, "knowledge:sheet", target.ref)
        return HttpResponsePermanentRedirect(address)
    page = _page(request, archived, authority, timezone.localdate())
    response = render(request, "knowledge/archived.html", {"page": page})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _left(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    """It was read here and is no longer shared: said in words, with the way to who wrote it."""
    copy, sheet = adoption.copy, adoption.sheet
    if copy is not None and queries.public_sheet(adoption.authority, copy.ref):
        address = public_address(request, adoption.authority, "knowledge:sheet", copy.ref)
        return HttpResponsePermanentRedirect(address)
    is_read_there = sheet.is_public and sheet.state == Sheet.State.PUBLISHED
    there = (
        published_address(sheet.authority, "knowledge:sheet", sheet.ref)
        if (is_read_there and sheet.authority)
        else ""
    )
    context = {"adoption": adoption, "there": there}
    response = render(request, "knowledge/left.html", context, status=410)
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
    return caching.kept(
        request,
        authority,
        found,
        "documents",
        lambda: render(request, "knowledge/documents.html", {"page": page}),
    )


@public
def description(request: HttpRequest, ref: str, slug: str | None = None) -> HttpResponse:
    """The sheet in the words of schema.org, as JSON-LD."""
    authority = authority_of_page(request, slug)
    found = queries.public_sheet(authority, ref)
    if found is None:
        raise Http404
    today = timezone.localdate()
    page = _page(request, found, authority, today)
    if page is None:
        raise Http404
    document = _described(request, authority, page, today).document
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return caching.shared(HttpResponse(text, content_type="application/ld+json"), DESCRIBED_FOR)


def _described(
    request: HttpRequest, authority: Authority, page: presentation.SheetPage, today: date
) -> described.Described:
    topics = list(page.sheet.topics.values_list("pk", flat=True))
    return described.Described(
        page,
        authority,
        organisations.sites_for_topics(authority, topics) if topics else (),
        today,
        functools.partial(canonical_address, request, authority),
    )


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
