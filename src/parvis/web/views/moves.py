"""What is out of the ordinary at a desk: a chosen person, one who is back, a topic, a name."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.organisations.models import Topic
from parvis.queue import actions
from parvis.queue.models import Leg
from parvis.web.late import moment_of
from parvis.web.views.gestures import (
    back,
    called_sentence,
    chosen,
    gesture,
    reason_given,
    receiving_desk,
    tell,
    the_ticket,
    ticket_here,
)

PERSON = ("first_name", "last_name", "phone")


@gesture
def choose(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Call this person and not the next one, for a reason that stays written."""
    called = actions.call_ticket(
        the_ticket(request, ticket_id),
        desk=receiving_desk(request),
        agent=request.user,
        now=timezone.now(),
        reason=reason_given(request),
    )
    tell(request, called_sentence(called))
    return redirect("web:workstation")


@gesture
def come_back(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Somebody set aside, gone or missed stands there again: back in the line, where they were."""
    ticket = the_ticket(request, ticket_id)
    receiving_desk(request)
    actions.come_back(ticket, agent=request.user, now=timezone.now())
    tell(request, _("%s is back in the line.") % ticket.code)
    return redirect("web:workstation")


@gesture
def add_leg(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """“And also…”: one more topic in the same visit."""
    ticket = ticket_here(request, ticket_id)
    topic = chosen(Topic.objects.all(), request, "topic")
    if topic is None:
        raise Refused(_("Choose the topic that the person also comes for."))
    actions.add_leg(ticket, topic, agent=request.user, now=moment_of(request))
    words = {"code": ticket.code, "topic": topic.label}
    tell(request, _("%(code)s: and also %(topic)s.") % words)
    return back(request)


@gesture
def drop_leg(request: AgentRequest, ticket_id: int, leg_id: int) -> HttpResponse:
    """A topic that the person no longer comes for."""
    ticket = ticket_here(request, ticket_id)
    legs = Leg.objects.visible_to(request.user).filter(ticket=ticket)
    leg = get_object_or_404(legs.select_related("ticket", "topic"), pk=leg_id)
    actions.drop_leg(leg, agent=request.user, now=moment_of(request))
    words = {"code": ticket.code, "topic": leg.topic.label}
    tell(request, _("%(code)s: no longer %(topic)s.") % words)
    return back(request)


@gesture
def identify(request: AgentRequest, ticket_id: int) -> HttpResponse:
    """Who the visitor is, if they wish to say it."""
    ticket = ticket_here(request, ticket_id)
    details = {name: request.POST.get(name, "") for name in PERSON}
    named = actions.identify(ticket, agent=request.user, now=moment_of(request), **details)
    words = {"code": ticket.code, "name": named.person}
    tell(request, _("%(code)s: %(name)s.") % words)
    return back(request)
