"""Who acts for the person: read and ended by themselves, once it is sure that it is them."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from parvis.cases import actions, queries
from parvis.cases.models import Mandate
from parvis.common.errors import Refused
from parvis.web.secret import Unknown, count_write, once, secret_page
from parvis.web.visiting import Visit, confirmed, only_theirs


class EndForm(forms.Form):
    """Why a mandate ends, for whoever wants to say it."""

    reason = forms.CharField(label=gettext_lazy("Why (optional)"), max_length=200, required=False)


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def mandates(request: HttpRequest, secret: str) -> HttpResponse:
    visit = only_theirs(confirmed(request, secret, then="mandats"))
    if request.method != "POST":
        return _page(request, visit)
    chosen = _mandate(visit, request.POST.get("mandate", ""))
    form = EndForm(request.POST, auto_id=f"fin-{chosen.pk}_%s")
    if not form.is_valid():
        return _page(request, visit, chosen=chosen, form=form)

    def effect() -> None:
        actions.end_own_mandate(chosen, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("Ended: their link opens nothing any more."))

    try:
        count_write(f"case:{visit.case.pk}")
        once(request, f"tracking:{visit.case.pk}:mandates", effect)
    except Refused as refused:
        if refused.code == "busy":
            raise
        return _page(request, visit, chosen=chosen, form=form, refusal=refused.message)
    return HttpResponseRedirect(reverse("web:tracking-mandates", args=[secret]))


def _mandate(visit: Visit, given: str) -> Mandate:
    for one in queries.mandates_of(visit.case, timezone.localdate()):
        if str(one.mandate.pk) == given:
            return one.mandate
    raise Unknown


def _page(
    request: HttpRequest,
    visit: Visit,
    *,
    chosen: Mandate | None = None,
    form: EndForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    today = timezone.localdate()
    rows = [
        (
            one.mandate,
            queries.may_end_mandate(one.mandate),
            form
            if form and chosen and chosen.pk == one.mandate.pk
            else EndForm(auto_id=f"fin-{one.mandate.pk}_%s"),
        )
        for one in queries.mandates_of(visit.case, today)
        if one.mandate.revoked_at is None and not _is_over(one.mandate, today)
    ]
    context = {
        "case": visit.case,
        "secret": visit.secret,
        "rows": rows,
        "receipt": queries.receipt(visit.case, today),
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form else 200
    return render(request, "web/tracking_mandates.html", context, status=status)


def _is_over(mandate: Mandate, today: date) -> bool:
    return mandate.last_day is not None and mandate.last_day < today
