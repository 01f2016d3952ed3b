"""Who gets which answer at the addresses of questions and rounds."""

from typing import Any

from tests.accounts.factories import ines
from tests.departments.factories import answered, asked, civil_status, planned
from tests.support.routes import Route, only

ASK = only("REC", "ADV", "MGR")
ALL = only("REC", "ADV", "MGR", "REF", "LIA", "DIR")
HEAD = only("MGR")


def a_house() -> dict[str, Any]:
    ines()
    return {}


def a_question() -> dict[str, Any]:
    return {"pk": asked().pk}


def an_answer() -> dict[str, Any]:
    return {"pk": answered().pk}


def a_round() -> dict[str, Any]:
    return {"pk": planned().pk}


def a_service() -> dict[str, Any]:
    return {"service_id": civil_status().pk}


SOME = {"present_minutes": 5, "present_step_minutes": 2, "hours": 8, "step_hours": 4}
# Everybody of the table works in civil status: those who answer there see this question. Of the
# others only who asked and the head of reception do.
READ = only("REF", "LIA", "MGR", "DIR")
ROUTES = [
    Route("departments:questions", ALL),
    Route("departments:ask", ASK, {"get": 200, "post": 422}),
    Route("departments:times", HEAD),
    Route("departments:time-of-house", HEAD, {"get": 200, "post": 302}, data=SOME),
    Route("departments:time-of-service", HEAD, {"get": 200, "post": 302}, a_service, SOME),
    Route("departments:question", READ, ours=a_question),
    Route("departments:take", READ, {"post": 302}, a_question),
    Route("departments:answer", READ, {"post": 422}, a_question),
    Route("departments:pass-on", READ, {"post": 422}, a_question),
    Route("departments:withdraw", READ, {"post": 302}, a_question),
    Route("departments:close", READ, {"post": 302}, a_question),
    Route("departments:shown", READ, {"post": 302}, an_answer),
    Route("departments:draft", READ, {"post": 302}, an_answer),
    Route("departments:reuse", ASK, {"post": 302}, an_answer),
    Route("departments:rounds", ALL),
    Route("departments:plan", HEAD),
    Route("departments:round", ALL, ours=a_round),
    Route("departments:round-ics", ALL, ours=a_round),
    Route("departments:round-close", HEAD, {"post": 422}, a_round),
    Route("departments:round-put-off", HEAD, {"post": 422}, a_round),
    Route("departments:round-topic", HEAD, {"post": 302}, a_round, {"words": "Le tarif"}),
    Route("departments:round-draft", HEAD, {"post": 302}, a_round, {"title": "Nouveau tarif"}),
]
