"""The table of streets: who answers for an address."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.knowledge import actions, queries
from parvis.knowledge.models import Street

LARGEST = 4_000_000
SHOWN = 200


@requires("knowledge.read")
@require_safe
def listing(request: AgentRequest) -> HttpResponse:
    typed = " ".join(request.GET.get("adresse", "").split())[:200]
    rows = Street.objects.visible_to(request.user).select_related("service", "site")
    context = {
        "typed": typed,
        "rows": queries.streets_for(request.user, typed, limit=50) if typed else rows[:SHOWN],
        "count": rows.count(),
        "may_write": request.user.may("knowledge.write"),
    }
    return render(request, "knowledge/streets.html", context)


@requires("knowledge.write")
@require_POST
@once
def take_in(request: AgentRequest) -> HttpResponse:
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > LARGEST:
            raise Refused(_("Choose a CSV file, at most 4 MB."))
        count = actions.import_streets(request.user, file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        refuse(request, Refused(_("The file is not written in UTF-8.")))
    except Refused as refusal:
        refuse(request, refusal)
    else:
        messages.success(request, _("%d lines are in force.") % count)
    return redirect("knowledge:streets")
