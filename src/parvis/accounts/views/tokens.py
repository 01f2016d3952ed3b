"""Keys for other programs."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts import actions, sessions
from parvis.accounts.forms.team import TokenForm
from parvis.accounts.http import AgentRequest
from parvis.accounts.models import ApiToken, RoleGrant
from parvis.common.errors import Refused
from parvis.common.http import once, requires

_manages_settings = requires("settings.manage")


@_manages_settings
@require_GET
def tokens(request: AgentRequest) -> HttpResponse:
    """All keys; the secret of a new one is shown this once."""
    rows = (
        ApiToken.objects.visible_to(request.user)
        .select_related("agent__service", "agent__site")
        .prefetch_related(Prefetch("agent__grants", RoleGrant.objects.order_by("role")))
        .order_by("revoked_at", "-created_at")
    )
    context = {"tokens": rows, "shown": sessions.take_shown_once(request.session)}
    return render(request, "accounts/tokens.html", context)


@_manages_settings
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: AgentRequest) -> HttpResponse:
    form = TokenForm(request.POST or None, actor=request.user)
    if form.is_valid():
        try:
            made = actions.create_token(
                request.user.authority,
                actor=request.user,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            sessions.show_once(request.session, name=made.token.name, secret=made.secret)
            return redirect("accounts:tokens")
    return render(request, "accounts/token_new.html", {"form": form})


@_manages_settings
@require_POST
def revoke(request: AgentRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    actions.revoke_token(token, actor=request.user, now=timezone.now())
    messages.success(request, _("The key opens nothing any more."))
    return redirect("accounts:tokens")
