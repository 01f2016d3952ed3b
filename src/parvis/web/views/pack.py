"""The pack for a day without network, at the desk: kept on the computer, printed, put away."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.http import once, requires
from parvis.web import pack


@requires("knowledge.read")
@require_safe
def page(request: AgentRequest) -> HttpResponse:
    """What the pack is, when it was made, how it is kept."""
    path, authority = pack.path_of(request.user.authority), request.user.authority
    made = path.stat().st_mtime if path.exists() else None
    zone = timezone.get_current_timezone()
    context = {
        "made_at": datetime.fromtimestamp(made, tz=zone) if made else None,
        "size": path.stat().st_size if made else 0,
        "is_of_today": pack.is_of_today(authority, now=timezone.now()),
    }
    return render(request, "web/pack_page.html", context)


@requires("knowledge.read")
@require_safe
def file(request: AgentRequest) -> HttpResponse:
    """The file itself, to read and print here or, with ``?garder``, to keep."""
    authority, now = request.user.authority, timezone.now()
    response = HttpResponse(pack.text(authority, now=now))
    name = f"sans-reseau-{authority.slug}-{timezone.localdate(now).isoformat()}.html"
    keeps = "garder" in request.GET
    response.headers["Content-Disposition"] = content_disposition_header(keeps, name) or "inline"
    response.headers["Content-Security-Policy"] = pack.policy()
    response.headers["Cache-Control"] = "private, no-store"
    return response


@requires("knowledge.read")
@require_POST
@once
def make(request: AgentRequest) -> HttpResponse:
    """Make it anew, with what was published since."""
    pack.write(request.user.authority, now=timezone.now())
    return redirect("web:pack")
