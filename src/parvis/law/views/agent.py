"""The legal register for colleagues: texts, articles, wordings, interpretations."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.law import actions, queries, rules
from parvis.law.forms import (
    ArticleForm,
    ChangeForm,
    InterpretationForm,
    RepealForm,
    TextForm,
)
from parvis.law.models import Article, Interpretation, LegalText

WRITERS = ("law.write", "law.write_own")
SHOWN = 100


@requires("law.read")
@require_safe
def register(request: AgentRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    context = {
        "words": words,
        "texts": queries.register(request.user, words)[:SHOWN],
        "to_check": queries.to_check(request.user, timezone.localdate())[:SHOWN],
        "undecided": queries.undecided(request.user)[:SHOWN],
        "may_add": any(request.user.may(name) for name in WRITERS),
    }
    return render(request, "law/register.html", context)


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: AgentRequest) -> HttpResponse:
    return _edit(request, LegalText())


@requires("law.read")
@require_safe
def text(request: AgentRequest, text_id: int) -> HttpResponse:
    found = _text(request, text_id)
    context = {
        "text": found,
        "articles": queries.articles_of(found),
        "today": timezone.localdate(),
        "may_write": queries.may_write(request.user, found),
    }
    return render(request, "law/text.html", context)


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit(request: AgentRequest, text_id: int) -> HttpResponse:
    return _edit(request, _kept(request, _text(request, text_id)))


def _edit(request: AgentRequest, found: LegalText) -> HttpResponse:
    form = TextForm(request.POST or None, instance=found, actor=request.user)
    if form.is_valid():
        kept = actions.keep_text(form.instance, actor=request.user)
        messages.success(request, _("The text is in the register."))
        return redirect("law:text", text_id=kept.pk)
    return _form(request, "law/text_form.html", form, text=found)


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_article(request: AgentRequest, text_id: int) -> HttpResponse:
    found = _kept(request, _text(request, text_id))
    form = ArticleForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.add_article(
                found, **form.cleaned_data, agent=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("number", refusal.message)
        else:
            messages.success(request, _("The article is in the register."))
            return redirect("law:article", article_id=made.pk)
    return _form(request, "law/article_form.html", form, text=found)


@requires("law.read")
@require_safe
def article(request: AgentRequest, article_id: int) -> HttpResponse:
    return render(request, "law/article.html", _article_context(request, article_id))


@requires(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def change(request: AgentRequest, article_id: int) -> HttpResponse:
    found = _kept_article(request, article_id)
    before = found.current.wording if found.current else ""
    form = ChangeForm(request.POST or None, initial={"wording": before})
    if form.is_valid():
        try:
            actions.record_change(
                found, **form.cleaned_data, agent=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error("wording", refusal.message)
        else:
            messages.success(request, _("Entered. What rests on this article is to be checked."))
            return redirect("law:article", article_id=found.pk)
    return _form(request, "law/article_form.html", form, text=found.text, article=found)


@requires(*WRITERS)
@require_POST
@once
def confirm(request: AgentRequest, article_id: int) -> HttpResponse:
    found = _kept_article(request, article_id)
    actions.confirm(found, agent=request.user, now=timezone.now())
    messages.success(request, _("Noted: it reads as before today."))
    return redirect("law:article", article_id=found.pk)


@requires(*WRITERS)
@require_POST
@once
def repeal(request: AgentRequest, article_id: int) -> HttpResponse:
    found = _kept_article(request, article_id)
    form = RepealForm(request.POST)
    if not form.is_valid():
        return _again(request, found, repeal_form=form)
    try:
        actions.repeal(found, on=form.cleaned_data["on"], agent=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("law:article", article_id=found.pk)


@requires("law.propose")
@require_POST
@once
def interpret(request: AgentRequest, article_id: int) -> HttpResponse:
    found = _article(request, article_id)
    form = InterpretationForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _again(request, found, form=form)
    try:
        actions.interpret(found, **form.cleaned_data, agent=request.user, now=timezone.now())
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("law:article", article_id=found.pk)


@requires("law.decide")
@require_POST
@once
def decide(request: AgentRequest, interpretation_id: int) -> HttpResponse:
    rows = Interpretation.objects.visible_to(request.user).select_related("article")
    found = get_object_or_404(rows, pk=interpretation_id)
    status = request.POST.get("status", "")
    if status not in rules.MOVES:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        actions.decide(found, status=status, reason=reason, agent=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("law:article", article_id=found.article_id)


def _text(request: AgentRequest, text_id: int) -> LegalText:
    rows = LegalText.objects.visible_to(request.user).select_related("service")
    return get_object_or_404(rows, pk=text_id)


def _article(request: AgentRequest, article_id: int) -> Article:
    return get_object_or_404(queries.article_page(request.user, article_id))


def _kept(request: AgentRequest, found: LegalText) -> LegalText:
    if not queries.may_write(request.user, found):
        raise PermissionDenied
    return found


def _kept_article(request: AgentRequest, article_id: int) -> Article:
    found = _article(request, article_id)
    _kept(request, found.text)
    return found


def _article_context(request: AgentRequest, article_id: int) -> dict[str, Any]:
    found = _article(request, article_id)
    current = found.current_id
    return {
        "article": found,
        "earlier": [one for one in found.versions.all() if one.pk != current],
        "readings": [
            (one, sorted(rules.MOVES[one.status]), one.version_id != current)
            for one in found.interpretations.all()
        ],
        "is_due": found.is_check_due(timezone.localdate()),
        "may_write": queries.may_write(request.user, found.text),
        "may_propose": request.user.may("law.propose") and not found.repealed_on,
        "may_decide": request.user.may("law.decide"),
        "form": InterpretationForm(actor=request.user),
        "repeal_form": RepealForm(),
    }


def _again(request: AgentRequest, found: Article, **forms: Any) -> HttpResponse:
    """The page of the article with what was typed and what is to be corrected."""
    context = {**_article_context(request, found.pk), **forms}
    return render(request, "law/article.html", context, status=422)


def _form(request: AgentRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, **context}, status=status)
