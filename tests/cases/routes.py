from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.cases import actions, queries
from parvis.cases.actions import Wanted
from parvis.cases.models import Case
from tests.accounts.factories import AgentFactory
from tests.cases.factories import (
    bruno,
    facade_protocol,
    mandated,
    nadia,
    note,
    procedure,
    windows,
)
from tests.contacts.factories import PersonFactory
from tests.support.routes import Route, only

READERS = only("REC", "ADV", "REF", "LIA", "MGR")


def seen_from_outside() -> dict[str, Any]:
    return {"reference": windows(now=timezone.now()).case.reference}


def from_inside(case: Case) -> Case:
    """Whoever is entitled works in the service of the case: nobody asks why."""
    AgentFactory.create(username="entitled", entry=None, service=case.service)
    return case


def a_case() -> dict[str, Any]:
    return {"reference": from_inside(windows(now=timezone.now()).case).reference}


def a_sealed_case() -> dict[str, Any]:
    case = windows(now=timezone.now()).case
    case.service.is_sensitive = True
    case.service.save(update_fields=["is_sensitive"])
    return {"reference": case.reference}


def a_note() -> dict[str, Any]:
    return {**a_case(), "act": "note"}


def twins() -> tuple[Case, Case]:
    person, now = PersonFactory.create(), timezone.now()
    kept = from_inside(windows(person=person, now=now).case)
    return kept, windows(person=person, now=now).case


def a_merge() -> dict[str, Any]:
    kept, case = twins()
    row = actions.merge(case, into=kept, agent=nadia(), now=timezone.now(), reason="twice")
    return {"reference": kept.reference, "pk": row.pk}


def a_link() -> dict[str, Any]:
    case, other = twins()
    row = actions.link(case, to=other, kind="related", agent=nadia(), now=timezone.now())
    return {"reference": case.reference, "pk": row.pk}


def a_party() -> dict[str, Any]:
    case, now = from_inside(windows(now=timezone.now()).case), timezone.now()
    other = PersonFactory.create(email="yves@example.org", phone="")
    row = actions.add_party(case, person=other, part="applicant", agent=nadia(), now=now)
    return {"reference": case.reference, "pk": row.pk}


def a_mandate() -> dict[str, Any]:
    case = from_inside(windows(now=timezone.now()).case)
    return {"reference": case.reference, "pk": mandated(case).mandate.pk}


def an_item() -> dict[str, Any]:
    case, now = from_inside(windows(now=timezone.now()).case), timezone.now()
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
    Route("cases:why", READERS, {"post": 302}, ours=seen_from_outside, data={"reason": "here"}),
    Route("cases:renew-link", READERS, {"post": 302}, ours=a_case),
    Route("cases:receipt", READERS, {"post": 302}, ours=a_case),
    Route("cases:item-came", READERS, {"post": 302}, ours=an_item),
    Route("cases:file", READERS, ours=a_document),
    Route("cases:calls", READERS),
    Route("cases:identify", READERS, {"get": 200, "post": 422}),
    Route("cases:speak-code", READERS, {"post": 404}),
    Route("cases:call", READERS, {"post": 302}, ours=a_call, data={"what": "made"}),
    Route("cases:promise-call", READERS, {"get": 200, "post": 422}, ours=a_case),
    Route("cases:shut-link", READERS, {"post": 302}, ours=a_case),
    Route("cases:item-refuse", READERS, {"get": 200, "post": 422}, ours=an_item),
    Route("cases:access", only("MGR", "DPO")),
    Route("cases:access-export", only("MGR", "DPO")),
    Route(
        "cases:danger",
        only("MGR"),
        {"post": 302},
        ours=a_sealed_case,
        data={"words": "A neighbour threatens to come back tonight."},
    ),
    Route("cases:around", READERS, ours=a_case),
    Route("cases:join", READERS, {"post": 422}, ours=a_case),
    Route("cases:apart", READERS, {"post": 302}, ours=a_merge),
    Route("cases:unlink", READERS, {"post": 302}, ours=a_link),
    Route("cases:party", READERS, {"post": 422}, ours=a_case),
    Route("cases:party-end", READERS, {"post": 302}, ours=a_party),
    Route("cases:mandate", READERS, {"post": 422}, ours=a_case),
    Route("cases:mandate-end", READERS, {"post": 302}, ours=a_mandate),
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
