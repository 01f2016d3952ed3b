"""The doors of the page of a case: six digits by e-mail, its link, how the person is reached."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cases import actions, queries
from parvis.cases.forms_page import CodeForm, DetailsForm
from parvis.cases.rules.doors import masked_mail
from parvis.common.errors import Busy, Refused
from parvis.common.forms import posted
from parvis.web.secret import Elsewhere, count_write, secret_page, write
from parvis.web.visiting import Visit, confirmed, forget, only_theirs, remember, visit_of

# Where one was going.
NEXT = {"coordonnees": "web:tracking-details", "mandats": "web:tracking-mandates"}


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    visit = visit_of(request, secret, locked=True)
    then = request.GET.get("suite", "")
    if visit.is_confirmed:
        return HttpResponseRedirect(reverse(NEXT.get(then, "web:tracking"), args=[secret]))
    if request.method != "POST":
        return _confirm_page(request, visit)
    try:
        if "send" in request.POST:
            actions.mail_code(visit.case, now=timezone.now())
            query = f"?envoye=1&suite={then}" if then in NEXT else "?envoye=1"
            return HttpResponseRedirect(request.path + query)
        return _type_code(request, visit, then)
    except Busy:
        raise
    except Refused as refused:
        return _confirm_page(request, visit, refusal=refused.message)


def _type_code(request: HttpRequest, visit: Visit, then: str) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _confirm_page(request, visit, form=form)
    given = form.cleaned_data
    token = actions.confirm(
        visit.case, typed=given["code"], remember=given["remember"], now=timezone.now()
    )
    messages.success(request, _("Thank you: we are sure that it is you."))
    answer = HttpResponseRedirect(reverse(NEXT.get(then, "web:tracking"), args=[visit.secret]))
    return remember(answer, request, token, for_long=given["remember"])


def _confirm_page(
    request: HttpRequest, visit: Visit, *, form: CodeForm | None = None, refusal: str = ""
) -> HttpResponse:
    address = queries.mail_of(visit.case)
    context = {
        "case": visit.case,
        "secret": visit.secret,
        "receipt": queries.receipt(visit.case, timezone.localdate()),
        "address": masked_mail(address) if address else "",
        "was_sent": bool(form or refusal or request.GET.get("envoye")),
        "is_locked": queries.is_sensitive(visit.case),
        "form": form or CodeForm(),
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form else 200
    return render(request, "web/tracking_confirm.html", context, status=status)


@secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, secret: str) -> HttpResponse:
    visit = only_theirs(confirmed(request, secret, then="coordonnees"))
    person = visit.case.person
    initial = {"phone": person.phone_label, "address": person.address} if person else {}
    form = DetailsForm(posted(request), initial=initial, auto_id="details_%s")
    refused = None
    if request.method == "POST" and form.is_valid():
        subject, scope = f"case:{visit.case.pk}", f"tracking:{visit.case.pk}:details"
        refused = write(request, subject, scope, lambda: _change(request, visit, form))
        if refused is None:
            return HttpResponseRedirect(reverse("web:tracking", args=[secret]))
    context: dict[str, Any] = {"case": visit.case, "secret": secret, "form": form}
    context |= {"refusal": refused and refused.message, "email": queries.mail_of(visit.case)}
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "web/tracking_details.html", context, status=status)


def _change(request: HttpRequest, visit: Visit, form: DetailsForm) -> None:
    actions.change_details(visit.case, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Kept: the service reaches you there from now on."))


@secret_page
@require_safe
def link(request: HttpRequest, secret: str) -> HttpResponse:
    visit = only_theirs(visit_of(request, secret))
    context = {
        "case": visit.case,
        "secret": secret,
        "by_code": visit.by_code,
        "may_renew": _may_renew(visit),
        "has_mail": bool(queries.mail_of(visit.case)),
        "is_confirmed": visit.is_confirmed,
        "doors": queries.doors_of(visit.case, timezone.now()),
        "receipt": queries.receipt(visit.case, timezone.localdate()),
    }
    return render(request, "web/tracking_link.html", context)


def _may_renew(visit: Visit) -> bool:
    """A new key for good: only for whoever holds the present one, or surely is the person."""
    return visit.is_confirmed or not (visit.by_code or queries.mail_of(visit.case))


@secret_page
@require_POST
def renew(request: HttpRequest, secret: str) -> HttpResponse:
    visit = only_theirs(visit_of(request, secret))
    if not _may_renew(visit):
        raise Elsewhere(reverse("web:tracking-confirm", args=[secret]))
    count_write(f"case:{visit.case.pk}")
    fresh = actions.renew_link(visit.case, now=timezone.now())
    messages.success(
        request, _("This is your new page: keep its address, the old one opens nothing any more.")
    )
    return HttpResponseRedirect(reverse("web:tracking", args=[fresh]))


@secret_page
@require_POST
def shut(request: HttpRequest, secret: str) -> HttpResponse:
    visit = only_theirs(visit_of(request, secret))
    count_write(f"case:{visit.case.pk}")
    actions.revoke_link(visit.case, now=timezone.now())
    context = {"receipt": queries.receipt(visit.case, timezone.localdate())}
    # Nothing is left at this address to be redirected to.
    return forget(render(request, "web/tracking_shut.html", context))


@secret_page
@require_POST
def forget_devices(request: HttpRequest, secret: str) -> HttpResponse:
    visit = only_theirs(visit_of(request, secret))
    actions.forget_devices(visit.case, now=timezone.now())
    messages.success(request, _("No device is remembered any more."))
    return forget(HttpResponseRedirect(reverse("web:tracking-link", args=[secret])))
