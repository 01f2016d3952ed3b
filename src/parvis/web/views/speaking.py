"""Speaking to someone, from any page and without a question first."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.assistant import actions
from parvis.assistant.actions import handing
from parvis.assistant.queries import house
from parvis.assistant.rules import handing as rules
from parvis.common import throttle
from parvis.common.errors import Busy, Refused
from parvis.common.http import client_address, not_stored, once, public
from parvis.organisations.http import authority_of_page
from parvis.organisations.models import Authority
from parvis.web import queries
from parvis.web.manners import Manner, spoken

STARTS = throttle.Limit("speak", burst=20, seconds=15)
STEPS = {"chat": "person", "message": "message", "call": "call"}


@public
@require_http_methods(["GET", "HEAD", "POST"])
@once
def speak(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Every way that is open now; choosing one in writing begins a conversation."""
    authority, refusal, status = authority_of_page(request, slug), "", 200
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_begun(request, authority))
        except Refused as refused:
            refusal, status = refused.message, 429 if isinstance(refused, Busy) else 422
    now = timezone.now()
    ways = queries.ways_to_person(authority, now)
    picture = house.house_now(authority, now, takes_appointments=ways.may_book)
    context = {
        "ways": ways,
        "offers": rules.offers(picture, now),
        "here": request.path,
        "refusal": refusal,
    }
    return not_stored(render(request, "web/speak.html", context, status=status))


@transaction.atomic
def _begun(request: HttpRequest, authority: Authority) -> str:
    """The address of the way that was chosen; a conversation that leads nowhere is not kept."""
    now, step = timezone.now(), STEPS.get(request.POST.get("way", ""), "person")
    throttle.take(STARTS, client_address(request), now=now)
    started = actions.start(authority, now=now, language=spoken())
    if step == "person":
        handing.ask_for_person(started.conversation, now=now)
    return Manner(started.secret).address(step)
