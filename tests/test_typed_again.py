"""Whoever is refused finds again what they typed: on the same page, in every form of these rooms.

Every action says no; what was typed is then in the answer, or there was nothing to type.
"""

import importlib
from types import FunctionType
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.common.errors import Refused
from tests.support.routes import Route
from tests.test_permissions import ROUTES, somebody_entitled

ROOMS = ("cases", "letters", "mail", "privacy")
TYPED = "Mot tapé jadis"
# Every field of words in these rooms; whatever else the form asks for stands in the table.
FIELDS = (
    "reason", "words", "text", "how", "answer", "because", "title", "description", "name", "note",
    "longer", "by", "service", "ecart-words", "reponse-text", "why", "promised", "next_step",
    "subject", "body", "sender", "first_name", "last_name", "facts", "law", "plain",
)  # fmt: skip
# Nothing is typed into these: buttons, choices, a file, or words that are no field of the test.
BUTTONS = frozenset(
    {
        "cases:accept-many", "cases:call", "cases:item-came", "cases:party-end", "cases:receipt",
        "cases:renew-link", "cases:shut-link", "cases:speak-code", "cases:undo-step",
        "cases:unlink",
        "letters:answer", "letters:ask", "letters:begin", "letters:drop", "letters:notify",
        "letters:open-case", "letters:withdraw",
        "mail:release", "mail:send-again", "mail:send-link", "mail:take-up",
        "privacy:copy", "privacy:lift", "privacy:prepare", "privacy:propose",
    }
)  # fmt: skip
# What these do comes before anything is refused, or needs more than the table of routes has.
ELSEWHERE = frozenset({"cases:cap", "cases:together", "cases:why", "letters:drop-template"})
LEFT_OUT = ("record_", "say_why", "note_reading", "note_log", "for_each")


def says_no(*_args: Any, **_kwargs: Any) -> None:
    raise Refused("Non, cette fois-ci.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "route",
    [
        one
        for one in ROUTES
        if one.name.partition(":")[0] in ROOMS
        and "post" in one.methods
        and not one.own
        and one.name not in BUTTONS | ELSEWHERE
    ],
    ids=lambda route: route.name,
)
def test_what_was_typed_is_found_again(
    route: Route, client: Client, monkeypatch: pytest.MonkeyPatch
):
    arguments = dict(route.ours())
    client.force_login(somebody_entitled(route))
    for room in ROOMS:
        actions = importlib.import_module(f"parvis.{room}.actions")
        for name, made in list(vars(actions).items()):
            if isinstance(made, FunctionType) and not name.startswith(LEFT_OUT):
                monkeypatch.setattr(actions, name, says_no)
    data = {**dict.fromkeys(FIELDS, TYPED), **route.data}

    got = client.post(reverse(route.name, kwargs=arguments) + route.query, data)
    if got.status_code == 302:
        got = client.get(got.headers["Location"])
        words = [TYPED, *(said for said in route.data.values() if " " in str(said))]
        assert any(str(said) in got.content.decode() for said in words)
    else:
        assert got.status_code in (200, 409, 422)
