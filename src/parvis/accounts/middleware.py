"""What follows an agent from page to page: the desk they chose, and the lock on their screen."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from parvis.accounts import sessions
from parvis.accounts.models import Agent
from parvis.accounts.rules import SessionState
from parvis.accounts.views.lock import locked_page

AGENT_PAGES = "/agent/"
# Sent by pages that refresh themselves: nobody is there, the screen must still lock.
BACKGROUND = "Parvis-Background"


class AgentSession:
    """Keeps a locked screen locked, whatever address is opened.

    Works in ``process_view``, after the CSRF check: a form of another site must not even be kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.path.startswith(AGENT_PAGES) or not isinstance(request.user, Agent):
            return None
        now = timezone.now()
        state = sessions.state_of(request.session, request.user, now=now)
        if state is SessionState.OVER:
            return _ended(request)
        if state is SessionState.LOCKED:
            sessions.lock(request.session, now=now)
            return _behind_the_lock(request)
        if BACKGROUND not in request.headers:
            sessions.touch(request.session, now=now)
        return _first_things_first(request, request.user)


def _ended(request: HttpRequest) -> HttpResponse | None:
    logout(request)
    messages.info(request, _("Your session of the day is over: please sign in again."))
    if request.method == "POST":
        return None  # the view sends to sign in too, and may keep what was typed until then
    return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))


def _behind_the_lock(request: HttpRequest) -> HttpResponse | None:
    if request.path in {reverse("accounts:lock"), reverse("accounts:unlock")}:
        return None
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    return locked_page(request)


def _first_things_first(request: HttpRequest, agent: Agent) -> HttpResponse | None:
    """A temporary password is changed, and a due second factor set up, before any work."""
    if request.path.startswith(reverse("accounts:profile")):
        return None
    if agent.password_is_temporary:
        return redirect("accounts:password")
    if _needs_second_factor(agent):
        return redirect("accounts:second-factor-needed")
    return None


def _needs_second_factor(agent: Agent) -> bool:
    due = agent.authority.second_factor_for_admins and agent.may("settings.manage")
    return due and not Authenticator.objects.filter(user_id=agent.pk).exists()
