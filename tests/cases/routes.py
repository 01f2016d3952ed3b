from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.cases import actions, queries
from parvis.cases.actions import Wanted
from tests.cases.factories import bruno, facade_protocol, nadia, note, procedure, windows
from tests.support.routes import Route, only

READERS = only("REC", "ADV", "REF", "LIA", "MGR")


def a_case() -> dict[str, Any]:
    return {"reference": windows(now=timezone.now()).case.reference}


def a_note() -> dict[str, Any]:
    return {**a_case(), "act": "note"}


def an_item() -> dict[str, Any]:
    case, now = windows(now=timezone.now()).case, timezone.now()
    until = timezone.localdate(now) + timedelta(days=9)
    [item] = actions.ask_for_items(
        case, agent=nadia(), now=now, wanted=[Wanted("Le plan")], until=until
    )
    return {"reference": case.reference, "pk": item.pk}


def a_document() -> dict[str, Any]:
    case, now = windows(now=timezone.now()).case, timezone.now()
    kept = actions.attach(case, name="plan.pdf", kind="", data=b"%PDF-1.7 a plan", now=now)
    return {"reference": case.reference, "pk": kept.pk}


def a_call() -> dict[str, Any]:
    case, now = windows(now=timezone.now()).case, timezone.now()
    moment = queries.moments_to_call(case, now)[-1]
    call = actions.ask_call(case, now=now, day=moment.day, part=moment.part, phone="06 12 34 56 78")
    return {"reference": case.reference, "pk": call.pk}


def a_procedure() -> dict[str, Any]:
    return {"pk": procedure().pk}


STEERERS = only("ADV", "REF", "LIA", "MGR")


def a_handover() -> dict[str, Any]:
    case, now = windows(now=timezone.now()).case, timezone.now()
    by_when = timezone.localdate(now) + timedelta(days=9)
    offered = actions.hand_over(
        case, agent=nadia(), now=now, referent=bruno(), note=note(by_when=by_when)
    )
    return {"pk": offered.pk, "answer": "reprendre"}


def a_step() -> dict[str, Any]:
    case, now = windows(now=timezone.now()).case, timezone.now()
    sheet = facade_protocol(case.topic)
    done = actions.do_step(case, sheet, step=1, agent=nadia(), now=now)
    return {"reference": case.reference, "pk": done.pk}


def no_step() -> dict[str, Any]:
    return {"reference": a_step()["reference"]}


MANAGERS = only("MGR", "ADM")

ROUTES = [
    Route("cases:portfolio", READERS),
    Route("cases:open", READERS, {"get": 200, "post": 422}),
    Route("cases:case", READERS, ours=a_case),
    Route("cases:slip", READERS, ours=a_case),
    Route("cases:renew-link", READERS, {"post": 302}, ours=a_case),
    Route("cases:receipt", READERS, {"post": 302}, ours=a_case),
    Route("cases:item-came", READERS, {"post": 302}, ours=an_item),
    Route("cases:file", READERS, ours=a_document),
    Route("cases:calls", READERS),
    Route("cases:identify", READERS, {"get": 200, "post": 422}),
    Route("cases:call", READERS, {"post": 302}, ours=a_call, data={"what": "made"}),
    Route("cases:promise-call", READERS, {"get": 200, "post": 422}, ours=a_case),
    Route("cases:shut-link", READERS, {"post": 302}, ours=a_case),
    Route("cases:item-refuse", READERS, {"get": 200, "post": 422}, ours=an_item),
    Route("cases:procedures", MANAGERS),
    Route("cases:procedure-new", MANAGERS, {"get": 200, "post": 200}),
    Route("cases:procedure", MANAGERS, {"get": 200, "post": 200}, ours=a_procedure),
    Route("cases:start-clocks", MANAGERS, {"post": 302}, ours=a_procedure),
    Route("cases:together", STEERERS, {"get": 302, "post": 302}),
    Route("cases:team", STEERERS),
    Route("cases:cap", only("MGR"), {"post": 404}),
    Route("cases:handovers", STEERERS),
    Route("cases:accept-many", STEERERS, {"post": 302}),
    Route("cases:handover-answer", STEERERS, {"post": 302}, ours=a_handover),
    Route("cases:do-step", READERS, {"post": 302}, ours=no_step, data={"protocol": "P-001"}),
    Route("cases:undo-step", READERS, {"post": 302}, ours=a_step),
    Route("cases:act", READERS, {"post": 302}, ours=a_note, data={"text": "Seen", "reason": ""}),
]
