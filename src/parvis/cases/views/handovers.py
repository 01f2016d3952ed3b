"""What was offered to me, what I offered: accepted, given back, taken back."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.models import Case, Handover
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, refuse, requires

MOST = 200
ANSWERS = ("accepter", "rendre", "reprendre")


@requires("cases.assign")
@require_safe
def handovers(request: AgentRequest) -> HttpResponse:
    context = {
        "offered": queries.pending_for(request.user)[:MOST],
        "given": queries.pending_from(request.user)[:MOST],
    }
    return render(request, "cases/handovers.html", context)


@requires("cases.assign")
@once
@require_POST
def answer(request: AgentRequest, pk: int, answer: str) -> HttpResponse:
    found = get_object_or_404(_visible(request).select_related("case__service"), pk=pk)
    now = timezone.now()
    run: dict[str, Callable[[], Case]] = {
        "accepter": lambda: actions.accept_handover(found, agent=request.user, now=now),
        "rendre": lambda: actions.give_back(
            found, agent=request.user, now=now, reason=request.POST.get("reason", "")
        ),
        "reprendre": lambda: actions.withdraw(found, agent=request.user, now=now),
    }
    said = {
        "accepter": _("You follow this case now."),
        "rendre": _("Given back: whoever offered it still follows it."),
        "reprendre": _("Taken back: nobody was told anything."),
    }
    try:
        run[answer]()
        messages.success(request, said[answer])
    except Refused as refusal:
        refuse(request, refusal, typed=["reason"])
    return redirect(next_address(request, "cases:handovers"))


@requires("cases.assign")
@once
@require_POST
def accept_many(request: AgentRequest) -> HttpResponse:
    """Everything that was ticked, or simply everything."""
    chosen = [pk for pk in request.POST.getlist("h") if pk.isdecimal() and len(pk) < 19][:MOST]
    offers = {one.case_id: one for one in queries.pending_for(request.user).filter(pk__in=chosen)}
    if not offers:
        messages.info(request, _("Choose what you accept first."))
        return redirect("cases:handovers")
    done = _accept(request, offers, timezone.now())
    if done:
        words = ngettext("You follow %(n)d more case.", "You follow %(n)d more cases.", done)
        messages.success(request, words % {"n": done})
    return redirect("cases:handovers")


def _accept(request: AgentRequest, offers: dict[int, Handover], now: datetime) -> int:
    def accept(case: Case) -> object:
        return actions.accept_handover(offers[case.pk], agent=request.user, now=now)

    result = actions.for_each([one.case for one in offers.values()], accept)
    for case, why in result.refused[:10]:
        messages.error(request, f"{case.reference}: {why}")
    return len(result.done)


def _visible(request: AgentRequest) -> QuerySet[Handover]:
    cases = Case.objects.visible_to(request.user)
    return Handover.objects.visible_to(request.user).filter(case__in=cases)
