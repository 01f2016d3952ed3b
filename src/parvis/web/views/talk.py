"""Talk between colleagues of a hall, and the page of its notes."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.common.http import next_address, requires
from parvis.organisations.models import Site
from parvis.queue import actions
from parvis.queue import queries as queue
from parvis.web.views.around import said
from parvis.web.views.gestures import gesture
from parvis.web.views.notes import NoteForm


@requires("queue.work")
@require_safe
@never_cache
def hall(request: AgentRequest, site: str) -> HttpResponse:
    """The notes of a hall and what its colleagues say, for whoever sits at no desk too."""
    place, now = _hall(request, site), timezone.now()
    with timezone.override(ZoneInfo(place.timezone)):
        context = {
            **said(request, place),
            "notes": queue.notes_of_today(place, now),
            "coming": queue.notes_to_come(place, now),
            "may_write": queue.may_write_notes(request.user, place),
            "form": NoteForm(),
            "here": request.path,
        }
        return render(request, "web/hall.html", context)


@requires("queue.work")
@require_safe
@never_cache
def talk(request: AgentRequest, site: str) -> HttpResponse:
    """The messages alone: what a wake-up of the stream fetches again."""
    place = _hall(request, site)
    with timezone.override(ZoneInfo(place.timezone)):
        context = {**said(request, place), "here": reverse("web:workstation")}
        return render(request, "web/_talk_said.html", context)


@gesture
def say(request: AgentRequest, site: str) -> HttpResponse:
    place, chosen = _hall(request, site), request.POST.get("to", "")
    colleagues = Agent.objects.filter(authority_id=place.authority_id)
    to = get_object_or_404(colleagues, pk=chosen) if chosen.isdecimal() else None
    actions.say(place, request.POST.get("text", ""), agent=request.user, now=timezone.now(), to=to)
    return redirect(_there(request, place))


@gesture
def seen(request: AgentRequest, site: str) -> HttpResponse:
    place = _hall(request, site)
    actions.mark_read(place, agent=request.user, now=timezone.now())
    return redirect(_there(request, place))


def _hall(request: AgentRequest, slug: str) -> Site:
    halls = Site.objects.visible_to(request.user).filter(is_active=True)
    return get_object_or_404(halls, slug=slug)


def _there(request: AgentRequest, place: Site) -> str:
    # The panel of the workstation fetches the messages alone.
    if request.htmx and request.htmx.target == "mots-liste":
        return reverse("web:talk", args=[place.slug])
    return next_address(request, reverse("web:hall", args=[place.slug]))
