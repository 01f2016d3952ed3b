"""The hall over HTTP: take a ticket, call, finish; the public display."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Status

from parvis.accounts.models import Agent
from parvis.common.http import full_address
from parvis.interop.api.auth import ApiRequest, fetch, need, not_there, number
from parvis.interop.api.contacts import contact_out
from parvis.interop.api.knowledge import sheets_named
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import (
    Nothing,
    PersonIn,
)
from parvis.interop.api.schemas_hall import (
    Called,
    CallNext,
    Choose,
    DisplayOut,
    Finish,
    Finished,
    FinishHere,
    Hold,
    InLine,
    IssuedTicket,
    LegOut,
    NewLeg,
    NewTicket,
    Receive,
    Received,
    TicketOut,
    TicketWithEvents,
    Transfer,
)
from parvis.organisations.models import Desk, Site, Topic
from parvis.organisations.queries import desk_to_call_at
from parvis.queue import actions, queries
from parvis.queue.models import Leg, Priority, Source, Ticket

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
        topics=_further(request, body),
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
    place = desk_to_call_at(agent, number(desk))
    if place is None:
        raise not_there(Desk, desk)
    now = timezone.now()
    if body and body.finish:
        finish = _finish_arguments(request, body.finish)
        called = actions.finish_and_call_next(place, agent=agent, now=now, **finish)
    else:
        called = actions.call_next(place, agent=agent, now=now)
    if called is None:
        return Status(204, None)
    return Status(200, _called(called))


@router.post("desks/{desk}/call", response=Called, summary="Call somebody out of order")
def call(request: ApiRequest, desk: str, body: Choose) -> Any:
    agent = need(request, "queue.work")
    place = _desk(request, desk)
    found = fetch(TICKETS.visible_to(agent), body.ticket)
    now = timezone.now()
    called = actions.call_ticket(found, desk=place, agent=agent, now=now, reason=body.reason)
    return _called(called)


@router.post(
    "desks/{desk}/receive", response={201: Received}, summary="Receive somebody without a ticket"
)
def receive(request: ApiRequest, desk: str, body: Receive) -> Status[Any]:
    agent = need(request, "queue.work")
    place = _desk(request, desk)
    issued = actions.receive(
        place.site,
        fetch(Topic.objects.visible_to(agent), body.topic),
        desk=place,
        agent=agent,
        now=timezone.now(),
        reason=body.reason,
        topics=_further(request, body),
        priority=_priority(body.priority),
        name=body.name,
        language=body.language,
    )
    page = {"ticket": ticket_out(issued.ticket), "page_url": _page_url(issued.secret)}
    return Status(201, page)


@router.post("desks/{desk}/undo", response=TicketOut, summary="Take back the last act at a desk")
def undo(request: ApiRequest, desk: str, body: Nothing | None = None) -> Any:
    agent = need(request, "queue.work")
    return ticket_out(actions.undo_last(_desk(request, desk), agent=agent, now=timezone.now()))


@router.get("desks/{desk}/line", response=list[InLine], summary="The line as a desk sees it")
def line(request: ApiRequest, desk: str) -> Any:
    agent = need(request, "queue.read")
    return [
        {
            "ticket": ticket_out(place.ticket),
            "waited_minutes": place.waited_minutes,
            "reason": place.reason,
            "for_this_desk": place.is_for_here,
        }
        for place in queries.line_of_desk(_desk(request, desk), timezone.now(), agent)
    ]


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
_simple_move("resume", actions.resume, "Take up a ticket that was put aside")
_simple_move("no-show", actions.mark_no_show, "The person did not come")
_simple_move("leave", actions.leave, "The person left")
_simple_move("come-back", actions.come_back, "The person is back: waiting again")
_simple_move("let-pass", actions.let_pass, "Let the next two people go first")


@router.post("tickets/{ticket}/hold", response=TicketOut, summary="Put aside; the desk is free")
def hold(request: ApiRequest, ticket: str, body: Hold | None = None) -> Any:
    agent = need(request, "queue.work")
    found = fetch(TICKETS.visible_to(agent), ticket)
    wish = (body or Hold()).wish
    return ticket_out(actions.hold(found, agent=agent, now=timezone.now(), wish=wish))


@router.post("tickets/{ticket}/person", response=TicketOut, summary="Note who the person is")
def identify(request: ApiRequest, ticket: str, body: PersonIn) -> Any:
    agent = need(request, "queue.work")
    found = fetch(TICKETS.visible_to(agent), ticket)
    return ticket_out(actions.identify(found, agent=agent, now=timezone.now(), **body.dict()))


@router.get("tickets/{ticket}/legs", response=list[LegOut], summary="The topics of a visit")
def legs(request: ApiRequest, ticket: str) -> Any:
    agent = need(request, "queue.read")
    found = fetch(TICKETS.visible_to(agent), ticket)
    return [leg_out(leg, found) for leg in queries.legs_of(found)]


@router.post("tickets/{ticket}/legs", response={201: LegOut}, summary="Add a topic to a visit")
def add_leg(request: ApiRequest, ticket: str, body: NewLeg) -> Status[Any]:
    agent = need(request, "queue.work")
    found = fetch(TICKETS.visible_to(agent), ticket)
    topic = fetch(Topic.objects.visible_to(agent), body.topic)
    leg = actions.add_leg(found, topic, agent=agent, now=timezone.now())
    return Status(201, leg_out(leg, found))


@router.post(
    "tickets/{ticket}/legs/{leg}/drop", response=LegOut, summary="Drop a topic still to come"
)
def drop_leg(request: ApiRequest, ticket: str, leg: str, body: Nothing | None = None) -> Any:
    agent = need(request, "queue.work")
    found = fetch(TICKETS.visible_to(agent), ticket)
    dropped = fetch(Leg.objects.visible_to(agent).filter(ticket=found), leg)
    return leg_out(actions.drop_leg(dropped, agent=agent, now=timezone.now()), found)


@router.post(
    "tickets/{ticket}/transfer", response=TicketOut, summary="Send to a topic, desk or colleague"
)
def transfer(request: ApiRequest, ticket: str, body: Transfer) -> Any:
    agent = need(request, "queue.work")
    found = fetch(TICKETS.visible_to(agent), ticket)
    topic = fetch(Topic.objects.visible_to(agent), body.topic) if body.topic else None
    desk = fetch(Desk.objects.visible_to(agent), body.desk) if body.desk else None
    colleague = fetch(Agent.objects.visible_to(agent), body.agent) if body.agent else None
    moved = actions.transfer(
        found,
        agent=agent,
        now=timezone.now(),
        topic=topic,
        desk=desk,
        agent_to=colleague,
        note=body.note,
    )
    return ticket_out(moved)


@router.post("tickets/{ticket}/finish", response=Finished, summary="End the visit and log it")
def finish(request: ApiRequest, ticket: str, body: FinishHere) -> Any:
    agent = need(request, "queue.work")
    found = fetch(TICKETS.visible_to(agent), ticket)
    arguments = {**_finish_arguments(request, body), "go_on": body.go_on}
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
    stops = [leg_out(leg, found) for leg in queries.legs_of(found)]
    return {**ticket_out(found), "legs": stops, "events": events}


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
        "booked_at": ticket.booked_at,
        "reserved_desk": ticket.reserved_desk_id,
        "reserved_agent": ticket.reserved_agent_id,
    }


def leg_out(leg: Leg, ticket: Ticket) -> dict[str, Any]:
    """One topic of a visit as the API writes it."""
    state = "ended" if leg.ended_at else "planned"
    if leg.is_under_way:
        state = "waiting" if ticket.state == Ticket.State.WAITING else "at_desk"
    return {
        "id": leg.id,
        "topic": leg.topic_id,
        "state": state,
        "waiting_since": leg.waiting_since,
        "called_at": leg.called_at,
        "started_at": leg.started_at,
        "ended_at": leg.ended_at,
        "ended_by": leg.ended_by,
        "outcome": leg.outcome,
        "desk": leg.desk_id,
        "contact": leg.contact_id,
    }


def _called(called: actions.Called) -> dict[str, Any]:
    return {"ticket": ticket_out(called.ticket), "reason": str(called.reason)}


def _desk(request: ApiRequest, given: str) -> Desk:
    found: Desk = fetch(Desk.objects.visible_to(request.auth).select_related("site"), given)
    return found


def _further(request: ApiRequest, body: NewTicket) -> list[Topic]:
    topics = Topic.objects.visible_to(request.auth)
    return [fetch(topics, given) for given in body.topics if given != body.topic]


def _page_url(secret: str) -> str:
    return full_address(reverse("web:ticket", args=[secret]))


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
    return {
        **ticket_out(ticket),
        "ahead": place.ahead,
        "wait": place.wait
        and {"low_minutes": place.wait.low_minutes, "high_minutes": place.wait.high_minutes},
        "page_url": _page_url(issued.secret),
    }


def _finish_arguments(request: ApiRequest, body: Finish) -> dict[str, Any]:
    agent = request.auth
    topic = fetch(Topic.objects.visible_to(agent), body.topic) if body.topic else None
    return {
        "outcome": body.outcome,
        "topic": topic,
        "sheets": sheets_named(agent, body.sheets),
        "avoidable_cause": body.avoidable_cause or "",
        "note": body.note,
    }
