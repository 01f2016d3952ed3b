"""Every call of the API: without a token, with the wrong role, with ids of another authority."""

import json
from typing import Any

import pytest
from django.test import Client

from parvis.interop.api import api as ninja
from tests.interop.conftest import Api, token_of

TALK = "/api/v1/assistant/conversations/{secret}"  # the secret is the key
# What somebody without a token gets: nothing is there, or an empty body is refused.
OPEN = {
    ("get", "/api/v1/sites/{site}/display"): 404,
    ("get", "/api/v1/sites/{site}/waits"): 404,
    ("get", TALK): 404,
    ("post", f"{TALK}/messages"): 422,
    ("post", f"{TALK}/person"): 422,
    ("post", f"{TALK}/leave"): 404,
}
CALLS = [
    (method, path)
    for path, operations in ninja.get_openapi_schema()["paths"].items()
    for method in operations
]
IDS = [f"{method} {path}" for method, path in CALLS]


def address(path: str) -> str:
    return (
        (path.replace("{reference}", "AAAA-AAAA").replace("{ref}", "F1").replace("{site}", "1"))
        .replace("{desk}", "1")
        .replace("{ticket}", "1")
        .replace("{leg}", "1")
        .replace("{question}", "1")
        .replace("{number}", "1")
        .replace("{file}", "1")
        .replace("{draft}", "1")
        .replace("{article}", "1")
        .replace("{letter}", "1")
        .replace("{person}", "1")
    )


def send(client: Any, method: str, path: str) -> Any:
    if method == "post":
        return client.post(address(path), data="{}", content_type="application/json")
    return client.get(address(path), {"q": "x"})


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), CALLS, ids=IDS)
def test_without_a_token_nobody_gets_in(client: Any, method: str, path: str):
    answer = send(client, method, path)

    assert answer.status_code == OPEN.get((method, path), 401)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), CALLS, ids=IDS)
def test_a_role_without_the_right_is_told_so(method: str, path: str):
    if (method, path) in OPEN:
        return
    program = Api(token_of("orvanne", "Sainte-Orvanne", role="MOD"))

    answer = send(program.client, method, path)

    # 422: the body is read first, and an empty one is refused before anything else.
    assert answer.status_code in {403, 422}
    assert json.loads(answer.content)["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_methods_that_are_not_offered_are_405(api: Api, method: str):
    assert getattr(api.client, method)("/api/v1/tickets/1").status_code == 405


@pytest.mark.django_db
def test_head_answers_like_get_without_a_body(api: Api, site: Any):
    whole = api.get(f"sites/{site.pk}/display")

    told = api.client.head(f"/api/v1/sites/{site.pk}/display")

    assert (told.status_code, told.content) == (200, b"")
    assert told["Content-Type"] == whole["Content-Type"]
    assert int(told["Content-Length"]) == pytest.approx(len(whole.content), abs=2)


@pytest.mark.django_db
def test_head_is_refused_only_where_nothing_can_be_read(api: Api):
    refused = {path for _, path in CALLS if api.client.head(address(path)).status_code == 405}

    assert refused == {path for _, path in CALLS} - {
        path for method, path in CALLS if method == "get"
    }


@pytest.mark.django_db
def test_head_asks_for_the_token_like_get(client: Client):
    assert client.head("/api/v1/tickets/1").status_code == 401


@pytest.mark.parametrize(
    ("path", "methods"),
    [("tickets/1", "GET, HEAD, OPTIONS"), ("contacts", "OPTIONS, POST")],
)
def test_options_names_the_methods_of_an_address(client: Client, path: str, methods: str):
    answer = client.options(f"/api/v1/{path}")

    assert (answer.status_code, answer["Allow"]) == (204, methods)
