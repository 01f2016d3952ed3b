"""Fetching with the right: what the agent may not read does not exist, or asks why first."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from parvis.accounts.http import AgentRequest
from parvis.cases import queries
from parvis.cases.asking import ReasonMissing, check
from parvis.cases.forms import DangerForm, ReasonForm
from parvis.cases.models import Case
from parvis.common import codes

P = ParamSpec("P")
View = Callable[Concatenate[AgentRequest, P], HttpResponse]


def any_case_of(request: AgentRequest, reference: str) -> Case:
    """The case with this reference, typed as people type it, whether or not it opens yet."""
    plain = codes.parse_reference(reference)
    if plain is None:
        raise Http404
    found = get_object_or_404(queries.whole(request.user), reference=plain)
    if found.merged_into_id is None:
        return found
    # The old code leads to the case where it goes on.
    return get_object_or_404(queries.whole(request.user), pk=queries.root_id(found))


def case_of(request: AgentRequest, reference: str) -> Case:
    """The same, for somebody of its service or with a reason."""
    found = any_case_of(request, reference)
    check_reason(request, found)
    return found


def check_reason(request: AgentRequest, found: Case) -> None:
    """Stop whoever comes from another service and has not said why."""
    check(found, request.user, timezone.now(), acting=request.method == "POST")


def asks_why(view: View[P]) -> View[P]:
    """Where a reason is missing, the page that asks for it stands in for the page asked for."""

    @functools.wraps(view)
    def wrapped(request: AgentRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ReasonMissing as missing:
            return reason_page(request, missing.case)

    return cast(View[P], wrapped)


def reason_page(
    request: AgentRequest,
    found: Case,
    form: ReasonForm | None = None,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Why do you open it? One page, and what somebody had typed already is not lost."""
    is_late = form is None and request.method == "POST"
    wanted = request.GET.get("motif", "")
    context = {
        "case": found,
        "reference": codes.format_reference(found.reference),
        "form": form or ReasonForm(initial={"reason": wanted}, auto_id="why_%s"),
        "next": request.POST.get("next", "") if not is_late else "",
        "typed": request.POST.get("text", "") if is_late else "",
        "refusal": refusal,
    }
    if request.method in ("GET", "HEAD"):
        context["next"] = request.GET.get("next") or request.get_full_path()
    return render(request, "cases/reason.html", context, status=409 if is_late else status)


def stub_page(
    request: AgentRequest, reference: str, form: DangerForm | None = None, *, status: int = 200
) -> HttpResponse:
    """Known to a sensitive service: whom to ask, and nothing else."""
    stub = queries.stub_of(request.user, reference)
    if stub is None:
        raise Http404
    may_break = request.user.may("cases.break_seal")
    context = {
        "stub": stub,
        "plain": reference,
        "form": (form or DangerForm(auto_id="danger_%s")) if may_break else None,
        "is_open": form is not None,
    }
    return render(request, "cases/stub.html", context, status=status)
