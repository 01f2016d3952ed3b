"""The way in and out."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts import actions
from parvis.accounts.forms.own import SignInForm, wait_sentence
from parvis.accounts.models import Agent
from parvis.common.errors import Busy
from parvis.common.http import next_address, public


@public
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password; a second factor follows where there is one."""
    wanted = next_address(request, "")
    if request.user.is_authenticated:
        return redirect(wanted or "accounts:choose-desk")
    if request.method != "POST":
        return _page(request, SignInForm(request), wanted)
    form = SignInForm(request, request.POST)
    try:
        right = form.is_valid()
    except Busy as busy:
        return _too_many(request, busy, wanted)
    if not right or form.agent is None:
        return _page(request, form, wanted)
    login = Login(user=form.agent, redirect_url=wanted or None)
    credentials = {"username": form.agent.username}
    answer: HttpResponse = perform_password_login(request, credentials, login)
    return answer


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Agent):
        actions.sign_out(agent=request.user, now=timezone.now())
    logout(request)
    return redirect("accounts:sign-in")


def _page(
    request: HttpRequest, form: SignInForm, wanted: str, *, status: int = 200, sentence: str = ""
) -> HttpResponse:
    context = {"form": form, "next": wanted, "sentence": sentence}
    return render(request, "accounts/sign_in.html", context, status=status)


def _too_many(request: HttpRequest, busy: Busy, wanted: str) -> HttpResponse:
    """The name stays typed, the password does not; when to come back is said."""
    form = SignInForm(request)
    form.initial = {"username": request.POST.get("username", "")[:150]}
    answer = _page(request, form, wanted, status=429, sentence=wait_sentence(busy))
    answer.headers["Retry-After"] = str(busy.retry_after)
    return answer
