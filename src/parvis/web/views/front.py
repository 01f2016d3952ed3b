"""The front door of an authority, its hours, and the pages that the law asks for."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts.rules import LONGEST_SESSION
from parvis.appointments.queries import offerings
from parvis.appointments.rules import KEPT
from parvis.cases import actions as cases
from parvis.cases.forms_page import NameForm
from parvis.cases.rules.doors import DEVICE_KNOWN
from parvis.common import codes, throttle
from parvis.common.http import client_address, public
from parvis.common.idempotency import KEPT_FOR
from parvis.knowledge.models import Sheet
from parvis.organisations.http import authority_of_page
from parvis.organisations.models import Authority
from parvis.queue import queries as tickets
from parvis.queue.queries.tickets import PAGE_LIVES
from parvis.web import queries
from parvis.web.visiting import COOKIE

EXAMPLES = 4
# Who knows a code may try some names; who knows none may not try them all.
BY_ADDRESS = throttle.Limit("follow-address", burst=10, seconds=30)
BY_CODE = throttle.Limit("follow-code", burst=5, seconds=600)
# The code alone, or the whole address that was copied with it.
KEY = re.compile(r"(?:^|/(suivi|ticket)/)([A-Za-z0-9_-]{16,64})/?(?:[?#].*)?$")


@public
@require_safe
def front(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    now = timezone.now()
    places = queries.places_now(authority, now)
    context = {
        "places": places,
        "hero": next((place for place in places if place.state.open), None),
        "notices": queries.notices(authority, now),
        "examples": queries.often_asked_here(authority, now=timezone.now(), most=EXAMPLES),
        "may_book": offerings(authority).exists(),
    }
    return _render(request, authority, "web/front.html", context)


@public
@require_safe
def hours(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    authority = authority_of_page(request, slug)
    now = timezone.now()
    context = {
        "weeks": queries.weeks(authority, now),
        "notices": queries.notices(authority, now),
    }
    return _render(request, authority, "web/hours.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """To the page of one's own request: by its key, or by its short code and one's name."""
    authority = authority_of_page(request, slug)
    if "reference" in request.POST:
        return _by_name(request, authority)
    typed = request.POST.get("code", "")
    found = KEY.search(typed.strip())
    if found:
        return redirect(_page_behind(found[1], found[2]), secret=found[2])
    return _follow_page(request, authority, NameForm(), wrong=bool(typed))


def _page_behind(door: str | None, secret: str) -> str:
    """Some paste the link of their ticket: it opens its own page, not a request."""
    is_ticket = door == "ticket" or (
        door is None and tickets.ticket_by_secret(secret, timezone.now()) is not None
    )
    return "web:ticket" if is_ticket else "web:tracking"


def _by_name(request: HttpRequest, authority: Authority) -> HttpResponse:
    """Unknown, foreign, wrong name, nobody named: one answer, and few tries."""
    form, now = NameForm(request.POST), timezone.now()
    if not form.is_valid():
        return _follow_page(request, authority, form, status=422)
    reference = codes.parse_reference(form.cleaned_data["reference"]) or ""
    throttle.take(BY_ADDRESS, client_address(request), now=now)
    throttle.take(BY_CODE, reference or "none", now=now)
    secret = cases.open_by_code(
        authority.pk, reference=reference, name=form.cleaned_data["name"], now=now
    )
    if secret is None:
        return _follow_page(request, authority, form, unknown=True, status=422)
    return redirect("web:tracking", secret=secret)


def _follow_page(
    request: HttpRequest,
    authority: Authority,
    form: NameForm,
    *,
    wrong: bool = False,
    unknown: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"authority": authority, "name_form": form, "wrong": wrong, "unknown": unknown}
    return render(request, "web/follow.html", context, status=status)


@public
@require_safe
def accessibility(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    return _render(request, authority_of_page(request, slug), "web/accessibility.html", {})


@public
@require_safe
def privacy(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    context = {
        "session_hours": int(LONGEST_SESSION.total_seconds() // 3600),
        "form_hours": int(KEPT_FOR.total_seconds() // 3600),
        "ticket_days": PAGE_LIVES.days,
        "appointment_days": KEPT.days,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "language_cookie": settings.LANGUAGE_COOKIE_NAME,
        "device_cookie": COOKIE,
        "device_days": DEVICE_KNOWN.days,
    }
    return _render(request, authority_of_page(request, slug), "web/privacy.html", context)


@public
@require_safe
def legal(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    national = Sheet.objects.filter(authority=None, state=Sheet.State.PUBLISHED)
    context = {"has_national": national.exists()}
    return _render(request, authority_of_page(request, slug), "web/legal.html", context)


def _render(
    request: HttpRequest, authority: Authority, template: str, context: dict[str, Any]
) -> HttpResponse:
    return render(request, template, {"authority": authority, **context})
