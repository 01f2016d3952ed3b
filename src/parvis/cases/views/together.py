"""The same done for several cases that were chosen on a shelf."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.cases import actions, forms, queries
from parvis.cases.actions import Note
from parvis.cases.models import Case
from parvis.cases.views.acting import ACTS
from parvis.cases.views.portfolio import keep_shelf, shelf_of
from parvis.common import codes
from parvis.common.http import once, requires

MOST = 60  # as many as a page of the portfolio shows
MANY = ("passation", "suite", "suppleance")
Run = Callable[[Case], object]


@requires("cases.assign")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def together(request: AgentRequest) -> HttpResponse:
    cases = _chosen(request)
    shelf = keep_shelf(shelf_of(request))
    if not cases:
        messages.info(request, _("Choose cases of your service first."))
        return redirect(f"{reverse('cases:portfolio')}?{shelf}")
    act = request.GET.get("act", "")
    act = act if act in MANY else MANY[0]
    form = ACTS[act].form(request.POST or None, case=cases[0])
    if not form.is_valid():
        return _page(request, cases, act, form, shelf)
    run = _run(act, request.user, timezone.now(), form.cleaned_data, request)
    result = actions.for_each(cases, run)
    _tell(request, result)
    if not result.done:
        return _page(request, cases, act, form, shelf, status=409)
    return redirect(f"{reverse('cases:portfolio')}?{shelf}")


def _chosen(request: AgentRequest) -> list[Case]:
    """The running cases of one's own service among those that were ticked."""
    typed = [codes.parse_reference(one) for one in request.GET.getlist("c")[:MOST]]
    rows = queries.whole(request.user).filter(
        reference__in=[one for one in typed if one],
        service_id=request.user.service_id or 0,
        state__in=[Case.State.OPEN, Case.State.AWAITING_PERSON],
    )
    return list(rows.order_by("last_activity_at", "pk"))


def _run(
    act: str, agent: Agent, now: datetime, given: dict[str, Any], request: AgentRequest
) -> Run:
    if act != "passation":
        chosen = ACTS[act]
        return lambda case: chosen.run(case, agent, now, dict(given))
    note = forms.note_of(given)

    def hand_over(case: Case) -> object:
        own = {
            name: request.POST.get(f"{name}_{case.pk}", "").strip()
            for name in ("promised", "next_step")
        }
        said = {**vars(note), **{name: words for name, words in own.items() if words}}
        return actions.hand_over(case, agent=agent, now=now, note=Note(**said), **given)

    return hand_over


def _tell(request: AgentRequest, result: actions.Together) -> None:
    if result.done:
        count = len(result.done)
        words = ngettext("Done for %(n)d case.", "Done for %(n)d cases.", count) % {"n": count}
        messages.success(request, words)
    for case, why in result.refused[:10]:
        messages.error(request, f"{codes.format_reference(case.reference)}: {why}")


def _page(
    request: AgentRequest,
    cases: list[Case],
    act: str,
    form: forms.ActForm,
    shelf: str,
    *,
    status: int = 0,
) -> HttpResponse:
    chosen = "&".join(f"c={case.reference}" for case in cases)
    rows = [
        {
            "case": case,
            "reference": codes.format_reference(case.reference),
            "promised": request.POST.get(f"promised_{case.pk}", ""),
            "next_step": request.POST.get(f"next_step_{case.pk}", ""),
        }
        for case in cases
    ]
    context = {
        "rows": rows,
        "act": act,
        "form": form,
        "button": ACTS[act].button,
        "tabs": [
            {
                "text": ACTS[name].label,
                "url": f"?{shelf}act={name}&{chosen}",
                "current": name == act,
            }
            for name in MANY
        ],
        "back": f"{reverse('cases:portfolio')}?{shelf}",
    }
    status = status or (422 if request.method == "POST" else 200)
    return render(request, "cases/together.html", context, status=status)
