from typing import Any

from django.utils import timezone

from parvis.cases.models import Case
from parvis.feedback import actions
from parvis.feedback.models import Complaint
from tests.accounts.factories import ines
from tests.cases.factories import windows
from tests.support.routes import Route, only

STAFF = only(
    "REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "HR", "DIR", "ELU", "AUD", "MOD", "FED",
    "ADM", "DPO",
)  # fmt: skip
READERS = only("REC", "ADV", "REF", "LIA", "MGR", "QUA", "DIR")
ANSWERERS = only("REF", "MGR", "QUA")
REPORTERS = only("REC", "ADV", "REF", "LIA", "MGR")


def a_case() -> dict[str, Any]:
    return {"reference": windows(now=timezone.now()).case.reference}


def a_complaint() -> dict[str, Any]:
    case, now = windows(now=timezone.now()).case, timezone.now()
    made = actions.complain(case, now=now, words="Nobody called.")
    # Services read their own: this one is about the service that everybody is hired into.
    for rows in (Complaint.objects.filter(pk=made.pk), Case.objects.filter(pk=case.pk)):
        rows.update(service=ines().service)
    return {"pk": made.pk}


def an_incident() -> dict[str, Any]:
    row = actions.report_incident(agent=ines(), now=timezone.now(), kind="words", severity=1)
    return {"pk": row.pk}


ROUTES = [
    Route("feedback:thanks", STAFF),
    Route("feedback:thanks-export", STAFF),
    Route("feedback:thanks-pass-on", REPORTERS, {"get": 200, "post": 302}, ours=a_case),
    Route("feedback:teams", only("MGR", "QUA", "DIR")),
    Route("feedback:complaints", READERS),
    Route("feedback:complaint", READERS, ours=a_complaint),
    Route("feedback:complaint-take", ANSWERERS, {"post": 302}, ours=a_complaint),
    Route("feedback:complaint-answer", ANSWERERS, {"post": 422}, ours=a_complaint),
    Route(
        "feedback:complaint-record",
        only("REC", "ADV", "REF", "MGR"),
        {"get": 200, "post": 422},
        ours=a_case,
    ),
    Route("feedback:incidents", only("MGR", "HR")),
    Route("feedback:incident", only("MGR", "HR"), {"get": 200, "post": 302}, ours=an_incident),
    Route("feedback:report", REPORTERS, {"get": 200, "post": 422}),
    Route("feedback:report-of-case", REPORTERS, {"get": 200, "post": 422}, ours=a_case),
]
