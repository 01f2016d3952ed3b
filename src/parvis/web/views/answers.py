"""Was it solved? One question, on the ticket page, the tracking page and the kiosk."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parvis.cases import queries as cases
from parvis.cases.models import Case
from parvis.common import throttle
from parvis.common.errors import Refused
from parvis.common.http import client_address, once, public
from parvis.contacts.models import Contact
from parvis.feedback import actions, queries, rules
from parvis.feedback.forms.answer import NO, YES, AnswerForm
from parvis.feedback.models import Response, Via
from parvis.organisations import queries as organisations
from parvis.queue import visitors
from parvis.web import answering, secret

KIOSK_TRIES = throttle.Limit("kiosk-answer", burst=12, seconds=10)


@dataclass(frozen=True)
class Question:
    """What ``web/_solved.html`` draws: the form, the answer given before, who follows now."""

    address: str
    form: AnswerForm
    given: Response | None
    case: Case | None


def question(
    request: HttpRequest,
    contact: Contact,
    *,
    address: str,
    ask_reach: bool,
    form: AnswerForm | None = None,
    case: Case | None = None,
) -> Question:
    """The question about one contact; ``?solved=`` only ticks a box, the POST answers."""
    given = queries.response_to(contact)
    if form is None:
        wanted = request.GET.get("solved", "")
        initial: dict[str, Any] = {"solved": wanted} if wanted in (YES, NO) else {}
        if not initial and given is not None and given.solved is not None:
            initial = {"solved": YES if given.solved else NO, "satisfaction": given.satisfaction}
        form = AnswerForm(initial=initial, ask_reach=ask_reach, auto_id="answer_%s")
    return Question(address, form, given, case)


@secret.secret_page
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest, key: str) -> HttpResponse:
    """Asked and answered in the language of the ticket."""
    contact = answering.contact_of_ticket(key, now=timezone.now())
    if contact is None:
        raise secret.Unknown
    request.authority = contact.authority  # type: ignore[attr-defined]  # name and colours
    spoken = visitors.of_ticket(request, contact.ticket.language)
    with translation.override(spoken or translation.get_language()):
        response = _asked(request, contact, key)
        response.headers["Content-Language"] = translation.get_language() or ""
    return response


def _asked(request: HttpRequest, contact: Contact, key: str) -> HttpResponse:
    case = cases.of_contact(contact)
    ask_reach = case is None and contact.person is None
    if request.method != "POST":
        return _ticket_page(request, contact, key, case, ask_reach)
    form = AnswerForm(request.POST, ask_reach=ask_reach, auto_id="answer_%s")
    if not form.is_valid():
        return _ticket_page(request, contact, key, case, ask_reach, form=form)
    return _take_answer(request, contact, key, case, form)


def _take_answer(
    request: HttpRequest, contact: Contact, key: str, case: Case | None, form: AnswerForm
) -> HttpResponse:
    followed: list[actions.Followed] = []
    subject, scope = f"contact:{contact.pk}", f"answer:{contact.pk}"
    refused = secret.write(
        request, subject, scope, lambda: _answer(request, contact, form, followed)
    )
    if refused:
        return _ticket_page(
            request, contact, key, case, "reach" in form.fields, form=form, refusal=refused.message
        )
    if followed and followed[0].secret:
        # Shown this once: nobody, not even the house, can read the link again.
        return redirect("web:tracking", followed[0].secret)
    return redirect("web:ticket-answer", key)


def _answer(
    request: HttpRequest, contact: Contact, form: AnswerForm, followed: list[actions.Followed]
) -> None:
    now = timezone.now()
    text = form.cleaned_data["text"]
    actions.answer(
        contact,
        via=Via.TICKET,
        now=now,
        solved=form.is_solved,
        satisfaction=form.cleaned_data["satisfaction"],
        comment=text,
    )
    if form.is_solved or not (text.strip() or form.way_to_reach):
        messages.success(request, _("Thank you for your answer."))
        return
    with translation.override(settings.LANGUAGE_CODE):  # colleagues read these words
        words = text.strip() or _("It is not solved.")
        followed.append(actions.follow_up(contact, now=now, text=words, **form.way_to_reach))
    messages.success(
        request, _("Somebody follows your request now. Keep this page: its address is your key.")
    )


def _ticket_page(
    request: HttpRequest,
    contact: Contact,
    key: str,
    case: Case | None,
    ask_reach: bool,
    *,
    form: AnswerForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "contact": contact,
        "solved": question(
            request,
            contact,
            address=reverse("web:ticket-answer", args=[key]),
            ask_reach=ask_reach,
            form=form,
            case=case,
        ),
        "receipt": cases.receipt(case, timezone.localdate()) if case else None,
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form else 200
    return render(request, "web/ticket_answer.html", context, status=status)


def _same_language(request: HttpRequest) -> str:
    code = visitors.asked(request, settings.VISITOR_LANGUAGES)
    return f"&{visitors.PARAMETER}={code}" if code else ""


@public
@once
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: HttpRequest, site: str) -> HttpResponse:
    hall = organisations.public_site(site)
    if hall is None:
        raise Http404
    request.authority = hall.authority  # type: ignore[attr-defined]  # name and colours
    visitors.follow(request, "")
    typed = answering.type_key(request.GET.get("code", ""), request.GET.get("touch", ""))
    if request.method == "POST":
        typed = request.POST.get("code", "")[:12]
        refusal = _answer_at_kiosk(request, hall, typed)
        if not refusal:
            return HttpResponseRedirect(f"{request.path}?done=1{_same_language(request)}")
    else:
        refusal = ""
    context = {
        "site": hall,
        "code": typed,
        "letters": answering.letters_of(hall),
        "is_whole": rules.ticket_code(typed) is not None,
        "refusal": refusal,
        "done": "done" in request.GET,
        "kiosk_address": _kiosk_address(site),
        "scale": ["1", "2", "3", "4", "5"],
    }
    return render(request, "web/kiosk_answer.html", context, status=409 if refusal else 200)


def _answer_at_kiosk(request: HttpRequest, hall: Any, typed: str) -> str:
    """Take the answer; the sentence to show when it cannot be taken."""
    now = timezone.now()
    throttle.take(KIOSK_TRIES, f"{hall.pk}:{client_address(request)}", now=now)
    solved = {YES: True, NO: False}.get(request.POST.get("solved", ""))
    mark = request.POST.get("satisfaction", "")
    contact = answering.contact_of_code(hall, typed, now=now)
    if contact is None:
        return _("We find no finished visit of today under this ticket. Please check its code.")
    try:
        actions.answer(
            contact,
            via=Via.KIOSK,
            now=now,
            solved=solved,
            satisfaction=int(mark) if mark in list("12345") else None,
        )
    except Refused as refused:
        return refused.message
    return ""


def _kiosk_address(site: str) -> str:
    try:
        return reverse("queue:kiosk", args=[site])
    except NoReverseMatch:
        return ""
