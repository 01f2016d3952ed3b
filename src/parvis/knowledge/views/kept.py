"""A form sent after the session ended is kept until its writer has signed in again."""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from parvis.accounts.http import AgentRequest
from parvis.common import idempotency
from parvis.common.http import redirect_once

_KEY = "kept_writing"
_SALT = "parvis.knowledge.writer"
_LARGEST = 400_000

View = Callable[..., HttpResponse]


def mark(request: AgentRequest) -> str:
    """Proof, inside the form, of who was given the text of this address to write."""
    return signing.dumps([request.user.pk, request.path], salt=_SALT)


def words(view: View) -> View:
    """Keep the words of a form whose writer is signed in no longer (decorator)."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            writer = _writer(request.POST.get("writer", ""), request.path)
            body = request.POST.urlencode()
            if writer and len(body) <= _LARGEST:
                request.session[_KEY] = {"writer": writer, "address": request.path, "body": body}
                messages.info(request, _("Your text is kept: sign in, and it is here again."))
            return redirect_to_login(request.path, str(settings.LOGIN_URL))
        return view(request, *args, **kwargs)

    return guarded


def _writer(given: str, path: str) -> int:
    try:
        writer, address = signing.loads(given, salt=_SALT, max_age=7 * 24 * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return 0
    return int(writer) if address == path else 0


def take(request: AgentRequest) -> QueryDict | None:
    """The words that this agent had sent to this address before signing in again."""
    waiting = request.session.get(_KEY)
    if not waiting or waiting.get("address") != request.path:
        return None
    del request.session[_KEY]
    if waiting["writer"] != request.user.pk:
        return None
    messages.success(request, _("Your text of before is here again."))
    return QueryDict(waiting["body"])


def once_per_words(view: View) -> View:
    """One effect per form and words: a double click acts once, corrected words act again.

    The key of the form alone would not do: the form comes back by the browser's "back", and what
    was typed into it since must not be taken for a second click.
    """

    @functools.wraps(view)
    def wrapped(request: AgentRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("form_key", "")[:100] if request.method == "POST" else ""
        if not key:
            return view(request, *args, **kwargs)
        posted = request.POST.copy()
        posted.pop("csrfmiddlewaretoken", None)
        body = idempotency.fingerprint(posted.urlencode())
        call = functools.partial(view, request, *args, **kwargs)
        return redirect_once(request, f"{key}:{body}", call)

    return wrapped
