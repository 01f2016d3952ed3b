"""A letter: chosen, filled in, looked at, sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases import queries as cases
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.letters import actions, papers, pressing, queries
from parvis.letters.forms.letters import LetterForm, SendForm
from parvis.letters.models import Letter
from parvis.letters.views.fetching import asks_why, letter_of, paper, read

READS, WRITES = "cases.read", "cases.act"


@requires(READS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
@asks_why
def letter(request: AgentRequest, pk: int) -> HttpResponse:
    """The words of a letter; those of a draft are kept from here."""
    found = letter_of(request, pk)
    if request.method != "POST":
        read(request, found.case, timezone.now())
        return _page(request, found)
    form = LetterForm(request.POST, instance=found)
    if not request.user.may(WRITES) or not form.is_valid():
        return _page(request, letter_of(request, pk), form=form, status=422)
    now = timezone.now()
    try:
        _check_unchanged(pk, form)
        actions.change_letter(found, _words(form), agent=request.user, now=now)
    except Refused as refused:
        fresh = letter_of(request, pk)
        return _page(request, fresh, form=form, refusal=refused.message, status=409)
    messages.success(request, _("The letter is kept."))
    return redirect("letters:letter", pk)


def _check_unchanged(pk: int, form: LetterForm) -> None:
    """What a colleague wrote since this page was drawn is read first."""
    kept = Letter.objects.values_list("changed_at", flat=True).get(pk=pk)
    seen = form.cleaned_data["revision"]
    if seen and seen != kept.isoformat():
        raise Refused(_("A colleague has changed this letter meanwhile: compare, then keep again."))


def _words(form: LetterForm) -> actions.Words:
    given = form.cleaned_data
    return actions.Words(
        subject=given["subject"],
        body=given["body"],
        recipient=given["recipient"],
        address=given["address"],
        enclosures=given["enclosures"],
        delegation=given["delegation"],
    )


def _page(
    request: AgentRequest,
    found: Letter,
    *,
    form: LetterForm | None = None,
    send_form: SendForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    is_draft = found.state == Letter.State.DRAFT
    way = "post" if found.address else "handed"
    context: dict[str, Any] = {
        "letter": found,
        "case": found.case,
        "reference": codes.format_reference(found.case.reference),
        "is_draft": is_draft,
        "may_act": request.user.may(WRITES),
        "form": form or (LetterForm(instance=found) if is_draft else None),
        "lacking": queries.lacking(found, way, on=today) if is_draft else [],
        "send_form": send_form or SendForm(initial={"way": way, "posted_on": today}),
        "signed": cases.signature(found.case, on=today),
        "refusal": refusal,
    }
    return render(request, "letters/letter.html", context, status=status)


@requires(WRITES)
@once
@require_POST
@asks_why
def send(request: AgentRequest, pk: int) -> HttpResponse:
    found = letter_of(request, pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _page(request, found, send_form=form, status=422)
    try:
        leaving = actions.Leaving(**form.cleaned_data)
        sent = actions.send_letter(found, leaving, agent=request.user, now=timezone.now())
    except Refused as refused:
        fresh = letter_of(request, pk)
        return _page(request, fresh, send_form=form, refusal=refused.message, status=409)
    number = sent.content["reference"]
    messages.success(request, _("Letter %(number)s has left: print it.") % {"number": number})
    return redirect("letters:letter", pk)


@requires(WRITES)
@once
@require_POST
@asks_why
def drop(request: AgentRequest, pk: int) -> HttpResponse:
    found = letter_of(request, pk)
    try:
        actions.drop_letter(found, agent=request.user, now=timezone.now())
    except Refused as refused:
        refuse(request, refused)
        return redirect("letters:letter", pk)
    messages.success(request, _("The draft is dropped."))
    return redirect("letters:of-case", found.case.reference)


@requires(READS)
@require_safe
@asks_why
def pdf(request: AgentRequest, pk: int) -> HttpResponse:
    found = letter_of(request, pk)
    read(request, found.case, timezone.now())
    name = found.content.get("reference") or f"brouillon-{found.pk}"
    return paper(pressing.press(found), name=f"{name}.pdf")


@requires(READS)
@require_safe
@asks_why
def picture(request: AgentRequest, pk: int) -> HttpResponse:
    """The first page, to be looked at beside the words."""
    found = letter_of(request, pk)
    drawn = papers.png("letter", queries.as_it_is(found), ppi=96)
    return paper(drawn, name=f"{found.pk}.png", kind="image/png")
