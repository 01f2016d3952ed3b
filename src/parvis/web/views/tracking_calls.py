"""To be called back about one's request: a promise with its hour."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.cases import actions, queries
from parvis.cases.forms_page import CallForm
from parvis.cases.rules import RUNNING
from parvis.common.forms import posted
from parvis.web.secret import Unknown, count_write, secret_page, write
from parvis.web.visiting import Visit, visit_of


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, secret: str) -> HttpResponse:
    visit = visit_of(request, secret)
    if visit.case.state not in RUNNING:
        raise Unknown
    now = timezone.now()
    # Whoever acts for the person says their own number.
    person = visit.case.person if visit.case.held_by is None else None
    form = CallForm(
        posted(request),
        moments=queries.moments_to_call(visit.case, now),
        ending=person.phone[-2:] if person else "",
        auto_id="call_%s",
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, visit, form)
    given = form.cleaned_data

    def effect() -> None:
        actions.ask_call(
            visit.case, now=now, **form.wanted, phone=given["phone"], words=given["words"]
        )
        messages.success(request, _("It is promised: we call you then."))

    case = visit.case.pk
    if refused := write(request, f"case:{case}", f"tracking:{case}:call", effect):
        return _page(request, visit, form, refusal=refused.message)
    return HttpResponseRedirect(reverse("web:tracking", args=[secret]))


def _page(request: HttpRequest, visit: Visit, form: CallForm, refusal: str = "") -> HttpResponse:
    context = {
        "case": visit.case,
        "secret": visit.secret,
        "receipt": queries.receipt(visit.case, timezone.localdate()),
        "form": form,
        "promised": queries.promised_call(visit.case),
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "web/tracking_call.html", context, status=status)


@secret_page
@require_POST
def withdraw(request: HttpRequest, secret: str) -> HttpResponse:
    visit = visit_of(request, secret)
    call = queries.promised_call(visit.case)
    if call is not None:
        call.case = visit.case
        count_write(f"case:{visit.case.pk}")
        actions.withdraw_call(call, now=timezone.now())
        messages.success(request, _("We do not call you any more."))
    return HttpResponseRedirect(reverse("web:tracking", args=[secret]))
