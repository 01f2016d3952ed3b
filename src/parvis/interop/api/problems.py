"""Errors as application/problem+json (RFC 9457), each with a sentence that helps."""

import logging
import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from parvis.common import outage
from parvis.common.errors import Busy, Refused
from parvis.common.http import problem
from parvis.common.idempotency import KeyReused
from parvis.interop.api.parsing import NoText, OtherKind
from parvis.interop.api.sentences import sentence
from parvis.interop.api.values import Misfit

log = logging.getLogger(__name__)
# What our schema adds to the place of a mistake: types, and the alternatives of a union.
_OURS = re.compile(r"bool|str|literal\[.*\]|function-.*|[A-Z]\w+|.*\[.*\].*")


def install(api: NinjaAPI) -> None:
    """Answer every kind of failure of the house in the one format."""
    api.add_exception_handler(KeyReused, _key_reused)
    api.add_exception_handler(Busy, _busy)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(Misfit, _misfit)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(PermissionDenied, _forbidden)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http_error)
    for error in outage.NO_DATABASE:
        api.add_exception_handler(error, _no_database)
    api.add_exception_handler(OverflowError, _too_far)
    api.add_exception_handler(IntegrityError, _again)
    api.add_exception_handler(Exception, unexpected)


def _no_database(request: HttpRequest, error: Any) -> HttpResponse:
    return outage.sorry(request, error)


def too_big() -> HttpResponse:
    """The body is longer than anything that the API asks for."""
    detail = _("The body is too long. Nothing was changed.")
    return problem(413, _("Too long"), detail)


def _key_reused(request: HttpRequest, error: Any) -> HttpResponse:
    detail = _("This Idempotency-Key was already used with another body. Use a new key.")
    return problem(422, _("Key already used"), detail)


def _busy(request: HttpRequest, error: Any) -> HttpResponse:
    answer = problem(429, _("Too many requests"), error.message)
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(409, _("Not possible now"), error.message, code=error.code)


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    told = error.args[0] if error.args else _("There is nothing at this address for this token.")
    return problem(404, _("Not found"), str(told))


def _forbidden(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(403, _("Not allowed"), _("The role of this token does not allow this."))


def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    detail = _("Send a valid token: Authorization: Bearer TOKEN. It may have been revoked.")
    answer = problem(401, _("Unknown sender"), detail)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="parvis"'
    return answer


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    fields = [{"field": _field(item["loc"]), "says": sentence(item)} for item in error.errors]
    names = ", ".join(sorted({str(item["field"]) for item in fields}))
    detail = _("Some fields are missing or wrong: %(names)s.") % {"names": names}
    return problem(422, _("Not understood"), detail, errors=fields)


def _misfit(request: HttpRequest, error: Any) -> HttpResponse:
    fields = [{"field": error.field, "says": error.says}]
    return problem(422, _("Not understood"), error.says, errors=fields)


def _field(place: Sequence[str | int]) -> str:
    """The field as the sender wrote it, without the names that our schema gives to its parts."""
    # ("body", "body", "person", "PersonIn", "email"): where it came in, our argument, the rest.
    inner = place[2:] if place[0] == "body" else place[1:]
    written = [str(part) for part in inner if _OURS.fullmatch(str(part)) is None]
    return ".".join(written) or str(place[0])


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code != 400:
        return problem(error.status_code, _("Not understood"), str(error))
    if isinstance(error.__cause__, NoText):
        detail = _("The body has half of a character (a lone surrogate), which is no text.")
        return problem(422, _("Not understood"), detail)
    if isinstance(error.__cause__, OtherKind):
        detail = _("Send the body as application/json, in UTF-8.")
        return problem(415, _("Not understood"), detail)
    return problem(400, _("Not understood"), _("The body is no JSON that can be read."))


def _too_far(request: HttpRequest, error: Any) -> HttpResponse:
    log.warning("out of range in the API: %s", error, exc_info=error)
    detail = _("A date or a number is out of any range. Nothing was changed.")
    return problem(422, _("Not understood"), detail)


def _again(_request: HttpRequest, error: Any) -> HttpResponse:
    # Perhaps two met at a rule of the database: whoever holds the transaction looks once more.
    raise error


def unexpected(_request: HttpRequest, error: Any) -> HttpResponse:
    """A fault of ours: it is written down with its place, and said without it."""
    log.exception("unexpected error in the API", exc_info=error)
    detail = _("Something went wrong on our side. Nothing was changed; it has been noted.")
    return problem(500, _("Unexpected error"), detail)
