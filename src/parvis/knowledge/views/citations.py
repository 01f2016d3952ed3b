"""What sheets rest on: pointing to articles, and what is to be read again when one changed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, refuse, requires
from parvis.knowledge import actions, queries
from parvis.knowledge.models import Citation, Sheet
from parvis.law import queries as law
from parvis.law.models import Article

SHOWN = 200
FOUND = 12


@requires("law.read")
@require_safe
def citing(request: AgentRequest, article_id: int) -> HttpResponse:
    article = get_object_or_404(
        Article.objects.visible_to(request.user).select_related("text"), pk=article_id
    )
    rows = queries.citing(request.user, article.pk)[:SHOWN]
    context = {"article": article, "citations": rows, "may_keep": _may_keep(request)}
    return render(request, "knowledge/citing.html", context)


@requires("law.read")
@require_safe
def to_check(request: AgentRequest) -> HttpResponse:
    rows = queries.citations_to_check(request.user)[:SHOWN]
    context = {"citations": rows, "may_keep": _may_keep(request)}
    return render(request, "knowledge/citations_to_check.html", context)


@requires("knowledge.write", "law.write_own")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def cite(request: AgentRequest, ref: str) -> HttpResponse:
    """What one sheet rests on, and pointing it to one article more."""
    sheet = _own_sheet(request, ref)
    if request.method == "POST":
        article = get_object_or_404(
            Article.objects.visible_to(request.user).select_related("text", "current"),
            pk=_number(request.POST.get("article", "")),
        )
        try:
            actions.cite(sheet, article, agent=request.user, words=request.POST.get("words", ""))
            messages.success(request, _("The sheet points to this article."))
        except Refused as refusal:
            refuse(request, refusal)
        return redirect("knowledge:cite", ref=sheet.ref)
    typed = request.GET.get("q", "").strip()[:100]
    held = list(queries.citations_of(sheet, request.user.authority_id))
    cited = {one.article_id for one in held}
    articles = law.find_articles(request.user, typed, limit=FOUND + len(cited))
    context = {
        "sheet": sheet,
        "citations": held,
        "typed": typed,
        "articles": [one for one in articles if one.pk not in cited][:FOUND],
    }
    return render(request, "knowledge/cite.html", context)


@requires("knowledge.write", "law.write_own")
@require_POST
@once
def still_holds(request: AgentRequest, citation_id: int) -> HttpResponse:
    citation = _citation(request, citation_id)
    try:
        actions.still_holds(citation, agent=request.user)
        messages.success(request, _("Noted: the sheet still holds."))
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(next_address(request, "/agent/fiches/loi/"))


@requires("knowledge.write", "law.write_own")
@require_POST
@once
def uncite(request: AgentRequest, ref: str) -> HttpResponse:
    sheet = _own_sheet(request, ref)
    for citation in queries.citations_of(sheet, request.user.authority_id).filter(
        article=_number(request.POST.get("article", ""))
    ):
        actions.uncite(citation, agent=request.user)
    return redirect("knowledge:cite", ref=sheet.ref)


def _citation(request: AgentRequest, citation_id: int) -> Citation:
    rows = Citation.objects.visible_to(request.user)
    citation = get_object_or_404(
        rows.select_related("sheet", "article__text", "article__current"), pk=citation_id
    )
    _check_own(request, citation.sheet)
    return citation


def _own_sheet(request: AgentRequest, ref: str) -> Sheet:
    sheet = queries.sheet_for(request.user, ref)
    if sheet is None:
        raise Http404
    _check_own(request, sheet)
    return sheet


def _may_keep(request: AgentRequest) -> bool:
    return request.user.may("knowledge.write") or request.user.may("law.write_own")


def _check_own(request: AgentRequest, sheet: Sheet) -> None:
    """Whoever writes for one service points the sheets of that service only."""
    own = sheet.service_id is not None and sheet.service_id == request.user.service_id
    if not request.user.may("knowledge.write") and not own:
        raise PermissionDenied


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
