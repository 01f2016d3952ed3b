"""The hall over HTTP: take a ticket, call, finish; the public display."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Status

from parvis.common.errors import Refused
from parvis.common.http import full_address
from parvis.interop.api.auth import ApiRequest, fetch, need, number
from parvis.interop.api.contacts import contact_out
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import (
    Called,
    CallNext,
    DisplayOut,
    Finish,
    Finished,
    IssuedTicket,
    NewTicket,
    Nothing,
    TicketOut,
    TicketWithEvents,
    Transfer,
)
from parvis.knowledge.queries import sheets_by_ref
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import actions, queries
from parvis.queue.models import Priority, Source, Ticket

router = ApiRouter(tags=["queue"])
TICKETS = Ticket.objects.select_related("site", "topic")


@router.post("sites/{site}/tickets", response={201: IssuedTicket}, summary="Take a ticket")
def take_ticket(request: ApiRequest, site: str, body: NewTicket) -> Status[Any]:
    agent = need(request, "queue.work")
    place = find_site(request, site)
    topic = fetch(Topic.objects.visible_to(agent), body.topic)
    issued = actions.issue_ticket(
        place,
        topic,
        now=timezone.now(),
        source=Source.API,
        actor=agent,
        priority=_priority(body.priority),
        name=body.name,
        language=body.language,
    )
    return Status(201, _issued(issued, place))


@router.post(
    "desks/{desk}/call-next", response={200: Called, 204: None}, summary="Call the next person"
)
def call_next(request: ApiRequest, desk: str, body: CallNext | None = None) -> Any:
    agent = need(request, "queue.work")
    place = fetch(Desk.objects.visible_to(agent).select_related("site"), desk)
    now = timezone.now()
    if body and body.finish:
        finish = _finish_arguments(request, body.finish)
        called = actions.finish_and_call_next(place, agent=agent, now=now, **finish)
    else:
        called = actions.call_next(place, agent=agent, now=now)
    if called is None:
        return Status(204, None)
    return Status(200, {"ticket": ticket_out(called.ticket), "reason": str(called.reason)})


def _simple_move(name: str, move: Any, summary: str) -> None:
    @router.post(
        "tickets/{ticket}/" + name,
        response=TicketOut,
        summary=summary,
        operation_id=f"ticket_{name.replace('-', '_')}",
    )
    def call(request: ApiRequest, ticket: str, body: Nothing | None = None) -> Any:
        agent = need(request, "queue.work")
        found = fetch(TICKETS.visible_to(agent), ticket)
        return ticket_out(move(found, agent=agent, now=timezone.now()))


_simple_move("recall", actions.recall, "Call the same person again")
_simple_move("start", actions.start, "The person is at the desk")
_simple_move("hold", actions.hold, "Put the ticket aside; the desk is free")
_simple_move("resume", actions.resume, "Take up a ticket that was put aside")
_simple_move("no-show", actions.mark_no_show, "The person did not come")
_simple_move("leave", actions.leave, "The person left")


@router.post("tickets/{ticket}/transfer", response=TicketOut, summary="Send to a topic or desk")
def transfer(request: ApiRequest, ticket: str, body: Transfer) -> Any:
    agent = need(request, "queue.work")
    found = fetch(TICKETS.visible_to(agent), ticket)
    topic = fetch(Topic.objects.visible_to(agent), body.topic) if body.topic else None
    desk = fetch(Desk.objects.visible_to(agent), body.desk) if body.desk else None
    moved = actions.transfer(
        found, agent=agent, now=timezone.now(), topic=topic, desk=desk, note=body.note
    )
    return ticket_out(moved)


@router.post("tickets/{ticket}/finish", response=Finished, summary="End the visit and log it")
def finish(request: ApiRequest, ticket: str, body: Finish) -> Any:
    agent = need(request, "queue.work")
    found = fetch(TICKETS.visible_to(agent), ticket)
    arguments = _finish_arguments(request, body)
    done = actions.finish(found, agent=agent, now=timezone.now(), **arguments)
    return {"ticket": ticket_out(done.ticket), "contact": contact_out(done.contact)}


@router.get("tickets/{ticket}", response=TicketWithEvents, summary="A ticket and its events")
def ticket(request: ApiRequest, ticket: str) -> Any:
    agent = need(request, "queue.read")
    found = fetch(TICKETS.visible_to(agent), ticket)
    events = [
        {"at": event.at, "kind": event.kind, "desk": event.desk_id, "data": event.data}
        for event in found.events.all()
    ]
    return {**ticket_out(found), "events": events}


@router.get("sites/{site}/display", response=DisplayOut, auth=None, summary="The lobby display")
def display(request: HttpRequest, site: str, response: HttpResponse) -> Any:
    response["Cache-Control"] = "public, max-age=1"
    place = Site.objects.filter(by_id_or_slug(site), is_active=True).first()
    if place is None:
        raise Http404
    return queries.display_snapshot(place, timezone.now())


def find_site(request: ApiRequest, given: str) -> Site:
    """A site of the caller's authority, by id or by its short name."""
    found = Site.objects.visible_to(request.auth).filter(by_id_or_slug(given)).first()
    if found is None:
        raise Http404
    return found


def ticket_out(ticket: Ticket) -> dict[str, Any]:
    """A ticket as the contract writes it."""
    return {
        "id": ticket.id,
        "code": ticket.code,
        "number": ticket.number,
        "site": ticket.site_id,
        "topic": ticket.topic_id,
        "state": ticket.state,
        "priority": ticket.priority,
        "issued_at": ticket.issued_at,
        "called_at": ticket.called_at,
        "started_at": ticket.started_at,
        "ended_at": ticket.ended_at,
        "desk": ticket.desk_id,
        "calls": ticket.calls,
        "transfers": ticket.transfers,
    }


def by_id_or_slug(given: str) -> Q:
    """The condition that finds a place by its id or by its short name."""
    return Q(id=number(given)) if given.isascii() and given.isdigit() else Q(slug=given[:60])


def _priority(given: str | bool | None) -> str:
    # ``true`` says that there is a reason without saying which: the priority card.
    if given is True:
        return Priority.CARD
    return given or ""


def _issued(issued: Any, site: Site) -> dict[str, Any]:
    ticket: Ticket = issued.ticket
    place = queries.position(ticket, ticket.issued_at)
    path = reverse("web:ticket", args=[issued.secret])
    return {
        **ticket_out(ticket),
        "ahead": place.ahead,
        "wait": place.wait
        and {"low_minutes": place.wait.low_minutes, "high_minutes": place.wait.high_minutes},
        "page_url": full_address(path),
    }


def _finish_arguments(request: ApiRequest, body: Finish) -> dict[str, Any]:
    agent = request.auth
    topic = fetch(Topic.objects.visible_to(agent), body.topic) if body.topic else None
    sheets = sheets_by_ref(agent, body.sheets)
    if len(sheets) < len(set(body.sheets)):
        raise Refused("One of the sheets named is not among those you may read.", code="sheet")
    return {
        "outcome": body.outcome,
        "topic": topic,
        "sheets": sheets,
        "avoidable_cause": body.avoidable_cause or "",
        "note": body.note,
    }
