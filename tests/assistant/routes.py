"""Who gets which answer at the addresses of the assistant."""

from typing import Any

from tests.assistant.factories import asked
from tests.support.routes import Route, only

REVIEWERS = only("MGR", "QUA", "KBE")


def a_conversation() -> dict[str, Any]:
    return {"pk": asked().pk}


ROUTES = [
    Route("assistant:review", REVIEWERS),
    Route(
        "assistant:review-one",
        REVIEWERS,
        {"get": 200, "post": 302},
        a_conversation,
        {"verdict": "right"},
    ),
    Route(
        "assistant:settings",
        only("ADM"),
        {"get": 200, "post": 302},
        data={"is_on": "on", "threshold": "0.5", "origins": ""},
    ),
]
