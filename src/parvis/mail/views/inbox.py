"""The messages that wait for somebody: looked through, sorted, answered, one key each."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases.models import Case
from parvis.common import files
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires, saved
from parvis.mail import actions, addresses, queries, rules, wording
from parvis.mail.forms import AnswerForm, AsideForm, AttachForm, OpenForm
from parvis.mail.models import ReceivedMail
from parvis.mail.reading.html import sanitise

ALL = ("mail.sort", "mail.sort_own")
_LABELS: dict[str, Callable[[], str]] = {
    "a-trier": lambda: _("To sort"),
    "a-part": lambda: _("Kept apart"),
    "machines": lambda: _("From machines"),
    "traites": lambda: pgettext("e-mails", "Done"),
}


@requires(*ALL)
@require_safe
@never_cache
def inbox(request: AgentRequest) -> HttpResponse:
    """One shelf of messages, what waits longest first."""
    name = request.GET.get("rayon", "a-trier")
    if name not in queries.SHELVES:
        raise Http404
    waiting = queries.to_do(request.user)
    shelf = queries.shelf(request.user, name, request.GET.get("apres", ""))
    tabs = [
        {"text": label(), "url": f"?rayon={key}", "current": key == name,
         "count": _count(waiting[key]) if key in waiting else None}
        for key, label in _LABELS.items()
    ]  # fmt: skip
    context = {
        "tabs": tabs,
        "shelf": name,
        "rows": [
            (mail, wording.reason(mail.reason), _hidden(mail, request)) for mail in shelf.rows
        ],
        "older_url": f"?rayon={name}&apres={shelf.after}" if shelf.after else "",
        "may_manage": request.user.may("settings.manage"),
    }
    return render(request, "mail/inbox.html", context)


def _count(count: int) -> str:
    return f"{count}+" if count >= 1000 else str(count)


def _hidden(mail: ReceivedMail, request: AgentRequest) -> bool:
    """Does it name a case that this agent may not read?"""
    if mail.claimed_id is None:
        return False
    return not Case.objects.visible_to(request.user).filter(pk=mail.claimed_id).exists()


def mail_of(request: AgentRequest, pk: int) -> ReceivedMail:
    """The message, for whoever may read it; what others hold is not the same as nothing."""
    found = queries.one(request.user, pk)
    if found is not None:
        return found
    if ReceivedMail.objects.filter(authority_id=request.user.authority_id, pk=pk).exists():
        raise PermissionDenied
    raise Http404


@requires(*ALL)
@require_safe
@never_cache
def message(request: AgentRequest, pk: int) -> HttpResponse:
    return _page(request, mail_of(request, pk))


def _page(request: AgentRequest, mail: ReceivedMail, **bound: Any) -> HttpResponse:
    agent = request.user
    hidden = _hidden(mail, request)
    waits = rules.may_be_sorted(mail.state)
    context = {
        "mail": mail,
        "reason": wording.reason(mail.reason),
        "notes": wording.notes(mail.notes),
        "files": list(mail.files.all()),
        "laid_out": sanitise(mail.html) if mail.html else "",
        "answers": list(mail.answers.order_by("pk")),
        "hidden": hidden,
        "waits": waits,
        "may_release": waits and mail.state == rules.QUARANTINED and mail.claimed and not hidden,
        "may_take_up": rules.may_be_taken_up(mail.state),
        "suggested": queries.suggested_cases(mail, agent) if waits else [],
        "attach_form": bound.get("attach") or AttachForm(actor=agent),
        "open_form": bound.get("opening")
        or OpenForm(actor=agent, initial={"title": addresses.without_mark(mail.subject)[:160]}),
        "answer_form": bound.get("answer") or AnswerForm(actor=agent, prefix="reponse"),
        "aside_form": bound.get("aside") or AsideForm(prefix="ecart"),
        "refusal": bound.get("refusal", ""),
        "wrong": next((name for name, form in bound.items() if getattr(form, "errors", None)), ""),
        "next": queries.next_to_do(agent, mail),
    }
    return render(request, "mail/message.html", context, status=422 if bound else 200)


Effect = Callable[[], None]
Step = Callable[[AgentRequest, ReceivedMail, datetime], HttpResponse | None]


def _step(step: Step) -> Callable[..., HttpResponse]:
    """A button on the page of a message: POST, done once, on to the next message."""

    @requires(*ALL)
    @require_POST
    @once
    @wraps(step)
    def view(request: AgentRequest, pk: int) -> HttpResponse:
        mail = mail_of(request, pk)
        try:
            answer = step(request, mail, timezone.now())
        except Refused as refusal:
            refuse(request, refusal)
            return redirect("mail:message", pk)
        if answer is not None:
            return answer
        ahead = queries.next_to_do(request.user, mail)
        return redirect("mail:message", ahead.pk) if ahead else redirect("mail:inbox")

    return view


def _try(
    request: AgentRequest, mail: ReceivedMail, name: str, form: forms.Form, effect: Effect
) -> HttpResponse | None:
    """The effect, or the page of the message again with the sentence and what was typed."""
    try:
        effect()
    except Refused as refused:
        form.add_error(None, refused.message)
        return _page(request, mail, **{name: form})
    return None


@_step
def attach(request: AgentRequest, mail: ReceivedMail, now: datetime) -> HttpResponse | None:
    form = AttachForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _page(request, mail, attach=form)
    case = form.cleaned_data["reference"]

    def effect() -> None:
        actions.attach_to(mail, case, agent=request.user, now=now)
        messages.success(request, _("The message is with its case: %s.") % case.title)

    return _try(request, mail, "attach", form, effect)


@_step
def release(request: AgentRequest, mail: ReceivedMail, now: datetime) -> None:
    actions.release(mail, agent=request.user, now=now)
    messages.success(request, _("The message is with its case."))


@_step
def open_case(request: AgentRequest, mail: ReceivedMail, now: datetime) -> HttpResponse | None:
    form = OpenForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _page(request, mail, opening=form)
    try:
        case = actions.open_case_from(mail, agent=request.user, now=now, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _page(request, mail, opening=form)
    messages.success(request, _("The case is open. Its receipt leaves by e-mail."))
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return redirect("cases:case", case.reference)
    return None


@_step
def answer(request: AgentRequest, mail: ReceivedMail, now: datetime) -> HttpResponse | None:
    form = AnswerForm(request.POST, actor=request.user, prefix="reponse")
    if not form.is_valid():
        return _page(request, mail, answer=form)

    def effect() -> None:
        actions.answer(mail, agent=request.user, now=now, **form.cleaned_data)
        messages.success(request, _("Your answer leaves under your name."))

    return _try(request, mail, "answer", form, effect)


@_step
def set_aside(request: AgentRequest, mail: ReceivedMail, now: datetime) -> HttpResponse | None:
    form = AsideForm(request.POST, prefix="ecart")
    if not form.is_valid():
        return _page(request, mail, aside=form)

    def effect() -> None:
        actions.set_aside(mail, agent=request.user, now=now, words=form.cleaned_data["words"])
        messages.success(request, _("Set aside, with the reason."))

    return _try(request, mail, "aside", form, effect)


@_step
def take_up(request: AgentRequest, mail: ReceivedMail, now: datetime) -> HttpResponse:
    actions.take_up(mail, agent=request.user, now=now)
    messages.success(request, _("The message waits to be sorted again."))
    return redirect("mail:message", mail.pk)


@requires(*ALL)
@require_safe
@never_cache
def original(request: AgentRequest, pk: int) -> HttpResponse:
    """The message as it came, to be saved: nothing of it is shown under our name."""
    mail = mail_of(request, pk)
    path = files.path_of(mail.digest)
    return saved(path, name=f"message-{mail.pk}.eml", kind="application/octet-stream")


@requires(*ALL)
@require_safe
@never_cache
def file(request: AgentRequest, pk: int, place: int) -> HttpResponse:
    """A file of a message, to be saved."""
    one = get_object_or_404(mail_of(request, pk).files, place=place)
    kind = one.kind or "application/octet-stream"
    return saved(files.path_of(one.digest), name=one.name, kind=kind)
