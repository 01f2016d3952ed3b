"""The authority's own places behind the offices of national sheets."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.common.http import ActorRequest, once, requires
from parvis.knowledge import actions, queries
from parvis.knowledge.forms.national import PlaceForm


@requires("knowledge.write")
def listing(request: ActorRequest) -> HttpResponse:
    """Every kind of office that sheets name: those without a place of ours first."""
    rows = queries.pivots(request.user)
    context = {"rows": rows, "missing": sum(not row.places for row in rows)}
    return render(request, "knowledge/places.html", context)


@requires("knowledge.write")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def form(request: ActorRequest, pk: int | None = None) -> HttpResponse:
    rows = queries.local_places(request.user)
    place = None if pk is None else get_object_or_404(rows, pk=pk)
    initial: dict[str, Any] = {"pivot": request.GET.get("type", "")[:60]} if place is None else {}
    bound = PlaceForm(request.POST or None, actor=request.user, instance=place, initial=initial)
    if bound.is_valid():
        kept = actions.keep_place(bound.instance, actor=request.user)
        messages.success(request, _("“%s” is shown on the sheets from now on.") % kept)
        return redirect("knowledge:places")
    return render(request, "knowledge/place.html", {"form": bound, "place": place})


@requires("knowledge.write")
@require_POST
@once
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(queries.local_places(request.user), pk=pk)
    title = str(place)
    actions.remove_place(place, actor=request.user)
    messages.success(request, _("“%s” is no longer shown on the sheets.") % title)
    return redirect("knowledge:places")
