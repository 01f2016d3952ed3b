"""The agent's side of live conversations: who waits, the one I hold, and how it ends."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.assistant import stream
from parvis.assistant.actions import duty as duties
from parvis.assistant.actions import handing as actions
from parvis.assistant.actions import looking
from parvis.assistant.actions import messages as cases
from parvis.assistant.forms.handing import CaseForm, EndForm
from parvis.assistant.models import Conversation, Handover
from parvis.assistant.queries import changes, house
from parvis.assistant.queries import handing as queries
from parvis.assistant.rules.handing import MOST_AT_ONCE
from parvis.common.errors import Refused
from parvis.common.forms import posted
from parvis.common.http import once, refuse, requires

TALK = "assistant.talk"
Handler = Callable[[AgentRequest, Conversation, Handover, datetime], HttpResponse | None]


@requires(TALK)
@require_safe
@never_cache
def waiting(request: AgentRequest) -> HttpResponse:
    """Who waits, the first first; the page says that the agent is there."""
    now, agent = timezone.now(), request.user
    actions.see_agent(agent, now=now)
    looking.look_after(now=now, authority=agent.authority)
    line = list(queries.waiting_for(agent))
    held = list(queries.mine(agent))
    context = {
        "line": [(row, queries.is_quiet(row.last_seen_person, now)) for row in line],
        "held": held,
        "may_take": bool(line) and len(held) < MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "duty": house.on_duty(agent.authority, now).filter(agent=agent).first(),
        "colleagues": house.on_duty(agent.authority, now).exclude(agent=agent),
        "closes_at": house.closes_at(agent.authority, now),
        "live": stream.address(changes.LINE, agent.authority_id),
        "version": changes.version(changes.LINE, agent.authority_id, now),
    }
    return render(request, "assistant/conversations.html", context)


@requires(TALK)
@require_POST
@once
def duty(request: AgentRequest) -> HttpResponse:
    """The switch: take conversations, or take nobody new."""
    now = timezone.now()
    if request.POST.get("on") == "yes":
        duties.go_on(request.user, now=now)
        messages.success(request, _("You take conversations as long as a page of them is open."))
    else:
        duties.go_off(request.user, now=now)
        messages.success(request, _("You take nobody new. What you hold stays with you."))
    return redirect("assistant:conversations")


@requires(TALK)
@require_POST
@once
def take(request: AgentRequest) -> HttpResponse:
    """Take who has waited longest; nobody can be chosen."""
    now, agent = timezone.now(), request.user
    looking.look_after(now=now, authority=agent.authority)
    try:
        taken = actions.take_next(agent, now=now)
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("assistant:conversations")
    if taken is None:
        messages.info(request, _("Nobody waits any more: a colleague was quicker, or they left."))
        return redirect("assistant:conversations")
    return redirect("assistant:conversation", taken.conversation_id)


def _conversation(request: AgentRequest, pk: int) -> Conversation:
    found = queries.for_agent(request.user, pk)
    if found is None:
        raise Http404
    return found


@requires(TALK)
@require_safe
@never_cache
def one(request: AgentRequest, pk: int) -> HttpResponse:
    """The whole conversation, with what the assistant quoted."""
    now, found = timezone.now(), _conversation(request, pk)
    actions.see_agent(request.user, now=now)
    looking.look_after(now=now, authority=request.user.authority)
    return _page(request, _conversation(request, found.pk), now)


def _page(
    request: AgentRequest, found: Conversation, now: datetime, *, text: str = "", **forms: Any
) -> HttpResponse:
    agent, handover = request.user, queries.open_handover(found)
    is_mine = handover is not None and handover.taken_by_id == agent.pk
    initial = {"topic": found.topic_id}
    context = {
        "conversation": found,
        "handover": handover,
        "is_mine": is_mine,
        "state": "mine" if is_mine else handover.state if handover else "over",
        "lines": queries.transcript(found, now),
        "types": handover is not None and queries.typing(handover, now, agent=False),
        "is_quiet": handover is not None and queries.is_quiet(handover.last_seen_person, now),
        "others": queries.waiting_for(agent).count(),
        "end_form": EndForm(actor=agent, initial=initial, auto_id="fin_%s"),
        "case_form": CaseForm(actor=agent, initial=initial, auto_id="demande_%s"),
        "live": stream.address(changes.CONVERSATION, found.pk),
        "version": changes.version(changes.CONVERSATION, found.pk, now),
        "text": text,
        **forms,
    }
    status = 422 if text or any(form.errors for form in forms.values()) else 200
    return render(request, "assistant/talk.html", context, status=status)


def _step(step: Handler) -> Callable[..., HttpResponse]:
    """A form on the page of a conversation that the agent holds."""

    @requires(TALK)
    @require_POST
    @once
    @wraps(step)
    def view(request: AgentRequest, pk: int) -> HttpResponse:
        found, now = _conversation(request, pk), timezone.now()
        handover = queries.open_handover(found)
        try:
            if handover is None:
                raise Refused(_("This conversation is not with you any more."), code="not_yours")
            answer = step(request, found, handover, now)
        except Refused as refusal:
            refuse(request, refusal)
            text = request.POST.get("text", "")
            if text:  # what was typed stays
                return _page(request, _conversation(request, pk), now, text=text)
            return redirect("assistant:conversation", pk)
        return answer or redirect("assistant:conversation", pk)

    return view


@_step
def write(request: AgentRequest, _found: Conversation, handover: Handover, now: datetime) -> None:
    given = request.POST
    actions.write_as_agent(
        handover, given.get("text", ""), agent=request.user, now=now, ref=given.get("ref", "")
    )


@_step
def sign(
    request: AgentRequest, _found: Conversation, handover: Handover, now: datetime
) -> HttpResponse:
    """A key was touched."""
    actions.agent_types(handover, agent=request.user, now=now)
    return HttpResponse(status=204)


@_step
def hand_back(
    request: AgentRequest, _found: Conversation, handover: Handover, now: datetime
) -> HttpResponse:
    actions.hand_back(handover, agent=request.user, now=now)
    messages.success(request, _("The assistant answers again; the person knows."))
    return redirect("assistant:conversations")


@_step
def end(
    request: AgentRequest, found: Conversation, handover: Handover, now: datetime
) -> HttpResponse:
    form = EndForm(posted(request), actor=request.user, auto_id="fin_%s")
    if not form.is_valid():
        return _page(request, found, now, end_form=form)
    actions.end(handover, agent=request.user, now=now, **form.cleaned_data)
    messages.success(request, _("Ended and written down."))
    return redirect("assistant:conversations")


@_step
def make_case(
    request: AgentRequest, found: Conversation, handover: Handover, now: datetime
) -> HttpResponse:
    form = CaseForm(posted(request), actor=request.user, auto_id="demande_%s")
    if not form.is_valid():
        return _page(request, found, now, case_form=form)
    given = form.cleaned_data
    opened = cases.make_case(
        handover,
        agent=request.user,
        topic=given["topic"],
        text=given["text"],
        reach=form.reach,
        now=now,
    )
    messages.success(request, _("The request is opened; the person knows who follows it."))
    return redirect("cases:case", opened.case.reference)
