"""One press each: something arrived, the receipt was given."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.models import LegalClock, MissingItem
from parvis.cases.views.fetching import asks_why, case_of
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires


@requires("cases.act")
@once
@asks_why
@require_POST
def item_came(request: AgentRequest, reference: str, pk: int) -> HttpResponse:
    found = case_of(request, reference)
    asked = MissingItem.objects.filter(case__in=queries.part_ids(found))
    item = get_object_or_404(asked.select_related("case__service"), pk=pk)

    def note() -> None:
        actions.item_came(item, agent=request.user, now=timezone.now())
        messages.success(request, _("“%(item)s” has arrived.") % {"item": item.words})

    return _done(request, found.reference, note)


@requires("cases.act")
@once
@asks_why
@require_POST
def receipt(request: AgentRequest, reference: str) -> HttpResponse:
    found, now = case_of(request, reference), timezone.now()

    def give() -> None:
        if request.POST.get("way") == LegalClock.Way.MAIL:
            actions.mail_receipt(found, agent=request.user, now=now)
        else:
            actions.give_receipt(found, agent=request.user, now=now)
        messages.success(request, _("The receipt is given."))

    return _done(request, found.reference, give)


def _done(request: AgentRequest, reference: str, effect: Callable[[], None]) -> HttpResponse:
    try:
        effect()
    except Refused as refused:
        refuse(request, refused)
    return redirect("cases:case", reference)
