"""Signing in, unlocking, and one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from parvis.accounts import limits, rules
from parvis.accounts.models import Agent
from parvis.common import throttle
from parvis.common.errors import Busy

PIN_PROBLEMS = {
    rules.PinProblem.NOT_DIGITS: _("A PIN has digits only."),
    rules.PinProblem.TOO_SHORT: _("A PIN has six digits or more."),
    rules.PinProblem.TOO_EASY: _("This PIN is too easy to guess: mix the digits more."),
}


class Password(forms.CharField):
    """A password as it was typed: blanks belong to it."""

    def __init__(self, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=512, widget=widget, **kwargs)


class SignInForm(forms.Form):
    """User name and password; the answer never says which one was wrong."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username webauthn", "autocapitalize": "none"}
        ),
    )
    password = Password("current-password", label=_("Password"))

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request
        self.agent: Agent | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        agent = authenticate(self.request, username=given["username"], password=given["password"])
        if not isinstance(agent, Agent):
            raise forms.ValidationError(
                _("User name and password do not match. Check both, then try again.")
            )
        self.agent = agent
        return given


class UnlockForm(forms.Form):
    """The PIN or the password of the agent whose screen is locked."""

    secret = Password("off", label=_("PIN or password"))

    def __init__(self, agent: Agent, data: Any = None) -> None:
        super().__init__(data)
        self.agent = agent
        if not agent.pin_hash:
            self.fields["secret"].label = _("Password")

    def clean_secret(self) -> str:
        """Counted before it is hashed; right as a PIN if it looks like one, else as a password."""
        secret: str = self.cleaned_data["secret"]
        throttle.take(limits.UNLOCK, str(self.agent.pk), now=timezone.now())
        if not self.agent.unlocks_with(secret):
            raise forms.ValidationError(_("This is not right. Try again, or sign out."))
        throttle.forget(limits.UNLOCK, str(self.agent.pk))
        return secret


class WithCurrentPassword(forms.Form):
    """Who changes a secret proves once more who they are."""

    current = Password("current-password", label=_("Your present password"))

    def __init__(self, agent: Agent, data: Any = None) -> None:
        super().__init__(data)
        self.agent = agent

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        throttle.take(limits.UNLOCK, str(self.agent.pk), now=timezone.now())
        if not self.agent.check_password(current):
            raise forms.ValidationError(_("This is not your present password."))
        throttle.forget(limits.UNLOCK, str(self.agent.pk))
        return current


class PasswordForm(WithCurrentPassword):
    """A new password, typed twice."""

    new = Password(
        "new-password",
        label=_("New password"),
        help_text=_("Twelve characters or more. A few words that nobody would guess do well."),
    )
    again = Password("new-password", label=_("New password once more"))

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.agent)
        if self.agent.password_is_temporary and self.agent.check_password(new):
            raise forms.ValidationError(_("Choose another password than the temporary one."))
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(_("This is not the same as the line above."))
        return again


class PinForm(WithCurrentPassword):
    """A PIN for the lock of the screen."""

    pin = Password(
        "off",
        label=_("PIN"),
        required=False,
        help_text=_("Six digits or more. Leave it empty to unlock with your password only."),
    )

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        problem = rules.pin_problem(pin) if pin else None
        if problem:
            raise forms.ValidationError(PIN_PROBLEMS[problem])
        return pin


class PreferencesForm(forms.Form):
    """What follows an agent to every computer of the hall."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    shortcuts = forms.BooleanField(
        label=_("One-key shortcuts"),
        required=False,
        help_text=_("Function keys keep working when they are off."),
    )


def wait_sentence(busy: Busy) -> str:
    """How long to wait, in minutes: seconds would only invite more tries."""
    minutes = max(1, -(-busy.retry_after // 60))
    return ngettext(
        "Too many tries. Please try again in %(minutes)d minute.",
        "Too many tries. Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
