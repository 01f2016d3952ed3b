"""A question to a department, from the desk and back: asked with one key, its answer pops up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.accounts.queries import current_desk
from parvis.common.errors import Refused
from parvis.common.http import not_stored, refuse
from parvis.departments import actions
from parvis.departments.models import Question
from parvis.knowledge.models import Sheet
from parvis.knowledge.queries import said, sheets_by_ref
from parvis.organisations.models import Desk, Service, Topic
from parvis.queue.models import Ticket
from parvis.web import late
from parvis.web.queries import seat_of
from parvis.web.views.gestures import back, gesture
from parvis.web.views.questions import KEPT, LONGEST, known_to

NOT_THIS_SHEET = "-"


@dataclass(frozen=True)
class _Asked:
    """What the form of the desk tells about a question."""

    text: str
    service: Service
    topic: Topic | None
    sheet: Sheet | None
    block: str
    visitor_present: bool
    visit: actions.Visit


@gesture
def ask(request: AgentRequest) -> HttpResponse:
    """Send the question; one that was answered before is shown first, once."""
    typed = request.POST.get("text", "")[:LONGEST]
    known = [] if late.is_late(request) else known_to(request, typed)
    seen = set(request.POST.getlist("seen"))
    if known and not {str(one.id) for one in known} <= seen:
        messages.info(request, _("This was asked before: see the answer, or ask all the same."))
        return _panel_again(request, typed)
    try:
        found = _send(request, _read(request, typed))
    except Refused as refusal:
        if late.is_late(request):
            raise
        refuse(request, refusal)
        return _panel_again(request, typed)
    request.session.pop(KEPT, None)
    messages.success(request, _sentence(found))
    return back(request)


def _send(request: AgentRequest, asked: _Asked) -> Question:
    return actions.ask(
        asked.service,
        asked.text,
        agent=request.user,
        now=late.moment_of(request),
        topic=asked.topic,
        sheet=asked.sheet,
        block=asked.block,
        visitor_present=asked.visitor_present,
        visit=asked.visit,
        site=request.user.site,
        desk=_desk(request),
    )


def _sentence(found: Question) -> str:
    words = {"service": found.service.label}
    if found.holder is None:
        return _("Asked %(service)s.") % words
    return _("Asked %(service)s: %(name)s reads it.") % {**words, "name": found.holder.display_name}


def _panel_again(request: AgentRequest, typed: str) -> HttpResponse:
    """The page with the panel open and the words as they were typed; nothing was sent."""
    request.session[KEPT] = {"text": typed, "service": request.POST.get("service", "")}
    response = redirect("web:workstation")
    response["Location"] += "?question=oui"
    return not_stored(response)


def _read(request: AgentRequest, typed: str) -> _Asked:
    topic = _one(Topic.objects.visible_to(request.user), request.POST.get("topic", ""))
    sheet, block = _sheet(request)
    chosen = _one(Service.objects.visible_to(request.user), request.POST.get("service", ""))
    service = chosen or (sheet.service if sheet else None) or (topic.service if topic else None)
    if service is None or service.authority_id != request.user.authority_id:
        raise Refused(_("Choose the service that knows."), code="no_service")
    visit, is_here = _visit(request)
    wanted = request.POST.get("visitor_present") == "on"
    # Late from a cut of the network: the visitor may be gone; else the agent says who is here.
    is_present = wanted and (is_here or not (visit.id or late.is_late(request)))
    return _Asked(typed, service, topic, sheet, block, is_present, visit)


def _one(rows: Any, given: str) -> Any:
    return rows.filter(pk=given).first() if given.isdecimal() else None


def _sheet(request: AgentRequest) -> tuple[Sheet | None, str]:
    ref, block = request.POST.get("sheet", ""), request.POST.get("block", "")
    if not ref or block == NOT_THIS_SHEET:
        return None, ""
    found = next(iter(sheets_by_ref(request.user, [ref])), None)
    today = timezone.localdate()
    blocks = said(found, request.user.authority_id, today=today).blocks if found else []
    named = int(block) if block.isdecimal() and len(block) < 4 else len(blocks)
    return found, str(blocks[named]["kind"]) if named < len(blocks) else ""


def _visit(request: AgentRequest) -> tuple[actions.Visit, bool]:
    """The visit that the page showed, and whether it is still at a desk."""
    given = request.POST.get("ticket", "")
    ticket = _one(Ticket.objects.visible_to(request.user), given)
    if ticket is None:
        return actions.Visit(), False
    is_here = ticket.state in {Ticket.State.CALLED, Ticket.State.SERVING, Ticket.State.HELD}
    return actions.Visit(ticket.code, "ticket", ticket.pk), is_here


def _desk(request: AgentRequest) -> Desk | None:
    return seat_of(request.user, current_desk(request)).desk


@gesture
def answer_read(request: AgentRequest, question_id: int) -> HttpResponse:
    """The answer was read: it leaves the screen."""
    actions.mark_shown(_mine(request, question_id), agent=request.user, now=timezone.now())
    return back(request)


@gesture
def take_back(request: AgentRequest, question_id: int) -> HttpResponse:
    """The answer is no longer needed."""
    actions.withdraw(_mine(request, question_id), agent=request.user, now=timezone.now())
    messages.success(request, _("Taken back: nobody looks for the answer any more."))
    return back(request)


def _mine(request: AgentRequest, question_id: int) -> Question:
    rows = Question.objects.visible_to(request.user)
    return get_object_or_404(rows, pk=question_id)


@gesture
def answer_again(request: AgentRequest, question_id: int) -> HttpResponse:
    """Take the answer that a department gave before."""
    rows = Question.objects.filter(authority_id=request.user.authority_id)
    known = get_object_or_404(rows.exclude(answer=""), pk=question_id)
    hidden = known.service.is_sensitive and known.service_id != request.user.service_id
    if hidden and not rows.visible_to(request.user).filter(pk=known.pk).exists():
        raise Refused(_("This answer is for the colleagues of its service."), code="hidden")
    visit, is_here = _visit(request)
    now: datetime = timezone.now()
    actions.reuse(
        known,
        agent=request.user,
        now=now,
        text=request.POST.get("text", "")[:LONGEST],
        visitor_present=is_here,
        visit=visit,
        site=request.user.site,
        desk=_desk(request),
    )
    request.session.pop(KEPT, None)
    return redirect("web:workstation")
