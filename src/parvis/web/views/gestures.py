"""What an agent does at the desk: each gesture is one form, one action, and back to the page."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.accounts.queries import current_desk
from parvis.common.access import ScopedQuerySet
from parvis.common.errors import Refused
from parvis.common.http import next_address, not_stored, once, refuse, requires
from parvis.contacts.models import Outcome
from parvis.knowledge.queries import sheets_by_ref
from parvis.organisations.models import Desk, Topic
from parvis.queue import actions
from parvis.queue import queries as queue
from parvis.queue.models import Source, Ticket
from parvis.web import drafts, late
from parvis.web.late import moment_of
from parvis.web.queries import by_letters, seat_of, suggestions
from parvis.web.queries.workstation import topic_of
from parvis.web.views.workstation import OUTCOMES

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
View = Callable[Concatenate[AgentRequest, P], HttpResponse]
NAMES = {one.value: one.label for one in OUTCOMES}
SENT_FOR_NOTHING = 200  # characters of an address that a form may bring back


def gesture(act: View[P]) -> View[P]:
    """A form of the workstation, sent once; a lawful "no" is shown on the page."""

    @functools.wraps(act)
    def kind(request: AgentRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            moment_of(request)  # too old a gesture is refused before anything else
            answer = act(request, *args, **kwargs)
            late.write_down(request, **kwargs)
        except Refused as refusal:
            refuse(request, refusal)
            return not_stored(back(request))
        return answer

    sent_once = late.answered(_leaves_by_htmx(once(kind)))
    return requires("queue.work")(require_POST(sent_once))  # type: ignore[arg-type]


def _leaves_by_htmx(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    # The page only swaps its own regions: a redirect to another page is a real change of page.
    @functools.wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response, request = view(*args, **kwargs), args[0]
        leaves = isinstance(response, HttpResponseRedirect) and not response.url.startswith(
            reverse("web:workstation")
        )
        if leaves and getattr(request, "htmx", False):
            return HttpResponseClientRedirect(response.url)  # type: ignore[attr-defined]
        return response

    return wrapped


def back(request: AgentRequest) -> HttpResponse:
    """To the workstation as it was, with its search and its open sheet."""
    home = reverse("web:workstation")
    wanted = next_address(request, home)
    return redirect(wanted if wanted.startswith(home) else home)


def receiving_desk(request: AgentRequest) -> Desk:
    """The desk at which this agent receives now."""
    seat = seat_of(request.user, current_desk(request))
    if seat.desk is None:
        raise Refused(_("Choose your desk first."), code="no_desk")
    if seat.session is None and seat.colleague:
        sentence = _("%(name)s now receives at %(desk)s. Choose another desk.")
        words = {"name": seat.colleague, "desk": seat.desk.label}
        raise Refused(sentence % words, code="desk_taken")
    if seat.session is None:
        raise Refused(_("Open the desk first: nobody receives there yet."), code="closed")
    return seat.desk


def _ticket(request: AgentRequest, ticket_id: int) -> Ticket:
    tickets = Ticket.objects.visible_to(request.user)
    return get_object_or_404(tickets.select_related("site__authority", "topic"), pk=ticket_id)


def _here(request: AgentRequest, ticket_id: int) -> Ticket:
    """The ticket, if it is still at this agent's desk."""
    ticket = _ticket(request, ticket_id)
    desk = receiving_desk(request)
    present = queue.present_ticket(desk.pk)
    if present is None or present.pk != ticket.pk:
        sentence = _("Ticket %(code)s is no longer at this desk: it is “%(state)s”.")
        words = {"code": ticket.code, "state": ticket.get_state_display()}
        raise Refused(sentence % words, code="stale")
    late.check_nothing_since(request, present)
    return present


def _tell(request: AgentRequest, sentence: str) -> None:
    messages.success(request, sentence, extra_tags=f"undo:{reverse('web:undo')}")


@gesture
def call_next(request: AgentRequest) -> HttpResponse:
    called = actions.call_next(receiving_desk(request), agent=request.user, now=timezone.now())
    if called is None:
        messages.info(request, _("Nobody is waiting for this desk."))
    else:
        _tell(request, _called(called))
    return redirect("web:workstation")


def _called(called: actions.Called) -> str:
    words = {"code": called.ticket.code, "reason": called.reason}
    return _("%(code)s is called: %(reason)s.") % words


def _recall(ticket: Ticket, agent: Agent, now: datetime) -> str:
    actions.recall(ticket, agent=agent, now=now)
    return _("%s is called again.")


def _start(ticket: Ticket, agent: Agent, now: datetime) -> str:
    actions.start(ticket, agent=agent, now=now)
    return _("%s is at the desk.")


def _hold(ticket: Ticket, agent: Agent, now: datetime) -> str:
    actions.hold(ticket, agent=agent, now=now)
    return _("%s is on hold.")


def _absent(ticket: Ticket, agent: Agent, now: datetime) -> str:
    actions.mark_no_show(ticket, agent=agent, now=now)
    return _("%s did not come.")


AT_DESK: dict[str, Callable[[Ticket, Agent, datetime], str]] = {
    "rappeler": _recall,
    "commencer": _start,
    "attente": _hold,
    "absent": _absent,
}


@gesture
def at_desk(request: AgentRequest, ticket_id: int, name: str) -> HttpResponse:
    """Recall, arrival, hold or absence of the person who was called."""
    act = AT_DESK.get(name)
    if act is None:
        raise Http404
    ticket = _here(request, ticket_id)
    sentence = act(ticket, request.user, moment_of(request)) % ticket.code
    if act is _recall:
        messages.info(request, sentence)
    else:
        _tell(request, sentence)
    return _next_at_once(request) if act is _absent else back(request)


def _next_at_once(request: AgentRequest) -> HttpResponse:
    """After a visit: the next person in the same gesture, when N asked for it."""
    # A gesture that waited for the network ends what it ended; who is next is chosen afterwards.
    if request.POST.get("then") == "next" and not late.is_late(request):
        called = actions.call_next(receiving_desk(request), agent=request.user, now=timezone.now())
        if called is not None:
            _tell(request, _called(called))
    return redirect("web:workstation")


@gesture
def resume(request: AgentRequest, ticket_id: int) -> HttpResponse:
    ticket = _ticket(request, ticket_id)
    receiving_desk(request)
    actions.resume(ticket, agent=request.user, now=timezone.now())
    _tell(request, _("%s is called back.") % ticket.code)
    return redirect("web:workstation")


@gesture
def leave(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Somebody set aside, or in line, who went away."""
    ticket = _ticket(request, ticket_id)
    receiving_desk(request)
    actions.leave(ticket, agent=request.user, now=moment_of(request))
    _tell(request, _("%s has left.") % ticket.code)
    return redirect("web:workstation")


@gesture
def finish(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """End the visit with its outcome; a request that goes on leads to its case."""
    ticket = _here(request, ticket_id)
    draft = drafts.draft_of(request.session, ticket.pk)
    finished = actions.finish(
        ticket,
        agent=request.user,
        now=moment_of(request),
        outcome=request.POST.get("outcome", ""),
        topic=topic_of(ticket, draft.topic),
        sheets=sheets_by_ref(request.user, draft.sheets),
        avoidable_cause=request.POST.get("avoidable_cause", ""),
        needs=request.POST.getlist("needs") if "needs_asked" in request.POST else None,
        note=request.POST.get("note", ""),
    )
    drafts.forget(request.session)
    outcome = NAMES.get(finished.contact.outcome, finished.contact.get_outcome_display())
    _tell(request, _("%(code)s: noted “%(outcome)s”.") % {"code": ticket.code, "outcome": outcome})
    if finished.contact.outcome == Outcome.CASE_OPENED:
        return to_case(finished.contact.pk)
    if finished.contact.outcome == Outcome.APPOINTMENT_MADE:
        topic = finished.contact.topic.slug
        return redirect(f"{reverse('appointments:book')}?motif={topic}")
    return _next_at_once(request)


def to_case(contact_id: int) -> HttpResponse:
    try:
        return redirect(f"{reverse('cases:open')}?contact={contact_id}")
    except NoReverseMatch:
        return redirect("web:workstation")


@gesture
def transfer(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Send the visitor on to another topic, another desk, or both."""
    ticket = _here(request, ticket_id)
    topic = _chosen(Topic.objects.all(), request, "topic")
    desk = _chosen(Desk.objects.all(), request, "desk")
    note = request.POST.get("note", "")
    now = timezone.now()
    actions.transfer(ticket, agent=request.user, now=now, topic=topic, desk=desk, note=note)
    drafts.forget(request.session)
    sent_to = " · ".join(str(one.label) for one in (topic, desk) if one)
    _tell(request, _("%(code)s is sent on: %(to)s.") % {"code": ticket.code, "to": sent_to})
    return redirect("web:workstation")


@gesture
def change_topic(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """The topic turned out to be another one: the contact will say so."""
    ticket = _here(request, ticket_id)
    topic = _chosen(Topic.objects.all(), request, "topic")
    draft = drafts.draft_of(request.session, ticket.pk)
    draft.topic = topic.pk if topic and topic.pk != ticket.topic_id else None
    drafts.keep(request.session, draft)
    return back(request)


@gesture
def use_sheet(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Mark a sheet as one that helped this visitor, or take the mark away."""
    ticket = _here(request, ticket_id)
    ref = request.POST.get("sheet", "")
    if not sheets_by_ref(request.user, [ref]):
        raise Http404
    draft = drafts.draft_of(request.session, ticket.pk)
    if ref in draft.sheets:
        draft.sheets.remove(ref)
    else:
        draft.sheets.append(ref)
    drafts.keep(request.session, draft)
    return back(request)


@gesture
def new_ticket(request: AgentRequest) -> HttpResponse:
    """A ticket for somebody without one; received at once when nobody waits for this desk."""
    desk = receiving_desk(request)
    typed = request.POST.get("topic_words", "")
    topic = _meant(desk, typed, request.POST.get("topic", ""))
    if topic is None and late.is_late(request):
        raise Refused(_("“%s” may mean several topics, or none: give the ticket again.") % typed)
    if topic is None:
        # Several topics may be meant, or none: the page shows them to choose from.
        return redirect(f"{reverse('web:workstation')}?nouveau={quote(typed[:SENT_FOR_NOTHING])}")
    issued = actions.issue_ticket(
        desk.site,
        topic,
        now=moment_of(request),
        source=Source.AGENT,
        actor=request.user,
        priority=request.POST.get("priority", ""),
        name=request.POST.get("name", "") or late.paper_name(request),
    )
    drafts.keep_issued(request.session, drafts.IssuedHere(issued.ticket.pk, issued.secret))
    words = {"code": issued.ticket.code, "topic": topic.label}
    messages.success(request, _("%(code)s: ticket given, %(topic)s.") % words)
    if request.POST.get("receive") and not late.is_late(request):
        called = actions.call_next(desk, agent=request.user, now=timezone.now())
        if called is not None:
            _tell(request, _called(called))
    return redirect("web:workstation")


def _meant(desk: Desk, typed: str, ticked: str) -> Topic | None:
    # What was ticked counts only if it answers to what was typed: whoever types fast may send the
    # form before the choices have followed. A guess is never taken for them.
    found = by_letters(desk.site, typed)
    offered = suggestions(desk, typed, now=timezone.now()) if ticked else []
    chosen = [one.topic for one in offered if str(one.pk) == ticked]
    return next(iter(chosen or (found if len(found) == 1 else [])), None)


def _chosen(rows: ScopedQuerySet[M], request: AgentRequest, name: str) -> M | None:
    given = request.POST.get(name, "")
    if not given:
        return None
    ours = rows.visible_to(request.user)
    return get_object_or_404(ours, is_active=True, pk=given if given.isdecimal() else 0)


@gesture
def undo(request: AgentRequest) -> HttpResponse:
    """Take back the last gesture, within ten seconds."""
    ticket = actions.undo_last(receiving_desk(request), agent=request.user, now=timezone.now())
    words = {"code": ticket.code, "state": ticket.get_state_display()}
    messages.info(request, _("Taken back: %(code)s is “%(state)s” again.") % words)
    return redirect("web:workstation")


@gesture
def presence(request: AgentRequest) -> HttpResponse:
    """Open the desk, take a break, come back, or leave the desk."""
    wanted, now = request.POST.get("presence", ""), timezone.now()
    if wanted == "open":
        return _open(request)
    session = queue.session_of(request.user)
    if session is None:
        raise Refused(_("Open the desk first: nobody receives there yet."), code="closed")
    if wanted == "pause":
        actions.pause(session, agent=request.user, now=now)
        messages.info(request, _("%s is on a break: nobody is called there.") % session.desk.label)
    elif wanted == "back_office":
        actions.to_back_office(session, agent=request.user, now=now)
        sentence = _("%s works in the back office: nobody is called there.")
        messages.info(request, sentence % session.desk.label)
    elif wanted == "back":
        actions.back(session, agent=request.user, now=now)
        messages.info(request, _("%s receives again.") % session.desk.label)
    elif wanted == "leave":
        actions.stand_up(session, agent=request.user, now=now)
        messages.info(request, _("%s is closed.") % session.desk.label)
    else:
        raise Http404
    return redirect("web:workstation")


def _open(request: AgentRequest) -> HttpResponse:
    desk = current_desk(request)
    if desk is None:
        raise Refused(_("Choose your desk first."), code="no_desk")
    actions.sit_down(desk, agent=request.user, now=timezone.now())
    messages.success(request, _("%s receives now.") % desk.label)
    return redirect("web:workstation")
