"""Codes of the second factor: limits and replay are kept in the database, not in one process."""

from contextlib import suppress
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.accounts import limits
from parvis.accounts.adapters import UnreadableSecret
from parvis.accounts.forms.own import wait_sentence
from parvis.common import throttle
from parvis.common.errors import Busy


def _counted(agent: Any) -> None:
    try:
        throttle.take(limits.SECOND_FACTOR, str(agent.pk), now=timezone.now())
    except Busy as busy:
        raise forms.ValidationError(wait_sentence(busy)) from busy


def _spent(agent: Any, code: str) -> None:
    """A code that opened once never opens again, whichever process sees it."""
    try:
        mark = limits.mark(str(agent.pk), "".join(code.split()))
        throttle.take(limits.USED_CODE, mark, now=timezone.now())
    except Busy as busy:
        raise forms.ValidationError(_("This code is not right, or was used already.")) from busy


class _Code(forms.Form):
    """Draws the one field, and counts before and after the check."""

    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("Code of your application, or a recovery code")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        _counted(self.user)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except UnreadableSecret as unreadable:
            code = self._by_another_factor(unreadable)
        _spent(self.user, code)
        throttle.forget(limits.SECOND_FACTOR, str(self.user.pk))
        return code

    def _by_another_factor(self, unreadable: UnreadableSecret) -> str:
        """Codes made since the key was changed still open, if they were kept."""
        code: str = self.cleaned_data["code"]
        for factor in Authenticator.objects.filter(user_id=self.user.pk).exclude(type="webauthn"):
            with suppress(UnreadableSecret):
                if factor.wrap().validate_code(code):
                    self.authenticator = factor
                    return code
        raise forms.ValidationError(unreadable.message) from unreadable


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in."""


class CodeAgainForm(_Code, ReauthenticateForm):  # type: ignore[misc]
    """The second factor before a change of secrets."""


class ActivateForm(_Code, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new application proves that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code shown by the application")

    @property
    def spelt_secret(self) -> str:
        """The key in groups of four, as it is easier to copy; applications ignore the blanks."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class _Answer(forms.Form):
    """What a key answered; nonsense is a wrong answer, never a broken page."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _no_answer() from error


class SignInKeyForm(_Answer, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by a passkey alone."""


class SecondKeyForm(_Answer, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key as second factor."""


class KeyAgainForm(_Answer, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key before a change of secrets."""


def _no_answer() -> forms.ValidationError:
    return forms.ValidationError(_("The key did not answer. Try again, or use another way."))


class KeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or security key, with a name to tell it from others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].help_text = _("For instance: key of the desk, my phone.")
        self.fields["name"].max_length = 60
        self.fields["passwordless"].label = _("Sign in with this key alone")
        self.fields["passwordless"].help_text = _(
            "Without a password; the key then asks for a finger, a face or its own PIN."
        )

    def clean(self) -> Any:
        try:
            return super().clean()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise _no_answer() from error


class KeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
