"""Why do you read it? Asked wherever a page is about a case, whichever room the page is in."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.cases import queries
from parvis.cases.models import Case


class ReasonMissing(Exception):
    """The case may be read, once somebody of another service has said why."""

    def __init__(self, case: Case) -> None:
        self.case = case


def check(case: Case, agent: Agent, now: datetime, *, acting: bool = True) -> Case:
    """The case, for somebody of its service or with a reason; else the question comes first."""
    if queries.needs_reason(case, agent, now, acting=acting):
        raise ReasonMissing(case)
    return case


class AskWhy:
    """Leads a page that lacks the reason to the one that asks for it, and back again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Only for the reason; every other error goes its way."""
        if not isinstance(error, ReasonMissing):
            return None
        address = reverse("cases:case", args=[error.case.reference])
        if request.method not in ("GET", "HEAD"):
            return redirect(address)
        return redirect(f"{address}?{urlencode({'next': request.get_full_path()})}")
