"""Errors in words that say what to do next; never a trace, never a lost text."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from parvis.common import outage
from parvis.common.http import is_program, problem


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_program(request):
        return problem(400, _("Not understood"), _("The address or the body cannot be read."))
    return HttpResponse(render_to_string("web/400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_program(request):
        detail = _("There is no such call; GET /api/v1/openapi.json lists them.")
        return problem(404, _("Not found"), detail)
    return render(request, "web/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Middlewares that use the database, such as sessions, fail outside of any view: Django
    # brings their errors here only.
    if error := outage.cause_of(sys.exc_info()[1]):
        return outage.sorry(request, error)
    # Without the request: whatever broke the page may sit in a context processor.
    return HttpResponse(render_to_string("web/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "web/403_csrf.html", status=403)
