"""The page of a case behind its secret link: who follows it, what is awaited, what happened."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from parvis.cases import actions, queries
from parvis.cases.forms import MessageForm
from parvis.cases.models import Case
from parvis.common.errors import Refused
from parvis.common.qr import qr_svg
from parvis.contacts.models import Contact
from parvis.feedback import actions as feedback
from parvis.feedback.forms import AnswerForm, ThanksForm
from parvis.feedback.models import Via
from parvis.web import answering, rules
from parvis.web.queries import meetings
from parvis.web.secret import Unknown, count_write, once, secret_page
from parvis.web.views import answers


def case_of(request: HttpRequest, secret: str) -> Case:
    """The case of a secret link; whoever has no such link is told nothing."""
    case = queries.by_secret(secret, timezone.now())
    if case is None or _is_elsewhere(request, case):
        raise Unknown
    request.authority = case.authority  # type: ignore[attr-defined]  # name and colours
    return case


def _is_elsewhere(request: HttpRequest, case: Case) -> bool:
    """Opened under the host name of another authority: nothing is known of it there."""
    host = request.get_host().partition(":")[0]
    return case.authority.hostname != host and answering.is_front_door(host)


@secret_page
@require_safe
def tracking(request: HttpRequest, secret: str) -> HttpResponse:
    return _page(request, case_of(request, secret), secret)


def _page(request: HttpRequest, case: Case, secret: str, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    receipt, missing = queries.receipt(case, today), queries.still_missing(case)
    thanks_address = reverse("web:tracking-thanks", args=[secret])
    context = {
        "case": case,
        "secret": secret,
        "files_at": "",
        "receipt": receipt,
        "phone_href": rules.telephone_address(receipt.phone),
        "awaited": queries.awaited(case, missing),
        "law": queries.told(case, today),
        "missing": missing,
        "story": queries.timeline(case, for_person=True, on=today),
        "message_form": forms.get("message_form") or MessageForm(auto_id="message_%s"),
        "thanks_form": forms.get("thanks_form") or ThanksForm(auto_id="thanks_%s"),
        "thanks_address": thanks_address,
        "refusal": forms.get("refusal"),
        "may_meet": meetings.who_may_be_met(case) is not None,
        "appointments": meetings.to_come(case, timezone.now()),
    }
    if case.state == Case.State.CLOSED and case.contact is not None:
        context["solved"] = answers.question(
            request,
            case.contact,
            address=reverse("web:tracking-answer", args=[secret]),
            form=forms.get("answer_form"),
            ask_reach=False,
        )
    status = 409 if forms.get("refusal") else 422 if forms else 200
    return render(request, "web/tracking.html", context, status=status)


def _write(
    request: HttpRequest, case: Case, secret: str, effect: Callable[[], None], **forms: Any
) -> HttpResponse:
    try:
        count_write(f"case:{case.pk}")
        once(request, f"tracking:{case.pk}", effect)
    except Refused as refused:
        if refused.code == "busy":
            raise
        return _page(request, case, secret, refusal=refused.message, **forms)
    return HttpResponseRedirect(reverse("web:tracking", args=[secret]))


@secret_page
@require_POST
def message(request: HttpRequest, secret: str) -> HttpResponse:
    case = case_of(request, secret)
    form = MessageForm(request.POST, auto_id="message_%s")
    if not form.is_valid():
        return _page(request, case, secret, message_form=form)

    def effect() -> None:
        actions.write_as_person(case, now=timezone.now(), text=form.cleaned_data["text"])
        messages.success(request, _("Your message has arrived."))

    return _write(request, case, secret, effect, message_form=form)


@secret_page
@require_POST
def thanks(request: HttpRequest, secret: str) -> HttpResponse:
    case = case_of(request, secret)
    form = ThanksForm(request.POST, auto_id="thanks_%s")
    if not form.is_valid():
        return _page(request, case, secret, thanks_form=form)

    def effect() -> None:
        feedback.thank(case, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your thank you has reached those who worked on it."))

    return _write(request, case, secret, effect, thanks_form=form)


@secret_page
@require_POST
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    case = case_of(request, secret)
    contact = case.contact
    if contact is None:
        raise Unknown
    form = AnswerForm(request.POST, ask_reach=False, auto_id="answer_%s")
    if not form.is_valid():
        return _page(request, case, secret, answer_form=form)

    def effect() -> None:
        _answer(request, case, contact, form)

    return _write(request, case, secret, effect, answer_form=form)


def _answer(request: HttpRequest, case: Case, contact: Contact, form: AnswerForm) -> None:
    now = timezone.now()
    feedback.answer(
        contact,
        via=Via.TRACKING,
        now=now,
        solved=form.is_solved,
        satisfaction=form.cleaned_data["satisfaction"],
        comment=form.cleaned_data["text"],
    )
    if form.is_solved or case.state != Case.State.CLOSED:
        messages.success(request, _("Thank you for your answer."))
        return
    text = form.cleaned_data["text"] or _("It is not solved.")
    actions.reopen(case, now=now, text=text)
    messages.success(request, _("Your request is open again, with the same person."))


@secret_page
@require_GET
def slip(request: HttpRequest, secret: str) -> HttpResponse:
    case = case_of(request, secret)
    address = request.build_absolute_uri(reverse("web:tracking", args=[secret]))
    context = {
        "case": case,
        "secret": secret,
        "receipt": queries.receipt(case, timezone.localdate()),
        "awaited": queries.awaited(case),
        "law": queries.told(case, timezone.localdate()),
        "address": address,
        "qr": qr_svg(address, label=_("Code that opens this page")),
    }
    return render(request, "web/tracking_slip.html", context)
