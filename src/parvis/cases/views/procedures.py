"""Settings: what the law says of each kind of request, as the authority has checked it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import actions, queries
from parvis.cases.forms_procedures import ProcedureForm
from parvis.cases.models import Procedure
from parvis.common.errors import Refused
from parvis.common.http import once, requires

MANAGES = "procedures.manage"


@requires(MANAGES)
@require_safe
def listing(request: AgentRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [(row, row.is_confirmed(today)) for row in queries.procedures(request.user)]
    context = {"rows": rows, "to_check": [row for row, is_confirmed in rows if not is_confirmed]}
    return render(request, "cases/procedures.html", context)


@requires(MANAGES)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def procedure(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    row = (
        None if pk is None else get_object_or_404(Procedure.objects.visible_to(request.user), pk=pk)
    )
    form = ProcedureForm(request.POST or None, instance=row, actor=request.user)
    if form.is_valid():
        try:
            kept = actions.keep_procedure(
                form.instance,
                actor=request.user,
                topics=list(form.cleaned_data["topics"]),
                changed=form.changed_data,
            )
        except Refused as refused:
            form.add_error("topics", refused.message)
        else:
            messages.success(request, _("“%(row)s” is kept.") % {"row": kept.label})
            return redirect("cases:procedures")
    context = {
        "form": form,
        "row": row,
        "without_clock": queries.without_clock(row).count() if row else 0,
    }
    return render(request, "cases/procedure.html", context)


@requires(MANAGES)
@once
@require_POST
def start_clocks(request: AgentRequest, pk: int) -> HttpResponse:
    row = _procedure(request, pk)
    begun = actions.start_clocks(row, agent=request.user, now=timezone.now())
    words = ngettext("%(n)d case has its clock.", "%(n)d cases have their clock.", begun)
    messages.success(request, words % {"n": begun})
    return redirect("cases:procedure", row.pk)


def _procedure(request: AgentRequest, pk: int) -> Procedure:
    return get_object_or_404(Procedure.objects.visible_to(request.user), pk=pk)
