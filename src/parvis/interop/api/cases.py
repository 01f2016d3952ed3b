"""Cases over HTTP: open, read, write, hand over, close."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Header, Status

from parvis.accounts.models import Agent
from parvis.cases import actions, queries
from parvis.cases.models import Case, Handover
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import full_address
from parvis.feedback import actions as feedback
from parvis.interop.api.auth import ApiRequest, fetch, need
from parvis.interop.api.contacts import find_person
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import (
    CaseOpened,
    CaseOut,
    Close,
    Forward,
    GiveBack,
    HandOver,
    Message,
    NewCase,
    Note,
    StepIn,
    ThanksIn,
    ThanksOut,
)
from parvis.knowledge import queries as knowledge
from parvis.organisations.models import Service, Topic
from parvis.organisations.queries import shown_name

router = ApiRouter(tags=["cases"])


@router.post("cases", response={201: CaseOpened}, summary="Open a case")
def open_case(request: ApiRequest, body: NewCase) -> Status[Any]:
    agent = need(request, "cases.open")
    now = timezone.now()
    topic = fetch(Topic.objects.visible_to(agent).select_related("service"), body.topic)
    person, _linking = find_person(request, body.person, now)
    opened = actions.open_case(
        topic=topic,
        channel=body.channel,
        description=body.description,
        title=body.title,
        now=now,
        agent=agent,
        person=person,
        received_on=body.received_on,
        posted_on=body.posted_on,
    )
    path = reverse("web:tracking", args=[opened.secret])
    return Status(
        201,
        {
            **_who(opened.case),
            "reference": codes.format_reference(opened.case.reference),
            "tracking_url": full_address(path),
            "receipt": asdict(queries.receipt(opened.case, timezone.localdate())),
            "silence": _silence(opened.case),
        },
    )


def _silence(case: Case) -> dict[str, Any] | None:
    """What silence means by the legal clock; None without a procedure or effect."""
    legal = queries.legal_clock(case)
    if legal is None or legal.falls_on is None:
        return None
    return {"meaning": legal.silence, "date": legal.falls_on}


@router.get("cases/{reference}", response=CaseOut, summary="A case as the caller may see it")
def case(
    request: ApiRequest,
    reference: str,
    reason: str = "",
    words: str = "",
    parvis_reason: Header[str] = "",
) -> Any:
    """Read the case: from outside its service, words and story come only with a reason.

    The reason is one of `here`, `letter`, `help`, `takeover`, `check`, `rights`, `other` (with
    `words`), as a parameter or as the header `Parvis-Reason: letter; words`. It is kept and shown
    to the service and to the person. Without one the answer says `needs_reason`, who follows the
    case and nothing of its content. A program reads without a reason what it opened itself.
    """
    agent, now = need(request, "cases.read"), timezone.now()
    found = find_case(request, reference)
    if parvis_reason and not reason:
        reason, _semicolon, words = (part.strip() for part in parvis_reason.partition(";"))
    if reason and queries.needs_reason(found, agent, now):
        actions.say_why(found, agent=agent, now=now, reason=reason, words=words)
    actions.record_reading(found, agent=agent, now=now)
    return case_for(found, agent, now)


@router.post("cases/{reference}/messages", response=CaseOut, summary="Write to the person")
def message(request: ApiRequest, reference: str, body: Message) -> Any:
    agent = need(request, "cases.act")
    found = find_case(request, reference)
    actions.write_to_person(found, agent=agent, now=timezone.now(), text=body.text)
    return _again(request, found)


@router.post("cases/{reference}/notes", response=CaseOut, summary="Add an internal note")
def note(request: ApiRequest, reference: str, body: Note) -> Any:
    agent = need(request, "cases.act")
    found = find_case(request, reference)
    actions.add_note(found, agent=agent, now=timezone.now(), text=body.text, reason=body.reason)
    return _again(request, found)


@router.post("cases/{reference}/handover", response=CaseOut, summary="Hand over to a colleague")
def handover(request: ApiRequest, reference: str, body: HandOver) -> Any:
    agent = need(request, "cases.assign")
    found = find_case(request, reference)
    referent = fetch(Agent.objects.visible_to(agent), body.referent)
    deputy = fetch(Agent.objects.visible_to(agent), body.deputy) if body.deputy else None
    note = actions.Note(body.note, body.promised, body.next_step, body.by_when)
    actions.hand_over(
        found,
        agent=agent,
        now=timezone.now(),
        referent=referent,
        note=note,
        deputy=deputy,
        because=body.because,
    )
    return _again(request, found)


@router.post(
    "cases/{reference}/handover/accept", response=CaseOut, summary="The colleague takes the case"
)
def accept_handover(request: ApiRequest, reference: str) -> Any:
    agent = need(request, "cases.assign")
    found = find_case(request, reference)
    actions.accept_handover(_pending(found), agent=agent, now=timezone.now())
    return _again(request, found)


@router.post(
    "cases/{reference}/handover/return",
    response=CaseOut,
    summary="The colleague does not take the case",
)
def give_back(request: ApiRequest, reference: str, body: GiveBack) -> Any:
    agent = need(request, "cases.assign")
    found = find_case(request, reference)
    actions.give_back(_pending(found), agent=agent, now=timezone.now(), reason=body.reason)
    return _again(request, found)


@router.post("cases/{reference}/steps", response=CaseOut, summary="Tick a step of a protocol")
def do_step(request: ApiRequest, reference: str, body: StepIn) -> Any:
    agent = need(request, "cases.act")
    found = find_case(request, reference)
    sheet = knowledge.protocol(agent, body.protocol)
    if sheet is None:
        raise Http404
    actions.do_step(
        found,
        sheet,
        step=body.step,
        agent=agent,
        now=timezone.now(),
        cause=body.cause,
        words=body.words,
    )
    return _again(request, found)


def _pending(case: Case) -> Handover:
    found = queries.pending_handover(case)
    if found is None:
        raise Refused(gettext("Nothing is offered here."), code="stale")
    return found


@router.post("cases/{reference}/forward", response=CaseOut, summary="Send to another authority")
def forward(request: ApiRequest, reference: str, body: Forward) -> Any:
    agent = need(request, "cases.act")
    found = find_case(request, reference)
    actions.forward(
        found,
        agent=agent,
        now=timezone.now(),
        authority_name=body.authority,
        reason=body.reason,
    )
    return _again(request, found)


@router.post("cases/{reference}/close", response=CaseOut, summary="Close, with the last word")
def close(request: ApiRequest, reference: str, body: Close) -> Any:
    """An answer that refuses needs its law and facts: 409, decide it on the page of the case."""
    agent = need(request, "cases.act")
    found = find_case(request, reference)
    refuses = body.outcome == "refuses"
    actions.close(found, agent=agent, now=timezone.now(), text=body.text, refuses=refuses)
    return _again(request, found)


@router.post("cases/{reference}/reopen", response=CaseOut, summary="It was not solved")
def reopen(request: ApiRequest, reference: str, body: Message) -> Any:
    agent = need(request, "cases.act")
    found = find_case(request, reference)
    actions.reopen(found, agent=agent, now=timezone.now(), text=body.text)
    return _again(request, found)


@router.post(
    "cases/{reference}/thanks", response={201: ThanksOut}, summary="Pass on somebody's thanks"
)
def thanks(request: ApiRequest, reference: str, body: ThanksIn) -> Status[Any]:
    need(request, "cases.act")
    found = find_case(request, reference)
    now = timezone.now()
    kept = feedback.thank(found, now=now, words=body.words, may_be_shown=body.may_be_shown)
    return Status(201, {"words": kept.words, "may_be_shown": kept.may_be_shown, "at": kept.at})


def find_case(request: ApiRequest, reference: str) -> Case:
    """The case with this reference, typed as people type it; 404 if the caller may not see it."""
    stored = codes.parse_reference(reference)
    found = queries.whole(request.auth).filter(reference=stored).first() if stored else None
    root = queries.where_it_goes_on(found) if found else None
    if root is None or not Case.objects.visible_to(request.auth).filter(pk=root.pk).exists():
        raise Http404
    return root


def case_for(case: Case, agent: Agent, now: datetime, *, acting: bool = False) -> dict[str, Any]:
    """The case as this reader may see it: before a reason was given, only who follows it."""
    if not queries.needs_reason(case, agent, now, acting=acting):
        return case_out(case)
    return {
        **_who(case),
        "reference": codes.format_reference(case.reference),
        "title": "",
        "state": case.state,
        "topic": case.topic_id,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "description": "",
        "handover": None,
        "steps": [],
        "entries": [],
        "needs_reason": True,
    }


def read_case(request: ApiRequest, agent: Agent, reference: str) -> Case:
    """The case, for whoever may read its content: the reason is given where the case is read."""
    found = find_case(request, reference)
    if queries.needs_reason(found, agent, timezone.now(), acting=True):
        raise Refused(
            gettext("Say why first: read the case with a reason, then ask again."), code="reason"
        )
    return found


def case_out(case: Case) -> dict[str, Any]:
    """A case as the contract writes it, with the whole story an agent may read."""
    return {
        **_who(case),
        "reference": codes.format_reference(case.reference),
        "title": case.title,
        "state": case.state,
        "topic": case.topic_id,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "description": case.description,
        "handover": _handover(case),
        "steps": [
            {
                "protocol": step.version.sheet.ref,
                "version": step.version.number,
                "step": step.step,
                "title": step.title,
                "by": step.agent.display_name,
                "at": step.at,
                "otherwise": step.deviation.cause if step.deviation else "",
            }
            for step in queries.steps_done(case)
        ],
        "entries": [
            {
                "at": line.at,
                "author": line.actor,
                "what": line.text,
                "text": line.words,
                "internal": bool(line.internal),
                "internal_reason": line.internal,
            }
            for line in queries.timeline(case, for_person=False, on=timezone.localdate())
        ],
        "readings": [asdict(reading) for reading in queries.outside_readings(case)],
    }


def _handover(case: Case) -> dict[str, Any] | None:
    """The offer that waits for an answer; None without one."""
    found = queries.pending_handover(case)
    if found is None:
        return None
    return {
        "state": found.state,
        "to": named(found.receiver),
        "why": found.why,
        "promised": found.promised,
        "next_step": found.next_step,
        "by_when": found.by_when,
        "offered_at": found.offered_at,
    }


def _again(request: ApiRequest, case: Case) -> dict[str, Any]:
    fresh = queries.whole(request.auth).filter(pk=case.pk).first()
    # A case handed to a sensitive service may be out of sight for the one who handed it over.
    return case_for(fresh or case, request.auth, timezone.now(), acting=True)


def _who(case: Case) -> dict[str, Any]:
    return {
        "service": service_out(case.service),
        "referent": named(case.referent),
        "deputy": named(case.deputy),
        "contact": asdict(queries.named_contact(case, timezone.localdate())),
    }


def named(agent: Agent | None) -> dict[str, str] | None:
    """A colleague as the name policy lets the public read them; None without one."""
    if agent is None or agent.entry is None:
        return None
    shown = shown_name(agent.entry, timezone.localdate())
    return {"name": shown.name, "function": shown.function, "service": shown.service}


def service_out(service: Service) -> dict[str, Any]:
    """The institution behind the person."""
    return {
        "id": service.id,
        "name": service.name,
        "phone": service.phone,
        "email": service.email,
    }
