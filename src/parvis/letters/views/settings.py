"""Settings: wordings with their history and a look at the paper, letterhead, delegations."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.letters import actions, papers, queries, rules
from parvis.letters.forms.letters import DelegationForm, LetterheadForm, WordingForm
from parvis.letters.models import Delegation, Kind
from parvis.letters.queries import Wording
from parvis.letters.views.fetching import paper

MANAGES = "letters.manage"


@requires(MANAGES)
@require_safe
def templates(request: AgentRequest) -> HttpResponse:
    today = timezone.localdate()
    authority = request.user.authority
    rows = Delegation.objects.visible_to(request.user).select_related("entry", "service")
    context = {
        "wordings": [
            (one, Kind(one.kind).label) for one in queries.wordings(request.user.authority_id)
        ],
        "head": queries.letterhead(authority),
        "delegations": [(row, _in_force(row, today)) for row in rows],
    }
    return render(request, "letters/templates.html", context)


def _in_force(row: Delegation, today: object) -> bool:
    return rules.may_sign(
        valid_from=row.valid_from,
        valid_through=row.valid_through,
        on=today,  # type: ignore[arg-type]
    )


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def template(request: AgentRequest, kind: str) -> HttpResponse:
    """One wording: changed here; what letters said before stays readable below."""
    if kind not in Kind.values:
        raise Http404
    wording = _wording(request, kind)
    form = WordingForm(request.POST or None, initial=_initial(request, wording))
    if form.is_valid():
        if "preview" in request.POST:
            return _look(request, kind, form)
        try:
            actions.keep_wording(kind, agent=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error("body", refused.message)
        else:
            messages.success(request, _("The wording is kept: the next letters begin with it."))
            return redirect("letters:templates")
    context = {
        "form": form,
        "kind": kind,
        "title": wording.name or Kind(kind).label,
        "wording": wording,
        "versions": queries.versions(request.user, kind, wording.name),
        "fields": sorted(rules.FIELDS),
        "is_new": "nouveau" in request.GET,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "letters/template.html", context, status=status)


def _wording(request: AgentRequest, kind: str) -> Wording:
    key = f"{kind}:{request.GET.get('modele', '')}" if request.GET.get("modele") else kind
    found = queries.wording(request.user.authority_id, key)
    if found is None or found.kind != kind:
        raise Http404
    return found


def _initial(request: AgentRequest, wording: Wording) -> dict[str, str]:
    name = "" if "nouveau" in request.GET else wording.name
    return {"name": name, "subject": wording.subject, "body": wording.body}


def _look(request: AgentRequest, kind: str, form: WordingForm) -> HttpResponse:
    """The paper with invented people, before anything is kept."""
    given = form.cleaned_data
    shown = queries.sample(request.user.authority, kind, given["subject"], given["body"])
    name = "slip" if kind == Kind.SLIP else "letter"
    return paper(papers.pdf(name, shown), name="apercu.pdf")


@requires(MANAGES)
@once
@require_POST
def drop(request: AgentRequest, kind: str) -> HttpResponse:
    wording = _wording(request, kind)
    if wording.template is None:
        raise Http404
    try:
        actions.drop_wording(wording.template, agent=request.user)
    except Refused as refused:
        refuse(request, refused)
    else:
        messages.success(request, _("This wording is offered no more."))
    return redirect("letters:templates")


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def letterhead(request: AgentRequest) -> HttpResponse:
    head = queries.letterhead(request.user.authority)
    form = LetterheadForm(request.POST or None, initial={"place": head.place, "foot": head.foot})
    if form.is_valid():
        actions.keep_letterhead(agent=request.user, **form.cleaned_data)
        messages.success(request, _("The letterhead is kept."))
        return redirect("letters:templates")
    status = 422 if request.method == "POST" else 200
    return render(request, "letters/letterhead.html", {"form": form}, status=status)


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def delegation(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    rows = Delegation.objects.visible_to(request.user)
    row = get_object_or_404(rows, pk=pk) if pk is not None else None
    initial = {} if row else {"valid_from": timezone.localdate()}
    form = DelegationForm(request.POST or None, instance=row, actor=request.user, initial=initial)
    if form.is_valid():
        kept = actions.keep_delegation(form.instance, agent=request.user)
        messages.success(request, _("“%(row)s” is kept.") % {"row": kept})
        return redirect("letters:templates")
    context = {"form": form, "row": row}
    status = 422 if request.method == "POST" else 200
    return render(request, "letters/delegation.html", context, status=status)
