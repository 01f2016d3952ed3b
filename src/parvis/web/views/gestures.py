"""What an agent does at the desk: each gesture is one form, one action, and back to the page."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.accounts.queries import current_desk
from parvis.common.access import ScopedQuerySet
from parvis.common.errors import Refused
from parvis.common.http import next_address, not_stored, once, refuse, requires
from parvis.contacts.models import Outcome
from parvis.knowledge.actions import note_opening
from parvis.knowledge.queries import sheets_by_ref
from parvis.organisations.models import Desk, Topic
from parvis.queue import actions
from parvis.queue import queries as queue
from parvis.queue.models import Ticket
from parvis.web import drafts, late, suggested
from parvis.web.late import moment_of
from parvis.web.queries import seat_of
from parvis.web.queries.workstation import topic_of
from parvis.web.views.workstation import OUTCOMES

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
View = Callable[Concatenate[AgentRequest, P], HttpResponse]
NAMES = {one.value: one.label for one in OUTCOMES}


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


def the_ticket(request: AgentRequest, ticket_id: int) -> Ticket:
    """A ticket of the agent's authority."""
    tickets = Ticket.objects.visible_to(request.user)
    return get_object_or_404(tickets.select_related("site__authority", "topic"), pk=ticket_id)


def ticket_here(request: AgentRequest, ticket_id: int) -> Ticket:
    """The ticket, if it is still at this agent's desk."""
    ticket = the_ticket(request, ticket_id)
    desk = receiving_desk(request)
    present = queue.present_ticket(desk.pk)
    if present is None or present.pk != ticket.pk:
        sentence = _("Ticket %(code)s is no longer at this desk: it is “%(state)s”.")
        words = {"code": ticket.code, "state": ticket.get_state_display()}
        raise Refused(sentence % words, code="stale")
    late.check_nothing_since(request, present)
    return present


def tell(request: AgentRequest, sentence: str) -> None:
    """Say what was done, with the way to take it back."""
    messages.success(request, sentence, extra_tags=f"undo:{reverse('web:undo')}")


@gesture
def call_next(request: AgentRequest) -> HttpResponse:
    called = actions.call_next(receiving_desk(request), agent=request.user, now=timezone.now())
    if called is None:
        messages.info(request, _("Nobody is waiting for this desk."))
    else:
        tell(request, called_sentence(called))
    return redirect("web:workstation")


def called_sentence(called: actions.Called) -> str:
    """Who is called, and why this one."""
    words = {"code": called.ticket.code, "reason": called.reason}
    return _("%(code)s is called: %(reason)s.") % words


def _recall(ticket: Ticket, agent: Agent, now: datetime) -> str:
    actions.recall(ticket, agent=agent, now=now)
    return _("%s is called again.")


def _start(ticket: Ticket, agent: Agent, now: datetime) -> str:
    actions.start(ticket, agent=agent, now=now)
    return _("%s is at the desk.")


def _hold(ticket: Ticket, agent: Agent, now: datetime, *, wish: str = "me") -> str:
    actions.hold(ticket, agent=agent, now=now, wish=wish)
    return str(_HELD[wish])


_HELD = {
    "me": gettext_lazy("%s is on hold, and comes back to you."),
    "desk": gettext_lazy("%s is on hold, and comes back to this desk."),
    "anyone": gettext_lazy("%s is on hold, and comes back to whoever is free."),
}


def _absent(ticket: Ticket, agent: Agent, now: datetime) -> str:
    actions.mark_no_show(ticket, agent=agent, now=now)
    return _("%s did not come.")


AT_DESK: dict[str, Callable[[Ticket, Agent, datetime], str]] = {
    "rappeler": _recall,
    "commencer": _start,
    "attente": _hold,
    "attente-guichet": functools.partial(_hold, wish="desk"),
    "attente-tous": functools.partial(_hold, wish="anyone"),
    "absent": _absent,
}


@gesture
def at_desk(request: AgentRequest, ticket_id: int, name: str) -> HttpResponse:
    """Recall, arrival, hold or absence of the person who was called."""
    act = AT_DESK.get(name)
    if act is None:
        raise Http404
    ticket = ticket_here(request, ticket_id)
    sentence = act(ticket, request.user, moment_of(request)) % ticket.code
    if act is _recall:
        messages.info(request, sentence)
    else:
        tell(request, sentence)
    return _next_at_once(request) if act is _absent else back(request)


def _next_at_once(request: AgentRequest) -> HttpResponse:
    """After a visit: the next person in the same gesture, when N asked for it."""
    # A gesture that waited for the network ends what it ended; who is next is chosen afterwards.
    if request.POST.get("then") == "next" and not late.is_late(request):
        called = actions.call_next(receiving_desk(request), agent=request.user, now=timezone.now())
        if called is not None:
            tell(request, called_sentence(called))
    return redirect("web:workstation")


@gesture
def resume(request: AgentRequest, ticket_id: int) -> HttpResponse:
    ticket = the_ticket(request, ticket_id)
    receiving_desk(request)
    actions.resume(ticket, agent=request.user, now=timezone.now())
    tell(request, _("%s is called back.") % ticket.code)
    return redirect("web:workstation")


@gesture
def leave(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Somebody set aside, or in line, who went away."""
    ticket = the_ticket(request, ticket_id)
    receiving_desk(request)
    actions.leave(ticket, agent=request.user, now=moment_of(request))
    tell(request, _("%s has left.") % ticket.code)
    return redirect("web:workstation")


@gesture
def finish(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """End the visit with its outcome; a request that goes on leads to its case."""
    ticket = ticket_here(request, ticket_id)
    draft = drafts.draft_of(request.session, ticket.pk)
    helped = sheets_by_ref(request.user, draft.sheets)
    finished = actions.finish(
        ticket,
        agent=request.user,
        now=moment_of(request),
        outcome=request.POST.get("outcome", ""),
        topic=topic_of(ticket, draft.topic),
        sheets=helped,
        avoidable_cause=request.POST.get("avoidable_cause", ""),
        needs=request.POST.getlist("needs") if "needs_asked" in request.POST else None,
        note=request.POST.get("note", ""),
        go_on=True,
    )
    suggested.used(request, ticket, helped)
    drafts.forget(request.session)
    outcome = NAMES.get(finished.contact.outcome, finished.contact.get_outcome_display())
    tell(request, _("%(code)s: noted “%(outcome)s”.") % {"code": ticket.code, "outcome": outcome})
    if finished.next is not None:
        messages.info(request, _still_to_come(finished))
    if finished.contact.outcome == Outcome.CASE_OPENED:
        return to_case(finished.contact.pk)
    if finished.contact.outcome == Outcome.APPOINTMENT_MADE:
        topic = finished.contact.topic.slug
        return redirect(f"{reverse('appointments:book')}?motif={topic}")
    if finished.ticket.state == Ticket.State.SERVING:  # the same person, for the next topic
        return redirect("web:workstation")
    return _next_at_once(request)


def _still_to_come(finished: actions.Finished) -> str:
    assert finished.next is not None  # noqa: S101 - the caller asked
    words = {"code": finished.ticket.code, "topic": finished.next.topic.label}
    if finished.ticket.state == Ticket.State.SERVING:
        return _("%(code)s stays with you for the next topic: %(topic)s.") % words
    return _("%(code)s now waits for the next topic: %(topic)s.") % words


def to_case(contact_id: int) -> HttpResponse:
    try:
        return redirect(f"{reverse('cases:open')}?contact={contact_id}")
    except NoReverseMatch:
        return redirect("web:workstation")


@gesture
def transfer(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Send the visitor on to another topic, another desk, or both."""
    ticket = ticket_here(request, ticket_id)
    topic = chosen(Topic.objects.all(), request, "topic")
    desk = chosen(Desk.objects.all(), request, "desk")
    colleague = chosen(Agent.objects.all(), request, "colleague")
    actions.transfer(
        ticket,
        agent=request.user,
        now=timezone.now(),
        topic=topic,
        desk=desk,
        agent_to=colleague,
        note=request.POST.get("note", ""),
    )
    drafts.forget(request.session)
    sent_to = " · ".join(str(one) for one in (topic, colleague or desk) if one)
    tell(request, _("%(code)s is sent on: %(to)s.") % {"code": ticket.code, "to": sent_to})
    return redirect("web:workstation")


@gesture
def change_topic(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """The topic turned out to be another one: the contact will say so."""
    ticket = ticket_here(request, ticket_id)
    topic = chosen(Topic.objects.all(), request, "topic")
    draft = drafts.draft_of(request.session, ticket.pk)
    draft.topic = topic.pk if topic and topic.pk != ticket.topic_id else None
    drafts.keep(request.session, draft)
    return back(request)


@gesture
def use_sheet(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Mark a sheet as one that helped this visitor, or take the mark away."""
    ticket = ticket_here(request, ticket_id)
    ref = request.POST.get("sheet", "")
    found = sheets_by_ref(request.user, [ref])
    if not found:
        raise Http404
    draft = drafts.draft_of(request.session, ticket.pk)
    if ref in draft.sheets:
        draft.sheets.remove(ref)
    else:
        draft.sheets.append(ref)
        note_opening(request.user.authority_id, request.POST.get("s", "")[:32], found[0])
    drafts.keep(request.session, draft)
    return back(request)


def reason_given(request: AgentRequest) -> str:
    """The reason in the agent's own words, else the one chosen from the list."""
    return request.POST.get("own_reason", "").strip() or request.POST.get("reason", "")


def chosen(rows: ScopedQuerySet[M], request: AgentRequest, name: str) -> M | None:
    """The row that a form names, of the agent\'s authority and in use; None for none."""
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
    if queue.is_void(ticket):
        messages.info(request, _("Taken back: ticket %(code)s no longer counts.") % words)
    else:
        messages.info(request, _("Taken back: %(code)s is “%(state)s” again.") % words)
    # The toast that held the button is gone: reading goes on at the visitor.
    return redirect(reverse("web:workstation") + "#visite-titre")


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
