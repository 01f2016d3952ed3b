"""The lock of the screen: quick to close, quick to open, nothing lost in between."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from parvis.accounts import sessions
from parvis.accounts.forms.own import UnlockForm, wait_sentence
from parvis.accounts.http import AgentRequest
from parvis.accounts.models import Agent
from parvis.common.errors import Busy
from parvis.common.http import next_address, requires

AGENT_PAGES = "/agent/"
# Never carried through the lock page: secrets, and what the page asks for itself.
_NOT_KEPT = {"csrfmiddlewaretoken", "secret", "next", "replay"}
_SECRET_WORDS = ("password", "pin", "current", "new", "again", "code", "credential")
LOCKED = 423


@requires()
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: AgentRequest) -> HttpResponse:
    """POST locks the screen; GET is the lock page itself."""
    if request.method == "POST":
        sessions.lock(request.session, now=timezone.now())
        back = next_address(request, "") or _referring_page(request)
        return redirect(f"{request.path}?{urlencode({'next': back})}" if back else request.path)
    if not sessions.is_locked(request.session):
        return redirect(next_address(request, "accounts:choose-desk"))
    return _page(request, UnlockForm(request.user), back=next_address(request, ""), status=200)


@requires()
@require_POST
@sensitive_post_parameters()
def unlock(request: AgentRequest) -> HttpResponse:
    """Open the screen where it was; a form that was sent meanwhile is sent again as it was."""
    back = next_address(request, "")
    if not sessions.is_locked(request.session):
        return redirect(back or "accounts:choose-desk")
    form = UnlockForm(request.user, request.POST)
    try:
        right = form.is_valid()
    except Busy as busy:
        answer = _page(
            request,
            UnlockForm(request.user),
            back=back,
            status=429,
            kept=_kept(request),
            sentence=wait_sentence(busy),
        )
        answer.headers["Retry-After"] = str(busy.retry_after)
        return answer
    if not right:
        return _page(request, form, back=back, kept=_kept(request), status=200)
    sessions.unlock(request.session, now=timezone.now())
    if request.POST.get("replay") and back.startswith(AGENT_PAGES):
        return HttpResponseRedirect(back, preserve_request=True)
    return redirect(back or "accounts:choose-desk")


def locked_page(request: HttpRequest) -> HttpResponse:
    """What every page of an agent shows while the screen is locked."""
    assert isinstance(request.user, Agent)  # noqa: S101 - the middleware let nobody else in
    if request.method in {"GET", "HEAD"}:
        return _page(request, UnlockForm(request.user), back=request.get_full_path())
    kept = [] if _is_secret(request) else _kept(request)
    if not kept:
        messages.warning(request, _("The screen was locked: please fill in that form again."))
        return redirect(_referring_page(request) or "accounts:lock")
    return _page(
        request, UnlockForm(request.user), back=request.get_full_path(), kept=kept, replay=True
    )


def _page(
    request: HttpRequest,
    form: UnlockForm,
    *,
    back: str,
    status: int = LOCKED,
    kept: list[tuple[str, str]] | None = None,
    replay: bool = False,
    sentence: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "next": back,
        "kept": kept or [],
        "replay": replay or bool(request.POST.get("replay")),
        "sentence": sentence,
        "agent": form.agent,
    }
    return render(request, "accounts/locked.html", context, status=status)


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_KEPT
        for value in values
    ]


def _is_secret(request: HttpRequest) -> bool:
    names = {name.rpartition("-")[2] for name in request.POST}
    return bool(request.FILES) or any(word in names for word in _SECRET_WORDS)


def _referring_page(request: HttpRequest) -> str:
    page = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return ""
    parts = urlsplit(page)
    return urlunsplit(("", "", parts.path, parts.query, ""))
