"""Who acts for the person: read and ended by themselves, once it is sure that it is them."""

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
from parvis.web.secret import Unknown, secret_page, write
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

    case = visit.case.pk
    if refused := write(request, f"case:{case}", f"tracking:{case}:mandates", effect):
        return _page(request, visit, chosen=chosen, form=form, refusal=refused.message)
    return HttpResponseRedirect(reverse("web:tracking-mandates", args=[secret]))


def _mandate(visit: Visit, given: str) -> Mandate:
    for one in queries.live_mandates(visit.case, timezone.localdate()):
        if str(one.pk) == given:
            return one
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
            one,
            queries.may_end_mandate(one),
            form if form and one == chosen else EndForm(auto_id=f"fin-{one.pk}_%s"),
        )
        for one in queries.live_mandates(visit.case, today)
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
