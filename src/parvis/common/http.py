"""Guards and helpers for views, without knowing who the agent is beyond ``Actor``."""

import functools
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from parvis.common import files, idempotency
from parvis.common.access import Actor
from parvis.common.errors import Refused

P = ParamSpec("P")
TYPED_SHOWN = 500  # characters of what was typed that a message gives back
R = TypeVar("R", bound=HttpRequest)  # the request as the view wants it: an actor's, an agent's
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class ActorRequest(HttpRequest):
    """A request whose sender is known and acts for one authority."""

    user: Actor  # type: ignore[assignment]
    htmx: HtmxDetails


def requires(
    *capabilities: str,
) -> Callable[[Callable[Concatenate[R, P], HttpResponse]], View[P]]:
    """Only for agents holding one of the capabilities; others are asked to sign in, or told no."""

    def decorate(view: Callable[Concatenate[R, P], HttpResponse]) -> View[P]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), str(settings.LOGIN_URL))
            actor = cast(Actor, request.user)
            if capabilities and not any(actor.may(name) for name in capabilities):
                raise PermissionDenied
            return view(cast(R, request), *args, **kwargs)

        guarded.access = capabilities or ("signed-in",)  # type: ignore[attr-defined]
        return cast(View[P], guarded)

    return decorate


def public(view: View[P]) -> View[P]:
    """Say in so many words that anybody may open this page; the route walk demands it."""
    view.access = ("public",)  # type: ignore[attr-defined]
    return view


def takes_files(most: int = files.AT_ONCE * files.LARGEST) -> Callable[[View[P]], View[P]]:
    """Let larger bodies come to this address; stands above every other decorator of the view.

    Twice what the form takes: what is a little too much gets its form back, with the sentence
    and the words that were typed. See ``common.bodies``.
    """

    def decorate(view: View[P]) -> View[P]:
        view.takes_bytes = 2 * most  # type: ignore[attr-defined]
        return view

    return decorate


def once(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A POST with a ``form_key`` has one effect, however often it is sent (double click, retry).

    Works for views that answer a POST with a redirect; anything else (a form with mistakes) is
    not stored, because nothing happened.
    """

    @functools.wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return form_once(cast(HttpRequest, args[0]), lambda: view(*args, **kwargs))

    return wrapped


def form_once(request: HttpRequest, call: Callable[[], HttpResponse]) -> HttpResponse:
    """The same around a part of a view: what takes long is done before, without a lock."""
    key = _form_key(request)
    return redirect_once(request, key, call) if key else call()


def answered_form(request: HttpRequest) -> HttpResponse | None:
    """The redirect that this form got already, before anything is done for it again."""
    key = _form_key(request)
    answer = idempotency.given(_form_scope(request), key, mark="") if key else None
    return HttpResponseRedirect(answer.text) if answer else None


def _form_key(request: HttpRequest) -> str:
    return request.POST.get("form_key", "")[:200] if request.method == "POST" else ""


def _form_scope(request: HttpRequest) -> str:
    sender = request.user.pk or request.session.session_key or "public"
    # The key alone is the proof: it is random, made by us and bound to one sender and address.
    return f"form:{sender}:{request.path}"[:80]


def not_stored(response: HttpResponse) -> HttpResponse:
    """Say that nothing happened behind this answer: the key of the form stays free."""
    response.nothing_happened = True  # type: ignore[attr-defined]
    return response


def nothing_happened(response: HttpResponse) -> bool:
    """Was the form lawfully refused?"""
    return getattr(response, "nothing_happened", False)


class _NothingHappened(Exception):
    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def redirect_once(request: HttpRequest, key: str, call: Callable[[], HttpResponse]) -> HttpResponse:
    """The redirect that was given under this key, or the one that ``call`` gives now."""

    def effect() -> idempotency.Answer:
        for _name, sent in request.FILES.lists():
            for file in sent:
                file.seek(0)  # read already, if this is the second look
        response = call()
        if not isinstance(response, HttpResponseRedirect) or nothing_happened(response):
            raise _NothingHappened(response)
        return idempotency.Answer(response.status_code, response.url)

    scope, now = _form_scope(request), timezone.now()
    try:
        answer = idempotency.once(effect, scope=scope, key=key, mark="", now=now)
    except _NothingHappened as nothing:
        return nothing.response
    return HttpResponseRedirect(answer.text)


def saved(path: Path, *, name: str, kind: str) -> HttpResponse:
    """A file to save, never to show: nothing that was sent to us runs under our name."""
    if not path.exists():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=kind)  # 10 MB at most
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """One problem document (RFC 9457); ``detail`` is for whoever reads the other program's log."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return HttpResponse(
        # What was sent may stand in the sentence: half a character must not spoil the answer.
        json.dumps(body, ensure_ascii=False).encode(errors="replace"),
        status=status,
        content_type="application/problem+json",
    )


def is_program(request: HttpRequest) -> bool:
    """Does the API answer this address, rather than a page?"""
    return request.path.startswith("/api/")


def refuse(request: HttpRequest, refusal: Refused, *, typed: Sequence[str] = ()) -> None:
    """Put the sentence of a lawful "no" where the next page shows it, with what was typed.

    ``typed`` names the fields of words of a small form that the next page draws empty.
    """
    words = " ".join(filter(None, (request.POST.get(name, "").strip() for name in typed)))
    kept = _("You typed: “%(words)s”") % {"words": words[:TYPED_SHOWN]} if words else ""
    messages.error(request, f"{refusal.message} {kept}".strip())


def full_address(path: str) -> str:
    """An address of ours for a message, a paper or another program: with scheme and host."""
    return str(settings.BASE_URL).rstrip("/") + path


def next_address(request: HttpRequest, default: str) -> str:
    """Where the form asked to go afterwards, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, hosts)
    return wanted if is_ours else default


def client_address(request: HttpRequest) -> str:
    """A mark of the sender's network address, for limits only: the address itself is not kept.

    Behind our own proxy the address is the last one of X-Forwarded-For, the only one that the
    proxy wrote itself.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.BEHIND_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    return salted_hmac("parvis.address", address, algorithm="sha256").hexdigest()[:24]
