"""People without a ticket: given one, or received at once."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.organisations.models import Desk, Topic
from parvis.queue import actions
from parvis.queue.models import Source
from parvis.web import drafts, late
from parvis.web.late import moment_of
from parvis.web.queries import by_letters, suggestions
from parvis.web.views.gestures import chosen, gesture, reason_given, receiving_desk, tell

SENT_FOR_NOTHING = 200  # characters of an address that a form may bring back


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
    also = chosen(Topic.objects.all(), request, "also")
    further = [also] if also and also.pk != topic.pk else []
    if request.POST.get("receive") and not late.is_late(request):
        return _receive(request, desk, topic, further)
    slip = late.slip_of(request)
    issued = actions.issue_ticket(
        desk.site,
        topic,
        now=timezone.now() if slip else moment_of(request),
        source=Source.PAPER if slip else Source.AGENT,
        actor=request.user,
        topics=further,
        priority=request.POST.get("priority", ""),
        name=request.POST.get("name", ""),
        slip=slip,
        by_desk=None if late.is_late(request) else desk,
    )
    drafts.keep_issued(request.session, drafts.IssuedHere(issued.ticket.pk, issued.secret))
    words = {"code": issued.ticket.code, "topic": topic.label}
    say = messages.success if late.is_late(request) else tell
    say(request, _("%(code)s: ticket given, %(topic)s.") % words)
    return redirect("web:workstation")


def _receive(request: AgentRequest, desk: Desk, topic: Topic, further: list[Topic]) -> HttpResponse:
    """Whoever stands there is received now, past those who wait if there is a reason."""
    issued = actions.receive(
        desk.site,
        topic,
        desk=desk,
        agent=request.user,
        now=timezone.now(),
        reason=reason_given(request),
        topics=further,
        priority=request.POST.get("priority", ""),
        name=request.POST.get("name", ""),
    )
    drafts.keep_issued(request.session, drafts.IssuedHere(issued.ticket.pk, issued.secret))
    words = {"code": issued.ticket.code, "topic": topic.label}
    tell(request, _("%(code)s is received at once: %(topic)s.") % words)
    return redirect("web:workstation")


def _meant(desk: Desk, typed: str, ticked: str) -> Topic | None:
    # What was ticked counts only if it answers to what was typed: whoever types fast may send the
    # form before the choices have followed. A guess is never taken for them.
    found = by_letters(desk.site, typed)
    offered = suggestions(desk, typed, now=timezone.now()) if ticked else []
    chosen = [one.topic for one in offered if str(one.pk) == ticked]
    return next(iter(chosen or (found if len(found) == 1 else [])), None)
