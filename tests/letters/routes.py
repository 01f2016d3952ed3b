"""Who gets which answer at the addresses of letters and post."""

from typing import Any

from django.utils import timezone

from parvis.cases.models import Case
from parvis.letters import actions
from tests.cases.routes import from_inside
from tests.letters.factories import a_letter, claire, long_ago, refused, registered, with_clock
from tests.support.routes import Route, only

READERS = only("REC", "ADV", "REF", "LIA", "MGR")
MAIL = only("REC", "ADV", "REF", "LIA", "MGR")
MANAGERS = only("MGR", "ADM")


def _case() -> Case:
    return from_inside(with_clock(now=timezone.now()))


def a_case() -> dict[str, Any]:
    return {"reference": _case().reference}


def a_draft() -> dict[str, Any]:
    return {"pk": a_letter(_case(), now=timezone.now()).pk}


def a_decision() -> dict[str, Any]:
    now, case = timezone.now(), _case()
    decision = refused(case, now=now, decided_on=timezone.localdate(now))
    return {"reference": case.reference, "pk": decision.pk}


def a_request() -> dict[str, Any]:
    case = from_inside(with_clock(silence="acceptance", now=long_ago()))
    asked = actions.ask_for_right(case, "certificate", channel="desk", now=timezone.now())
    return {"reference": case.reference, "pk": asked.pk}


def a_row(**more: Any) -> dict[str, Any]:
    now = timezone.now()
    return {"pk": registered(now=now, received_on=timezone.localdate(now), **more).pk}


def a_scan() -> dict[str, Any]:
    scan = actions.keep_scan([b"%PDF-1.4 x"], name="lettre.pdf")
    return a_row(scan=scan)


def a_delegation() -> dict[str, Any]:
    return {"pk": claire().pk}


def a_free() -> dict[str, Any]:
    return {"kind": "free"}


ROUTES = [
    Route("letters:of-case", READERS, ours=a_case),
    Route("letters:begin", READERS, {"post": 302}, a_case, {"wording": "free"}),
    Route("letters:refusal", READERS, {"get": 200, "post": 422}, a_case),
    Route("letters:notify", READERS, {"post": 302}, a_decision),
    Route("letters:withdraw", READERS, {"post": 302}, a_decision),
    Route("letters:ask", READERS, {"post": 302}, a_case, {"kind": "motives", "channel": "desk"}),
    Route("letters:answer", READERS, {"post": 302}, a_request),
    Route("letters:slip", READERS, ours=a_case),
    Route("letters:letter", READERS, {"get": 200, "post": 422}, a_draft),
    Route("letters:send", READERS, {"post": 422}, a_draft),
    Route("letters:drop", READERS, {"post": 302}, a_draft),
    Route("letters:pdf", READERS, ours=a_draft),
    Route("letters:picture", READERS, ours=a_draft),
    Route("letters:incoming", MAIL, {"get": 200, "post": 422}),
    Route("letters:incoming-table", MAIL),
    Route("letters:days", MAIL),
    Route("letters:owed", MAIL),
    Route("letters:outgoing", MAIL, {"get": 200, "post": 422}),
    Route("letters:outgoing-table", MAIL),
    Route("letters:incoming-one", MAIL, ours=a_row),
    Route("letters:attach", MAIL, {"post": 422}, a_row),
    Route("letters:open-case", READERS, {"post": 302}, a_row),
    Route("letters:add-scan", MAIL, {"post": 422}, a_row),
    Route("letters:scan", MAIL, ours=a_scan),
    Route("letters:templates", MANAGERS),
    Route("letters:letterhead", MANAGERS, {"get": 200, "post": 422}),
    Route("letters:delegation-new", MANAGERS, {"get": 200, "post": 422}),
    Route("letters:delegation", MANAGERS, {"get": 200, "post": 422}, a_delegation),
    # Every authority has its own wording of each kind.
    Route("letters:template", MANAGERS, {"get": 200}, a_free, foreign=200),
    Route("letters:template", MANAGERS, {"post": 422}, a_free, foreign=422),
    Route("letters:drop-template", MANAGERS, {"post": 404}, a_free),
]
