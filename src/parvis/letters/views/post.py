"""The mail room: registering what comes, noting what leaves, finding it again."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.cases.models import Case
from parvis.common import files
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires, saved, takes_files
from parvis.common.tables import csv_answer
from parvis.letters import actions, queries
from parvis.letters.forms.post import (
    AttachForm,
    LookForm,
    OutgoingForm,
    RegisterForm,
    ScanForm,
)
from parvis.letters.models import IncomingPost

REGISTERS = "post.register"
OWED_AT_MOST = 200
KEPT = ("topic", "received_on")  # what the next letter of the morning begins with


@takes_files()
@requires(REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def incoming(request: AgentRequest) -> HttpResponse:
    """Register a letter, and the next one: the page comes back ready for it."""
    today = timezone.localdate()
    if request.method != "POST":
        begun = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
        return _incoming(request, RegisterForm(actor=request.user, today=today, initial=begun))
    form = RegisterForm(request.POST, request.FILES, actor=request.user, today=today)
    if not form.is_valid():
        return _incoming(request, form, status=422)
    try:
        row = _register(request, form)
    except Refused as refused:
        return _incoming(request, form, refusal=refused.message, status=409)
    said = _("Registered: %(number)s, for %(service)s.")
    messages.success(request, said % {"number": row.label, "service": row.service.label})
    next_one = {"topic": row.topic_id, "received_on": row.received_on.isoformat()}
    response = redirect("letters:incoming")
    response["Location"] += "?" + urlencode(next_one)
    return response


def _register(request: AgentRequest, form: RegisterForm) -> IncomingPost:
    given = form.cleaned_data
    scan = given["scan"]
    came = actions.Came(
        sender=given["sender"],
        subject=given["subject"],
        topic=given["topic"],
        received_on=given["received_on"],
        posted_on=given["posted_on"],
        address=given["address"],
        registered_number=given["registered_number"],
        scan=actions.keep_scan(scan.chunks(), name=scan.name) if scan else None,
    )
    return actions.register_letter(
        came,
        agent=request.user,
        now=timezone.now(),
        case=given["reference"],
        opens=given["opens"],
    )


def _incoming(
    request: AgentRequest, form: RegisterForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    look, wanted = _look(request)
    page = queries.page(queries.incoming(request.user, wanted), request.GET.get("after", ""))
    today = timezone.localdate()
    context = {
        "form": form,
        "refusal": refusal,
        "look": look,
        "is_filtered": wanted != queries.Wanted(),
        "rows": page.rows,
        "older_url": _older(request, page.next),
        "export_query": _query(request),
        "today_count": queries.incoming(
            request.user, queries.Wanted(first=today, last=today)
        ).count(),
    }
    return render(request, "letters/incoming.html", context, status=status)


def _look(request: AgentRequest) -> tuple[LookForm, queries.Wanted]:
    names = set(LookForm.base_fields) & set(request.GET)
    look = LookForm(request.GET if names else None)
    return look, look.wanted()


def _query(request: AgentRequest) -> str:
    kept = {n: request.GET[n] for n in LookForm.base_fields if request.GET.get(n)}
    return urlencode(kept)


def _older(request: AgentRequest, mark: str) -> str:
    query = _query(request)
    return f"?{query}{'&' if query else ''}after={mark}" if mark else ""


@requires(REGISTERS)
@require_safe
def one(request: AgentRequest, pk: int) -> HttpResponse:
    return _one(request, _row(request, pk))


def _row(request: AgentRequest, pk: int) -> IncomingPost:
    return get_object_or_404(queries.incoming(request.user), pk=pk)


def _one(request: AgentRequest, row: IncomingPost, **more: Any) -> HttpResponse:
    case = row.case
    context = {
        "row": row,
        "may_read_case": case is not None
        and Case.objects.visible_to(request.user).filter(pk=case.pk).exists(),
        "attach_form": more.pop("attach_form", None) or AttachForm(agent=request.user),
        "scan_form": more.pop("scan_form", None) or ScanForm(),
        "may_open": request.user.may("cases.open"),
        **more,
    }
    return render(request, "letters/incoming_one.html", context, status=422 if more else 200)


@requires(REGISTERS)
@once
@require_POST
def attach(request: AgentRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = AttachForm(request.POST, agent=request.user)
    if not form.is_valid():
        return _one(request, row, attach_form=form, is_late=True)

    def put() -> None:
        case: Case = form.cleaned_data["reference"]
        actions.attach_letter(row, case, agent=request.user, now=timezone.now())
        messages.success(request, _("The letter is with its case."))

    return _done(request, pk, put)


@requires("cases.open")
@once
@require_POST
def open_case(request: AgentRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)

    def make() -> None:
        actions.open_case_of(row, agent=request.user, now=timezone.now())
        messages.success(request, _("The case is open, and counts from the day of reception."))

    return _done(request, pk, make)


@takes_files()
@requires(REGISTERS)
@once
@require_POST
def add_scan(request: AgentRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return _one(request, row, scan_form=form, is_late=True)

    def add() -> None:
        given = form.cleaned_data["scan"]
        scan = actions.keep_scan(given.chunks(), name=given.name)
        actions.note_scan(row, scan, agent=request.user, now=timezone.now())
        messages.success(request, _("The scan is kept."))

    return _done(request, pk, add)


def _done(request: AgentRequest, pk: int, effect: Any) -> HttpResponse:
    try:
        effect()
    except Refused as refused:
        refuse(request, refused, typed=["reference"])
    if IncomingPost.objects.visible_to(request.user).filter(pk=pk).exists():
        return redirect("letters:incoming-one", pk)
    return redirect("letters:incoming")  # it went to a service whose post is sealed


@requires(REGISTERS)
@require_safe
def scan(request: AgentRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    if not row.scan:
        raise Http404
    return saved(files.path_of(row.scan), name=row.scan_name, kind=row.scan_kind)


@requires(REGISTERS)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def outgoing(request: AgentRequest) -> HttpResponse:
    """The register of what left; what was not written here is added by hand."""
    now, refusal, status = timezone.now(), "", 200
    initial = {"posted_on": timezone.localdate(now), "service": request.user.service_id}
    form = OutgoingForm(request.POST or None, actor=request.user, initial=initial)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _left(request, form, now)
            except Refused as refused:
                refusal, status = refused.message, 409
    look, wanted = _look(request)
    del look.fields["unattached"]
    page = queries.page(queries.outgoing(request.user, wanted), request.GET.get("after", ""))
    context = {
        "form": form,
        "refusal": refusal,
        "look": look,
        "is_filtered": wanted != queries.Wanted(),
        "rows": page.rows,
        "older_url": _older(request, page.next),
        "export_query": _query(request),
        "readable": _readable(request, page.rows),
    }
    return render(request, "letters/outgoing.html", context, status=status)


def _readable(request: AgentRequest, rows: list[Any]) -> set[int]:
    wanted = [row.case_id for row in rows if row.case_id]
    return set(
        Case.objects.visible_to(request.user).filter(pk__in=wanted).values_list("pk", flat=True)
    )


def _left(request: AgentRequest, form: OutgoingForm, now: datetime) -> HttpResponse:
    row = actions.note_outgoing(actions.Left(**form.cleaned_data), agent=request.user, now=now)
    messages.success(request, _("Noted: %(number)s.") % {"number": row.label})
    return redirect("letters:outgoing")


@requires(REGISTERS)
@require_safe
def days(request: AgentRequest) -> HttpResponse:
    """How much came and left, day by day."""
    found = queries.by_day(request.user, timezone.localdate())
    most = max([max(day.came, day.left) for day in found], default=0)
    context = {"days": found, "most": most}
    return render(request, "letters/days.html", context)


@requires(REGISTERS)
@require_safe
def owed(request: AgentRequest) -> HttpResponse:
    """The certificates and reasons that wait, with lateness."""
    today = timezone.localdate()
    rows = [(row, row.due_on < today) for row in queries.awaiting(request.user)[:OWED_AT_MOST]]
    return render(request, "letters/owed.html", {"rows": rows})


@requires(REGISTERS)
@require_safe
def incoming_table(request: AgentRequest) -> HttpResponse:
    header = [
        _("Number"), _("Posted on"), _("Received on"), _("Registered on"), pgettext("post", "From"),
        _("Address"), _("What it is about"), _("Registered letter"), _("Topic"), _("Service"),
        _("Case"), _("Registered by"),
    ]  # fmt: skip
    rows = queries.incoming(request.user, _look(request)[1])
    return csv_answer("courrier-arrivee.csv", header, queries.incoming_table(rows))


@requires(REGISTERS)
@require_safe
def outgoing_table(request: AgentRequest) -> HttpResponse:
    header = [
        _("Number"), _("Left on"), _("How"), _("Registered letter"), pgettext("post", "To"),
        _("Address"), _("Subject"), _("Service"), _("Case"), _("Sent by"),
    ]  # fmt: skip
    rows = queries.outgoing(request.user, _look(request)[1])
    return csv_answer("courrier-depart.csv", header, queries.outgoing_table(rows))
