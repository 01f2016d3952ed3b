"""The OpenAPI document says what the calls take and give."""

import typing
from collections import Counter
from typing import Any

import pytest
from ninja import Schema

from parvis.interop.api import api

DOCUMENT = api.get_openapi_schema()
SCHEMAS = DOCUMENT["components"]["schemas"]
CALLS = [
    (operation, DOCUMENT["paths"]["/api/v1/" + path.lstrip("/")][method.lower()])
    for router in api._get_bound_routers()
    for path, view in router.path_operations.items()
    for operation in view.operations
    for method in operation.methods
    if operation.include_in_schema
]
IDS = [call["operationId"] for _operation, call in CALLS]


def subclasses(of: type[Any]) -> list[type[Any]]:
    found = of.__subclasses__()
    return [*found, *(deeper for one in found for deeper in subclasses(one))]


def named(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def test_no_two_schemas_share_a_name():
    ours = {one for one in subclasses(Schema) if one.__module__.startswith("parvis.interop.")}

    assert [name for name, n in Counter(one.__name__ for one in ours).items() if n > 1] == []


@pytest.mark.parametrize(("operation", "call"), CALLS, ids=IDS)
def test_a_body_is_described_by_the_class_of_its_view(operation: Any, call: dict[str, Any]):
    taken = typing.get_type_hints(operation.view_func).get("body")
    if not isinstance(taken, type) or not issubclass(taken, Schema):
        return

    schema = call["requestBody"]["content"]["application/json"]["schema"]

    assert named(schema) == taken.__name__
    assert (
        SCHEMAS[taken.__name__]["properties"].keys()
        == taken.model_json_schema()["properties"].keys()
    )


@pytest.mark.parametrize(("operation", "call"), CALLS, ids=IDS)
def test_an_answer_is_described_by_the_class_of_its_call(operation: Any, call: dict[str, Any]):
    for status, model in operation.response_models.items():
        given = getattr(model, "model_fields", {}).get("response")
        if given is None or not hasattr(given.annotation, "model_fields"):
            continue
        name = given.annotation.__name__

        assert named(call["responses"][status]["content"]["application/json"]["schema"]) == name
        assert SCHEMAS[name]["properties"].keys() == given.annotation.model_fields.keys()


def test_a_case_is_opened_for_a_person_with_an_address():
    assert "address" in SCHEMAS["PersonIn"]["properties"]


@pytest.mark.parametrize(("_operation", "call"), CALLS, ids=IDS)
def test_every_call_declares_how_it_may_fail(_operation: Any, call: dict[str, Any]):
    declared = set(call["responses"])

    assert declared >= {404, 422, 503}
    assert ({401, 403} <= declared) == bool(call.get("security"))
    assert (415 in declared) == ("requestBody" in call)


def test_a_failure_is_described_once_as_a_problem():
    told = DOCUMENT["components"]["responses"]["409"]["content"]

    assert named(told["application/problem+json"]["schema"]) == "Problem"
    assert SCHEMAS["Problem"]["properties"].keys() >= {
        "type",
        "title",
        "status",
        "detail",
        "errors",
    }
