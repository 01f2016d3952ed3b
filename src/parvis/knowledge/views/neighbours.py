"""First information for another house: its public sheets and its contact, marked as its own."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from parvis.accounts.http import AgentRequest
from parvis.common.http import requires
from parvis.knowledge import presentation
from parvis.knowledge.queries.neighbours import Contacts, neighbours_of, neighbours_sheet
from parvis.knowledge.search.editors import editors_of
from parvis.knowledge.search.index import current
from parvis.knowledge.search.neighbours import find_among

LONGEST = 300


@requires("knowledge.read")
@require_GET
def find(request: AgentRequest) -> HttpResponse:
    """What the neighbours answer, each answer under the name of its house."""
    question = request.GET.get("q", "").strip()[:LONGEST]
    houses = list(neighbours_of(request.user))
    contacts = Contacts(houses, timezone.now())
    answers: list[dict[str, Any]] = []
    if question and houses:
        sayings = editors_of(request.user.authority_id, current().number).sayings
        found = find_among(question, [house.pk for house in houses], sayings=sayings)
        answers = [
            {
                "answer": one,
                "contact": [contacts.of_sheet(one.sheet)],
            }
            for one in found
        ]
    context = {
        "question": question,
        "answers": answers,
        "may_send": request.user.may("queue.work"),
        "houses": [{"house": house, "contact": [contacts.of(house.pk)]} for house in houses],
    }
    return render(request, "knowledge/neighbours.html", context)


@requires("knowledge.read")
@require_GET
def sheet(request: AgentRequest, slug: str, ref: str) -> HttpResponse:
    """A public sheet of a neighbour, as the public of that house reads it."""
    found = neighbours_sheet(request.user, slug, ref)
    house = found.authority if found else None
    if house is None or found is None:
        raise Http404
    page = presentation.public_page(
        found,
        authority_id=house.pk,
        today=timezone.localdate(),
        address=lambda other: reverse("knowledge:neighbour-sheet", args=[slug, other]),
    )
    contact = Contacts([house], timezone.now()).of_sheet(found)
    context = {
        "house": house,
        "page": page,
        "contact": [contact],
        "may_send": request.user.may("queue.work"),
    }
    return render(request, "knowledge/neighbour_sheet.html", context)
