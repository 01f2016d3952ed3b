"""An exchange without a ticket, written down without leaving the workstation."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import not_stored
from parvis.contacts import actions
from parvis.contacts.forms import LAST_DIGIT, EntryForm
from parvis.contacts.models import Channel, Contact, Outcome
from parvis.web import late
from parvis.web.queries import by_letters
from parvis.web.views.gestures import gesture, receiving_desk, to_case

HERE = ("desk", "phone")  # at the desk and on the telephone; letters have their own page


@gesture
def log_contact(request: AgentRequest) -> HttpResponse:
    """Who came or called without a ticket: the first letters of the topic, and the outcome."""
    data = request.POST.dict()
    channel = data.get("channel", Channel.DESK)
    data |= {"channel": channel, "minutes": "", "topic": _topic(request, data)}
    form = EntryForm(data, agent=request.user)
    if channel not in HERE or not form.is_valid() or form.topic is None:
        return _asked_again(request, form)
    contact = _write_down(request, form)
    words = {"topic": contact.topic.label, "outcome": contact.get_outcome_display()}
    messages.success(
        request,
        _("Written down: %(topic)s, %(outcome)s.") % words,
        extra_tags=f"undo:{reverse('contacts:undo', args=[contact.pk])}",
    )
    if contact.outcome == Outcome.CASE_OPENED:
        return to_case(contact.pk)
    return redirect("web:workstation")


def _topic(request: AgentRequest, data: dict[str, str]) -> str:
    """The topic chosen, else the only one received here that the letters mean."""
    if data.get("topic"):
        return data["topic"]
    typed = LAST_DIGIT.sub(r"\1", data.get("typed", "").strip())
    found = by_letters(receiving_desk(request).site, typed)
    return str(found[0].pk) if len(found) == 1 else ""


def _write_down(request: AgentRequest, form: EntryForm) -> Contact:
    now, given = late.moment_of(request), form.cleaned_data
    assert form.topic is not None  # noqa: S101 - the view looked
    desk = receiving_desk(request) if given["channel"] == Channel.DESK else None
    return actions.log_contact(
        authority=request.user.authority,
        topic=form.topic,
        channel=given["channel"],
        outcome=form.outcome or Outcome.RESOLVED,
        started_at=now,  # nobody said how long it took: nothing is invented
        ended_at=now,
        now=now,
        agent=request.user,
        site=desk.site if desk else request.user.site,
        desk=desk,
        note=given["note"],
    )


def _asked_again(request: AgentRequest, form: EntryForm) -> HttpResponse:
    typed = request.POST.get("typed", "")
    if late.is_late(request):
        raise Refused(_("“%s” may mean several topics, or none: write it down again.") % typed)
    kept: dict[str, Any] = {
        name: request.POST.get(name, "")[:200] for name in ("typed", "channel", "note")
    }
    address = f"{reverse('web:workstation')}?{urlencode({'noter': 'oui', **kept})}"
    return not_stored(HttpResponseRedirect(address))
