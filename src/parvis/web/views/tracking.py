"""The page of a case behind its secret link: who follows it, what is awaited, what happened."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from parvis.cases import actions, queries, uploads
from parvis.cases.forms import MessageForm
from parvis.cases.models import Case
from parvis.cases.rules import RUNNING
from parvis.common.http import takes_files
from parvis.common.qr import qr_svg
from parvis.contacts.models import Contact
from parvis.feedback import actions as feedback
from parvis.feedback import queries as said
from parvis.feedback.forms import ThanksForm
from parvis.feedback.forms.answer import AnswerForm
from parvis.feedback.models import Via
from parvis.web import rules
from parvis.web.queries import meetings, reach
from parvis.web.secret import Unknown, secret_page, write
from parvis.web.views import answers
from parvis.web.visiting import Visit, visit_of


def case_of(request: HttpRequest, secret: str) -> Case:
    """The case of a secret link; whoever has no such link is told nothing."""
    return visit_of(request, secret).case


@secret_page
@require_safe
def tracking(request: HttpRequest, secret: str) -> HttpResponse:
    return _page(request, visit_of(request, secret))


def _page(request: HttpRequest, visit: Visit, **forms: Any) -> HttpResponse:
    case, secret, today = visit.case, visit.secret, timezone.localdate()
    receipt, items = queries.receipt(case, today), _items(case)
    context = {
        "case": case,
        "secret": secret,
        "visit": visit,
        "files_at": f"{reverse('web:tracking', args=[secret])}documents/",
        **items,
        "call": queries.promised_call(case),
        "reach": reach.by_telephone(case, timezone.now()),
        "answer": queries.last_answer(case),
        "complaints": said.for_person(case, today),
        **_uploads(case, forms.get("came")),
        **_who(case, receipt, today),
        "awaited": queries.awaited(case, items["missing"]),
        "law": queries.told(case, today),
        "story": queries.timeline(case, for_person=True, on=today),
        "mandate": case.held_by,
        "may_write": case.held_by is None or case.held_by.may_write,
        "acting": [one for one in queries.mandates_of(case, today) if one.holds],
        "parties": queries.parties_of(case),
        "parts": queries.parts_of(case, timezone.now()),
        "readings": queries.told_readings(case),
        "message_form": forms.get("message_form") or MessageForm(auto_id="message_%s"),
        "thanks_form": forms.get("thanks_form") or ThanksForm(auto_id="thanks_%s"),
        "thanks_address": reverse("web:tracking-thanks", args=[secret]),
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


def _items(case: Case) -> dict[str, Any]:
    """What the person was asked for; whoever has an answer owes nothing more."""
    items = queries.items_of(case)
    if case.state not in RUNNING:
        items = [one for one in items if one.received_on is not None]
    missing = [one for one in items if one.received_on is None]
    return {
        "items": items,
        "missing": missing,
        "to_send": any(one.sent_on is None for one in missing),
    }


def _who(case: Case, receipt: queries.Receipt, today: date) -> dict[str, Any]:
    """Who follows it, and who will be there instead on days to come."""
    return {
        "receipt": receipt,
        "announced": queries.announced(case, today),
        "phone_href": rules.telephone_address(receipt.phone),
    }


def _uploads(case: Case, came: uploads.Received | None) -> dict[str, Any]:
    """Documents of a message that was refused, with a sentence for each that will not do."""
    return {
        "problems": came.problems if came else [],
        "held": uploads.hold(came, case) if came else [],
        "most": uploads.AT_ONCE,
    }


def _write(
    request: HttpRequest, visit: Visit, effect: Callable[[], None], **forms: Any
) -> HttpResponse:
    refused = write(request, f"case:{visit.case.pk}", f"tracking:{visit.case.pk}", effect)
    if refused:
        return _page(request, visit, refusal=refused.message, **forms)
    return HttpResponseRedirect(reverse("web:tracking", args=[visit.secret]))


@takes_files()
@secret_page
@require_POST
def message(request: HttpRequest, secret: str) -> HttpResponse:
    visit = visit_of(request, secret)
    came = uploads.received(request, visit.case)
    form = MessageForm(request.POST, auto_id="message_%s")
    form.fields["text"].required = not (came.documents or came.problems)
    if not form.is_valid() or came.problems:
        return _page(request, visit, message_form=form, came=came)

    def effect() -> None:
        actions.write_as_person(
            visit.case,
            now=timezone.now(),
            text=form.cleaned_data["text"],
            documents=came.documents,
        )
        messages.success(request, _("Your message has arrived."))

    return _write(request, visit, effect, message_form=form, came=came)


@secret_page
@require_POST
def thanks(request: HttpRequest, secret: str) -> HttpResponse:
    visit = visit_of(request, secret)
    form = ThanksForm(request.POST, auto_id="thanks_%s")
    if not form.is_valid():
        return _page(request, visit, thanks_form=form)

    def effect() -> None:
        feedback.thank(visit.case, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your thank you has reached those who worked on it."))

    return _write(request, visit, effect, thanks_form=form)


@secret_page
@require_POST
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    visit = visit_of(request, secret)
    case, contact = visit.case, visit.case.contact
    if contact is None:
        raise Unknown
    form = AnswerForm(request.POST, ask_reach=False, auto_id="answer_%s")
    if not form.is_valid():
        return _page(request, visit, answer_form=form)

    def effect() -> None:
        _answer(request, case, contact, form)

    return _write(request, visit, effect, answer_form=form)


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
    visit, today = visit_of(request, secret), timezone.localdate()
    # A key that lives for an hour is not printed: the slip then says the code and the name.
    address = (
        "" if visit.by_code else request.build_absolute_uri(reverse("web:tracking", args=[secret]))
    )
    context = {
        "case": visit.case,
        "secret": secret,
        "receipt": queries.receipt(visit.case, today),
        "awaited": queries.awaited(visit.case),
        "law": queries.told(visit.case, today),
        "address": address,
        "qr": qr_svg(address, label=_("Code that opens this page")) if address else "",
        "narrow": request.GET.get("papier") == "ticket",
    }
    return render(request, "web/tracking_slip.html", context)
