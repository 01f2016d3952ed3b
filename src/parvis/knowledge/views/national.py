"""The national set beyond its sheets: themes, words, forms, and where old addresses lead."""

import functools
import string

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone

from parvis.common.http import public
from parvis.knowledge import presentation, queries
from parvis.knowledge.models import Sheet
from parvis.organisations.http import authority_of_page, public_address
from parvis.organisations.models import Authority

NATIONAL = "https://www.service-public.gouv.fr/particuliers/vosdroits/{}"


@public
def themes(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Every theme with what stands under it."""
    authority_of_page(request, slug)
    return render(request, "knowledge/themes.html", {"themes": queries.themes()})


@public
def theme(request: HttpRequest, ref: str, slug: str | None = None) -> HttpResponse:
    """One theme or file of sheets: what it says, what stands in it."""
    authority = authority_of_page(request, slug)
    node = queries.node(ref)
    if node is None:
        return elsewhere(request, ref, authority)
    above = [one for one in (node.parent and node.parent.parent, node.parent) if one]
    parts = [
        {"node": child, "sheets": queries.sheets_in(child, authority_id=authority.pk)}
        for child in queries.children_of(node)
    ]
    context = {
        "node": node,
        "above": above,
        "introduction": presentation.prose(node.introduction, _address(request, authority)),
        "parts": parts,
        "sheets": queries.sheets_in(node, authority_id=authority.pk),
    }
    return render(request, "knowledge/theme.html", context)


@public
def resource(request: HttpRequest, ref: str, slug: str | None = None) -> HttpResponse:
    """A form, an online service, a letter, a word or an amount, with its origin."""
    authority = authority_of_page(request, slug)
    found = queries.resource(ref)
    if found is None:
        return elsewhere(request, ref, authority)
    linked = found.facts.get("linked", [])
    refs = {one["ref"] for one in linked}
    known = queries.known_refs(authority.pk, refs) | queries.known_resources(refs)
    context = {
        "resource": found,
        "html": presentation.prose(found.html, _address(request, authority)),
        "linked": [one for one in linked if one["ref"] in known],
        "today": timezone.localdate().isoformat(),
    }
    return render(request, "knowledge/resource.html", context)


@public
def glossary(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The words that the sheets use, explained."""
    authority = authority_of_page(request, slug)
    letter = request.GET.get("lettre", "")[:1].upper()
    letter = letter if letter in string.ascii_uppercase else ""
    address = _address(request, authority)
    words = [
        {"word": word, "html": presentation.prose(word.html, address)}
        for word in queries.glossary(letter)
    ]
    context = {"words": words, "letter": letter, "letters": string.ascii_uppercase}
    return render(request, "knowledge/glossary.html", context)


def _address(request: HttpRequest, authority: Authority) -> presentation.Address:
    return functools.partial(public_address, request, authority, "knowledge:sheet")


def elsewhere(request: HttpRequest, ref: str, authority: Authority) -> HttpResponse:
    """An address that was quoted never dies: its successor, the old text, or where to look."""
    moved = queries.successor(ref, authority_id=authority.pk)
    to = moved.ref if moved else ref
    if page := _page_of(to, authority):
        name, target = page
        return HttpResponsePermanentRedirect(public_address(request, authority, name, target))
    if (sheet := queries.withdrawn_sheet(ref)) is not None:
        return _withdrawn(request, sheet, authority, moved)
    if moved is None:
        raise Http404
    outside = moved.url or (NATIONAL.format(moved.ref) if queries.is_national(moved.ref) else "")
    if not outside:
        raise Http404
    return render(request, "knowledge/moved.html", {"ref": ref, "outside": outside}, status=410)


def _page_of(ref: str, authority: Authority) -> tuple[str, str] | None:
    """The page of this installation that shows the reference."""
    if queries.public_sheet(authority, ref):
        return "knowledge:sheet", ref
    if queries.node(ref):
        return "knowledge:theme", ref
    if queries.resource(ref):
        return "knowledge:resource", ref
    return None


def _withdrawn(
    request: HttpRequest, sheet: Sheet, authority: Authority, moved: queries.Successor | None
) -> HttpResponse:
    page = presentation.public_page(
        sheet,
        authority_id=authority.pk,
        today=timezone.localdate(),
        address=_address(request, authority),
        answers=request.GET.dict(),
    )
    if page is None:
        raise Http404
    outside = (moved.url or NATIONAL.format(moved.ref)) if moved else ""
    response = render(request, "knowledge/sheet.html", {"page": page, "outside": outside})
    response.headers["X-Robots-Tag"] = "noindex"
    return response
