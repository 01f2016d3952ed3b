"""What the sign-in library must know about our agents."""

import base64
import hashlib
import io
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.accounts import limits, sessions
from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused

SHORTCUTS_COOKIE = "parvis_shortcuts"
_YEAR = 365 * 24 * 3600


class AgentAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the house, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("This password is not right."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Please wait a moment."),
        "rate_limited": gettext_lazy("Too many tries. Please wait a moment."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Agent, **kwargs: Any) -> HttpResponse | None:
        """A key of somebody deactivated opens nothing; the answer is that of an unknown key."""
        if not user.is_active or user.is_robot:
            messages.error(request, _("This key is not known here."))
            raise ImmediateHttpResponse(redirect("accounts:sign-in"))
        return None

    def login(self, request: HttpRequest, user: Agent) -> None:
        super().login(request, user)  # rotates the session key
        sessions.start(request.session, now=timezone.now())

    def post_login(
        self, request: HttpRequest, user: Agent, *, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Journal, then on to the desk; the browser remembers language, keys and who was here."""
        journal.record(user, "accounts.signed_in", user)
        answer = redirect(redirect_url or self.get_login_redirect_url(request))
        limits.remember_browser(request, answer, user.username)
        remember_preferences(answer, user)
        return answer


def remember_preferences(answer: HttpResponse, agent: Agent) -> None:
    """Set the cookies that pages read: language, and one-key shortcuts."""
    _remember(answer, settings.LANGUAGE_COOKIE_NAME, agent.language)
    if agent.shortcuts:
        answer.delete_cookie(SHORTCUTS_COOKIE, samesite="Lax")
    else:
        _remember(answer, SHORTCUTS_COOKIE, "off")


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS)


class UnreadableSecret(Refused):
    """Encrypted with another PARVIS_SECRET_KEY: no code of this factor can be checked."""

    silent_variable_failure = True  # the page of one's second factors opens all the same

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server cannot check your codes any more: its secret key was changed. Use a "
                "passkey if you have one, or ask an administrator to reset your second factor."
            )
        )


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticators are kept encrypted; sentences are ours."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right, or was used already."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your authority asks administrators for a second factor: add another one first."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Set up a second factor first."),
    }

    def get_totp_label(self, user: Agent) -> str:
        return user.username

    def get_public_key_credential_user_entity(self, user: Agent) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.display_name, "name": user.username}

    def build_totp_svg(self, url: str) -> str:
        """Dark on white whatever the mode of the page, with its quiet zone: cameras need it."""
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=4, light="#fff", xmldecl=False)
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise UnreadableSecret from error

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last factor of an administrator stays where the authority demands one."""
        agent = authenticator.user
        due = agent.authority.second_factor_for_admins and agent.may("settings.manage")
        others = type(authenticator).objects.filter(user_id=agent.pk).exclude(pk=authenticator.pk)
        return not due or others.exclude(type="recovery_codes").exists()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: what happened is in the journal, and on the account page."""


def _cipher() -> MultiFernet:
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet(Fernet(_key(secret)) for secret in keys)


def _key(secret: str) -> bytes:
    digest = hashlib.sha256(b"parvis.accounts.second-factor\0" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
