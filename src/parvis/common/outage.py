"""When the database does not answer or cannot store: words instead of a fault."""

import logging
from collections.abc import Iterator
from typing import Final

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from parvis.common.http import is_program, problem

log = logging.getLogger(__name__)

# A full disk, a restart, a lock that lasts: what passes by itself, unlike a fault of ours.
NO_DATABASE: Final = (OperationalError, InterfaceError)
RETRY_AFTER: Final = 5  # seconds


def cause_of(error: BaseException | None) -> BaseException | None:
    """The outage behind an error, whatever it was wrapped in on the way; None for anything else."""
    return next((one for one in _chain(error) if isinstance(one, NO_DATABASE)), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def sorry(request: HttpRequest, error: BaseException) -> HttpResponse:
    """Tell a person or a program to come back, without asking the database anything."""
    log.error("the database failed at %s: %s", request.path, error)
    if not connection.in_atomic_block:
        connection.close()  # a broken connection must not stay broken for the next visitor
    response = _problem() if is_program(request) else _page()
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _page() -> HttpResponse:
    return HttpResponse(render_to_string("web/503.html"), status=503)


def _problem() -> HttpResponse:
    detail = _(
        "The database cannot be used at the moment. Send the request again with the same "
        "Idempotency-Key: it has one effect."
    )
    return problem(503, _("Storage is not available"), detail)
