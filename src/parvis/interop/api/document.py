"""The OpenAPI document: what each call takes and gives, and every way in which it may fail."""

from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from parvis.interop.api.schemas import Problem

# Each failure of the house, told in one place; the sentence itself comes with the answer.
FAILURES: Final = {
    400: "The body is no JSON that can be read.",
    401: "The token is missing, unknown or revoked.",
    403: "The role of this token does not allow this.",
    404: "There is nothing of that name for this token.",
    409: "A rule of the house forbids it now; `detail` says which.",
    413: "The body is too long.",
    415: "The body is of another kind than application/json in UTF-8.",
    422: "Fields are missing or wrong (`errors` names them), or the key came with another body.",
    429: "Too many requests; `Retry-After` says when to try again.",
    500: "A fault on our side; nothing was changed.",
    503: "The database cannot be reached or written to; try again.",
}
_ALWAYS: Final = {404, 422, 429, 500, 503}
_SECURED: Final = {401, 403}
_WRITING: Final = {409, 413}
_WITH_BODY: Final = {400, 415}


class HouseAPI(NinjaAPI):
    """The API of the house: its document declares the failures too."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        for operations in document["paths"].values():
            for method, call in operations.items():
                for status in _failures_of(method, call):
                    told = {"$ref": f"#/components/responses/{status}"}
                    call["responses"].setdefault(status, told)
        _add_components(document["components"])
        return document


def _failures_of(method: str, call: dict[str, Any]) -> list[int]:
    may = set(_ALWAYS)
    if call.get("security"):
        may |= _SECURED
    if method != "get":
        may |= _WRITING
    if "requestBody" in call:
        may |= _WITH_BODY
    return sorted(may)


def _add_components(components: dict[str, Any]) -> None:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= {**schema.pop("$defs", {}), "Problem": schema}
    components["responses"] = {
        str(status): {
            "description": says,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status, says in FAILURES.items()
    }
