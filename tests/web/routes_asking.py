"""Questions to departments, at the workstation."""

from typing import Any

from tests.departments.factories import answered, asked
from tests.support.routes import Route, only

RECEIVES = only("REC", "ADV", "MGR")
POST = {"post": 302, "get": 405}


def a_question() -> dict[str, Any]:
    return {"question_id": asked().pk}


def an_answer() -> dict[str, Any]:
    return {"question_id": answered().pk}


ROUTES = [
    Route("web:ask", RECEIVES, {"post": 302}),
    Route("web:similar", RECEIVES),
    Route("web:answers", RECEIVES),
    Route("web:answer-read", RECEIVES, {"post": 404}, an_answer),
    Route("web:question-back", RECEIVES, {"post": 404}, a_question),
    Route("web:answer-again", RECEIVES, {"post": 302}, an_answer),
]
