"""Who gets which answer at the addresses of the assistant."""

from typing import Any

from django.utils import timezone

from parvis.assistant.actions.handing import put_in_line
from tests.assistant.factories import asked
from tests.support.routes import Route, only

TALK = only("REC", "ADV", "MGR")
REVIEWERS = only("MGR", "QUA", "KBE")


def who_waits() -> dict[str, Any]:
    """Somebody in the line: nobody of the table holds the conversation."""
    now = timezone.now()
    return {"pk": put_in_line(asked(now=now), asked_at=now, now=now).conversation_id}


def a_conversation() -> dict[str, Any]:
    return {"pk": asked().pk}


ROUTES = [
    Route("assistant:conversations", TALK),
    Route("assistant:duty", TALK, {"post": 302}, data={"on": "yes"}),
    Route("assistant:take", TALK, {"post": 302}),
    Route("assistant:conversation", TALK, ours=who_waits),
    Route("assistant:write", TALK, {"post": 302}, who_waits),
    Route("assistant:sign", TALK, {"post": 204}, who_waits),
    Route("assistant:hand-back", TALK, {"post": 302}, who_waits),
    Route("assistant:end", TALK, {"post": 422}, who_waits),
    Route("assistant:make-case", TALK, {"post": 422}, who_waits),
    Route("assistant:review", REVIEWERS),
    Route("assistant:figures", REVIEWERS),
    Route("assistant:figures-csv", REVIEWERS),
    Route(
        "assistant:review-one",
        REVIEWERS,
        {"get": 200, "post": 302},
        a_conversation,
        {"verdict": "right"},
    ),
    Route("assistant:keep-question", only("MGR", "KBE"), {"post": 302}, a_conversation),
    Route(
        "assistant:settings",
        only("ADM"),
        {"get": 200, "post": 302},
        data={"is_on": "on", "origins": ""},
    ),
    Route(
        "assistant:model",
        only("ADM"),
        {"get": 200, "post": 302},
        data={"endpoint": "", "name": "", "seconds": "4"},
    ),
    Route("assistant:model-try", only("ADM"), {"post": 302}, data={"ref": "SO-1"}),
    Route(
        "assistant:threshold",
        only("ADM"),
        {"get": 200, "post": 302},
        data={"point": "balanced", "threshold": ""},
    ),
    Route("assistant:measure", only("ADM"), {"post": 302}),
]
