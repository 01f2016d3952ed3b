"""One's own account: preferences, password, PIN, second factor."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from parvis.accounts import actions
from parvis.accounts.adapters import remember_preferences
from parvis.accounts.forms.own import (
    PasswordForm,
    PinForm,
    PreferencesForm,
    WithCurrentPassword,
    wait_sentence,
)
from parvis.accounts.http import AgentRequest
from parvis.common.errors import Busy
from parvis.common.http import requires

_SAFE_AND_POST = ["GET", "HEAD", "POST"]


@requires()
@require_http_methods(_SAFE_AND_POST)
def account(request: AgentRequest) -> HttpResponse:
    """Preferences, and the ways to the secrets."""
    agent = request.user
    form = PreferencesForm(
        request.POST or None,
        initial={"language": agent.language, "shortcuts": agent.shortcuts},
    )
    if form.is_valid():
        actions.save_preferences(agent, **form.cleaned_data)
        with override(agent.language):
            messages.success(request, _("Your preferences are kept."))
        answer = redirect("accounts:profile")
        remember_preferences(answer, agent)
        return answer
    has_factor = Authenticator.objects.filter(user_id=agent.pk).exists()
    roles = [grant.get_role_display() for grant in agent.grants.all()]
    context = {"form": form, "agent": agent, "has_factor": has_factor, "roles": roles}
    return render(request, "accounts/account.html", context)


@requires()
@require_http_methods(_SAFE_AND_POST)
@sensitive_post_parameters()
def password(request: AgentRequest) -> HttpResponse:
    """Another password; this session goes on under a new key, all others end."""

    def keep(form: WithCurrentPassword) -> HttpResponse:
        was_temporary = request.user.password_is_temporary
        actions.save_password(request.user, form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed."))
        return redirect("accounts:choose-desk" if was_temporary else "accounts:profile")

    return _change_secret(request, PasswordForm, "accounts/password.html", keep)


@requires()
@require_http_methods(_SAFE_AND_POST)
@sensitive_post_parameters()
def pin(request: AgentRequest) -> HttpResponse:
    """The PIN of the lock."""

    def keep(form: WithCurrentPassword) -> HttpResponse:
        actions.save_pin(request.user, form.cleaned_data["pin"])
        messages.success(
            request, _("Your PIN is kept.") if request.user.pin_hash else _("Your PIN is removed.")
        )
        return redirect("accounts:profile")

    return _change_secret(request, PinForm, "accounts/pin.html", keep)


@requires()
def second_factor_needed(request: AgentRequest) -> HttpResponse:
    """Why an administrator is asked for a second factor, and how to set it up."""
    return render(request, "accounts/second_factor_needed.html")


def _change_secret(
    request: AgentRequest,
    form_class: type[WithCurrentPassword],
    template: str,
    keep: Callable[[WithCurrentPassword], HttpResponse],
) -> HttpResponse:
    form = form_class(request.user, request.POST or None)
    context = {"form": form, "agent": request.user}
    try:
        if form.is_valid():
            return keep(form)
    except Busy as busy:
        fresh = {"form": form_class(request.user), "sentence": wait_sentence(busy)}
        return render(request, template, {**context, **fresh}, status=429)
    return render(request, template, context)
