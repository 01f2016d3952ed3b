"""Within what time departments answer the desks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.http import once, requires
from parvis.departments import actions, queries
from parvis.departments.forms.questions import PromiseForm
from parvis.departments.models import AnswerTime
from parvis.departments.rules.questions import Promise
from parvis.organisations.models import Service


@requires("departments.manage")
@require_safe
def times(request: AgentRequest) -> HttpResponse:
    rows = queries.answer_times(request.user.authority)
    house = rows[0][1].promise if rows[0][1] else Promise()
    context = {
        "house": house,
        "rows": [(service, row.promise if row else None) for service, row in rows[1:]],
    }
    return render(request, "departments/times.html", context)


@requires("departments.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def of_house(request: AgentRequest) -> HttpResponse:
    return _form(request, None)


@requires("departments.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def of_service(request: AgentRequest, service_id: int) -> HttpResponse:
    services = Service.objects.visible_to(request.user)
    return _form(request, get_object_or_404(services, pk=service_id))


def _form(request: AgentRequest, service: Service | None) -> HttpResponse:
    authority = request.user.authority
    row = AnswerTime.objects.filter(authority=authority, service=service).first()
    start = row or AnswerTime(authority=authority, service=service)
    form = PromiseForm(request.POST or None, instance=start)
    if form.is_valid():
        actions.keep_promise(authority, service, form.promise(), actor=request.user)
        messages.success(request, _("Noted: it holds for the questions asked from now on."))
        return redirect("departments:times")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "service": service}
    return render(request, "departments/time.html", context, status=status)
