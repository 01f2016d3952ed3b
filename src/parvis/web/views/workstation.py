"""The workstation: one page for the whole day; its gestures are in gestures.py."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.accounts.queries import current_desk
from parvis.appointments import queries as appointments
from parvis.common.http import requires
from parvis.common.qr import qr_svg
from parvis.contacts.models import AvoidableCause, Need
from parvis.feedback.queries import unseen_thanks
from parvis.organisations import queries as organisations
from parvis.organisations.models import Desk, Site
from parvis.queue import queries as queue
from parvis.queue.models import DeskSession, LateReason, Priority, Ticket
from parvis.web import drafts, queries, searched, suggested
from parvis.web.views.around import surroundings
from parvis.web.views.questions import answers_here, question_panel

# Why somebody goes first: about the visit, never about their health.
REASONS = (
    _("a very short question"),
    _("called or sent by mistake before"),
    _("agreed with those who wait"),
    _("a train, a class or work to go back to"),
    _("for the calm of the hall"),
)
SLIP_OFFERED = timedelta(minutes=10)
LONGEST_WORDS = 60
LIKELY = 3


@dataclass(frozen=True)
class Outcome:
    """One way in which a visit ends, with its key."""

    key: str
    value: str
    icon: str
    label: Any


OUTCOMES = (
    Outcome("1", "resolved", "check2-circle", pgettext_lazy("outcome", "Settled")),
    Outcome("2", "passed_on", "arrow-right-circle", pgettext_lazy("outcome", "Passed on")),
    Outcome("3", "case_opened", "folder-plus", _("Followed by a service")),
    Outcome("4", "appointment_made", "calendar-plus", pgettext_lazy("outcome", "Appointment")),
    Outcome("5", "other_authority", "signpost-split", _("Another body")),
)


@requires("queue.work")
@require_safe
@never_cache
def workstation(request: AgentRequest) -> HttpResponse:
    seat = queries.seat_of(request.user, current_desk(request))
    if seat.desk is None:
        return render(request, "web/workstation_nowhere.html", {})
    with timezone.override(ZoneInfo(seat.desk.site.timezone)):
        return render(request, "web/workstation.html", _page(request, seat))


@requires("queue.work")
@require_safe
@never_cache
def line(request: AgentRequest) -> HttpResponse:
    """The left column alone: what a wake-up of the stream fetches again."""
    seat = queries.seat_of(request.user, current_desk(request))
    if seat.desk is None:
        raise Http404
    with timezone.override(ZoneInfo(seat.desk.site.timezone)):
        return render(request, "web/_workstation_line.html", _line(request, seat))


@requires("queue.work")
@require_safe
@never_cache
def pulse(request: AgentRequest) -> HttpResponse:
    """For the browser after a cut: who is signed in, and a token to send what waited."""
    seat = queries.seat_of(request.user, current_desk(request))
    desk = str(seat.desk.pk) if seat.desk else ""
    told = {"agent": str(request.user.pk), "desk": desk, "now": timezone.now().isoformat()}
    return JsonResponse({**told, "token": get_token(request)})


@requires("queue.work")
@require_safe
def topics(request: AgentRequest) -> HttpResponse:
    """The topics that the first letters mean, as choices of the form that gives a ticket."""
    seat = queries.seat_of(request.user, current_desk(request))
    if seat.desk is None:
        raise Http404
    typed = request.GET.get("topic_words", request.GET.get("typed", ""))
    typed = typed[:LONGEST_WORDS]
    suggested = queries.suggestions(seat.desk, typed, now=timezone.now())
    context = {"typed": typed, "suggested": suggested}
    return render(request, "web/_workstation_topics.html", context)


@requires("queue.work")
@require_safe
def documents(request: AgentRequest, ref: str) -> HttpResponse:
    """The list of documents of a sheet, on paper for the visitor."""
    sheet = queries.documents(request.user, ref, request.GET.dict())
    if sheet is None:
        raise Http404
    suggested.given(request, sheet.sheet)
    return render(request, "web/documents.html", {"opened": sheet})


@requires("queue.work")
@require_safe
@never_cache
def slip(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """The paper slip of the ticket that this agent has just given."""
    ticket = get_object_or_404(
        Ticket.objects.visible_to(request.user).select_related("site", "topic"), pk=ticket_id
    )
    issued = drafts.issued_here(request.session)
    if issued is None or issued.ticket != ticket.pk:
        return redirect("web:workstation")
    address = request.build_absolute_uri(reverse("web:ticket", args=[issued.secret]))
    label = gettext("QR code of the page of ticket %(code)s") % {"code": ticket.code}
    spoken = ticket.language in settings.VISITOR_LANGUAGES
    context = {
        "ticket": ticket,
        "qr": qr_svg(address, label=label),
        "visitor": ticket.language if spoken else get_language() or settings.LANGUAGE_CODE,
    }
    with timezone.override(ZoneInfo(ticket.site.timezone)):
        return render(request, "web/slip.html", context)


def _page(request: AgentRequest, seat: queries.Seat) -> dict[str, Any]:
    desk, now = seat.desk, timezone.now()
    assert desk is not None  # noqa: S101 - the view sent everybody else away
    version = queue.hall_version(desk.site)  # first: what comes after it makes the page look again
    context = {**_line(request, seat), "version": version}
    visit = context["visit"]
    draft = drafts.draft_of(request.session, visit.ticket.pk if visit else None)
    words = request.GET.get("nouveau", "")[:LONGEST_WORDS]
    return {
        **context,
        "agent_place": _place(request, seat),
        "draft": draft,
        **_shelf(request, visit),
        "known_reach": _reach(visit),
        "outcomes": OUTCOMES,
        "causes": AvoidableCause.choices,
        "needs": Need.choices,
        "priorities": [choice for choice in Priority.choices if choice[0]],
        "families": organisations.topics_by_family(desk.site),
        "desks": [one for one in organisations.desks_of(desk.site) if one.pk != desk.pk],
        "receivers": _receivers(request, desk.site),
        "typed": words,
        "suggested": queries.suggestions(desk, words, now=now),
        "likely": _likely(desk, visit, now),
        **surroundings(request, desk.site),
        **answers_here(request),
        "question": question_panel(request),
        "mine": queries.own_day(request.user, desk.site, now),
        "thanks": unseen_thanks(request.user),
        "may_report": request.user.may("incidents.report"),
        "notices": queue.notices_for(desk.site, now),
        "late_reasons": LateReason.choices,
        "now": now,
        "here": request.get_full_path(),
    }


def _shelf(request: AgentRequest, visit: queries.Visit | None) -> dict[str, Any]:
    shelf = queries.shelf(
        request.user,
        query=request.GET.get("q", "")[:200],
        ref=request.GET.get("fiche", "")[:20],
        topic=visit.topic if visit else None,
        now=timezone.now(),
        answers=request.GET.dict(),
    )
    secret = searched.note(request, shelf)
    ticket = visit.ticket if visit else None
    suggestion = suggested.note(request, shelf, ticket=ticket, secret=secret)
    return {"shelf": shelf, "searched": secret, "suggestion": suggestion}


def _receivers(request: AgentRequest, site: Site) -> list[DeskSession]:
    """Those of the hall to whom a visitor may be sent."""
    sitting = queue.open_desks(site).exclude(status=DeskSession.Status.BACK_OFFICE)
    return [session for session in sitting if session.agent_id != request.user.pk]


def _reach(visit: queries.Visit | None) -> str:
    """Where the list of documents may be sent with one key."""
    return queries.reach_of(visit.ticket) if visit else ""


def _likely(desk: Desk, visit: queries.Visit | None, now: datetime) -> list[queries.Suggestion]:
    """Without a word typed: what this visitor may really have come for."""
    if visit is None:
        return []
    found = queries.suggestions(desk, "", now=now, person=visit.ticket.person)
    return [one for one in found if one.pk != visit.topic.pk][:LIKELY]


def _line(request: AgentRequest, seat: queries.Seat) -> dict[str, Any]:
    desk, now = seat.desk, timezone.now()
    assert desk is not None  # noqa: S101 - the view sent everybody else away
    corrected = drafts.corrected(request.session)
    visit = queries.visit_at(desk, request.user, now, corrected) if seat.session else None
    line = queries.line_at(desk, now, request.user)
    return {
        "seat": seat,
        "desk": desk,
        "site": desk.site,
        "line": line,
        "interrupted": queue.interrupted(request.user, [place.ticket for place in line.held]),
        "visit": visit,
        "issued": _issued(request),
        "visitors_here": appointments.here_for(request.user, now=now),
        "reasons": REASONS,
        "online": queries.waiting_online(request.user),
    }


def _issued(request: AgentRequest) -> Ticket | None:
    issued = drafts.issued_here(request.session)
    if issued is None:
        return None
    recent = Ticket.objects.visible_to(request.user).filter(
        pk=issued.ticket, state=Ticket.State.WAITING, issued_at__gt=timezone.now() - SLIP_OFFERED
    )
    return recent.select_related("topic").first()


def _place(request: AgentRequest, seat: queries.Seat) -> dict[str, str]:
    assert seat.desk is not None  # noqa: S101 - the view sent everybody else away
    return {
        "place": seat.desk.label,
        "detail": f"{seat.desk.site.label} · {request.user.display_name}",
        "url": reverse("web:workstation"),
    }
