from datetime import date
from typing import Any

from django.utils import timezone

from parvis.privacy import actions
from parvis.privacy.models import Slip
from tests.cases.factories import nadia, planning, procedure
from tests.organisations.factories import AuthorityFactory
from tests.privacy.factories import closed_case, dpo, odette
from tests.privacy.factories import rule as make_rule
from tests.support.routes import Route, only

DPO = only("DPO")
READERS = only("DPO", "MGR")
KEEPERS = only("DPO", "ADM", "MGR")


def a_person() -> dict[str, Any]:
    return {"pk": odette().pk}


def a_request() -> dict[str, Any]:
    now = timezone.now()
    made = actions.take_request(
        odette(), kind="access", agent=dpo(), now=now, received_on=timezone.localdate(now)
    )
    actions.check_identity(made, agent=dpo(), now=now, how="Carte vue")
    return {"pk": made.pk}


def an_act() -> dict[str, Any]:
    return {**a_request(), "act": "reponse"}


def a_hold() -> dict[str, Any]:
    now = timezone.now()
    return {"pk": actions.hold(closed_case(now), agent=dpo(), now=now, reason="Recours").pk}


def a_rule() -> dict[str, Any]:
    return {"pk": make_rule().pk}


def a_procedure() -> dict[str, Any]:
    return {"pk": procedure().pk}


def a_slip() -> dict[str, Any]:
    slip = Slip.objects.create(
        authority=AuthorityFactory.create(), number="2032-001", service=planning(),
        subject="Dossiers", final="destroy", first_on=date(2026, 1, 1), last_on=date(2026, 2, 1),
        count=0, prepared_at=timezone.now(), prepared_by=nadia(),
    )  # fmt: skip
    return {"pk": slip.pk}


def a_step() -> dict[str, Any]:
    return {**a_slip(), "act": "envoi"}


ROUTES = [
    Route("privacy:requests", DPO),
    Route("privacy:person", DPO, {"get": 200, "post": 200}, ours=a_person),
    Route("privacy:request", DPO, ours=a_request),
    Route("privacy:copy", DPO, {"post": 200}, ours=a_request),
    Route("privacy:request-act", DPO, {"post": 302}, ours=an_act, data={"words": "Voici"}),
    Route("privacy:hold", DPO, {"post": 422}),
    Route("privacy:lift", DPO, {"post": 302}, ours=a_hold),
    Route("privacy:rules", KEEPERS),
    Route("privacy:propose", KEEPERS, {"post": 302}),
    Route("privacy:rule", KEEPERS, {"get": 200, "post": 200}, ours=a_rule),
    Route("privacy:rule-of-procedure", KEEPERS, {"get": 200, "post": 200}, ours=a_procedure),
    Route("privacy:slips", KEEPERS),
    Route("privacy:prepare", KEEPERS, {"post": 302}),
    Route("privacy:slip", KEEPERS, ours=a_slip),
    Route("privacy:transfer", READERS, {"get": 302}, ours=a_slip),
    Route("privacy:slip-act", KEEPERS, {"post": 302}, ours=a_step),
    Route("privacy:journal", only("DPO", "ADM")),
    Route("privacy:journal-data", only("DPO", "ADM")),
    Route("privacy:register", KEEPERS),
    Route("privacy:register-data", KEEPERS),
]
