from typing import Any

from django.utils import timezone

from tests.cases.factories import windows
from tests.support.routes import Route, only

READERS = only("REC", "ADV", "REF", "LIA", "MGR")


def a_case() -> dict[str, Any]:
    return {"reference": windows(now=timezone.now()).case.reference}


def a_note() -> dict[str, Any]:
    return {**a_case(), "act": "note"}


ROUTES = [
    Route("cases:portfolio", READERS),
    Route("cases:open", READERS, {"get": 200, "post": 422}),
    Route("cases:case", READERS, ours=a_case),
    Route("cases:slip", READERS, ours=a_case),
    Route("cases:renew-link", READERS, {"post": 302}, ours=a_case),
    Route("cases:act", READERS, {"post": 302}, ours=a_note, data={"text": "Seen", "reason": ""}),
]
