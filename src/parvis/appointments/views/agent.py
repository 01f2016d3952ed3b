"""The colleague's day: who comes, who is here, what is free; and one appointment with its acts."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.appointments import actions, keys, letters, queries, rules, stamps
from parvis.appointments.forms.agent import BlockForm, EndForm
from parvis.appointments.forms.public import ReasonForm
from parvis.appointments.models import Agenda, Appointment
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, refuse, requires
from parvis.common.qr import qr_svg
from parvis.queue.queries import hall_version

DAYS_SHOWN = 4


@requires("appointments.read")
@require_safe
@never_cache
def agenda(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    agendas = queries.agendas_for(request.user)
    chosen = _chosen(request, agendas)
    zone = chosen[0].site.timezone if chosen else str(timezone.get_current_timezone())
    with timezone.override(zone):
        day = _day(request)
        is_week = request.GET.get("vue") == "semaine"
        first, last = queries.week_of(day) if is_week else (day, day)
        version = hall_version(chosen[0].site) if chosen else 0  # before the appointments
        context = {
            "version": version,
            "agendas": agendas,
            "chosen": chosen,
            "one": chosen[0] if len(chosen) == 1 else None,
            "key": _key(request, chosen, agendas),
            "day": day,
            "is_week": is_week,
            "is_today": day == timezone.localdate(),
            "before": day - timedelta(days=7 if is_week else 1),
            "after": day + timedelta(days=7 if is_week else 1),
            "days": queries.days_of(chosen, first, last, agent=request.user, now=now),
            "here": queries.here_for(request.user, now=now),
            "block_form": BlockForm(initial={"day": day}),
            "may_manage": request.user.may("appointments.manage"),
            "here_address": request.get_full_path(),
            "may_block": _may_block(request, chosen),
        }
        return render(request, "appointments/agenda.html", context)


@requires("appointments.read")
@require_safe
@never_cache
def appointment(request: AgentRequest, code: str) -> HttpResponse:
    found = _found(request, code)
    with timezone.override(found.agenda.site.timezone):
        return render(request, "appointments/appointment.html", _facts(request, found))


@requires("appointments.book")
@require_POST
@once
def act(request: AgentRequest, code: str, act: str) -> HttpResponse:
    found = _found(request, code)
    if act not in ACTS:
        raise Http404
    try:
        ACTS[act](request, found)
    except Refused as refusal:
        refuse(request, refusal)
    back = reverse("appointments:appointment", args=[found.code])
    return redirect(next_address(request, back))


@requires("appointments.book")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@once
def move(request: AgentRequest, code: str) -> HttpResponse:
    found = _found(request, code)
    now = timezone.now()
    if request.method == "POST":
        starts_at = stamps.instant(request.POST.get("when", ""))
        try:
            if starts_at is None:
                raise Refused(_("Choose a time."))
            actions.move(found, starts_at=starts_at, now=now, agent=request.user)
            messages.success(request, _("Moved. The person is told if they left an address."))
        except Refused as refusal:
            refuse(request, refusal)
            return redirect("appointments:move", code=found.code)
        return redirect("appointments:appointment", code=found.code)
    with timezone.override(found.agenda.site.timezone):
        row = queries.offering(found.agenda_id, found.topic_id)
        first = _day(request) if request.GET.get("des") else None
        days = queries.free_days(
            [row] if row and rules.may("move", found.state) else [],
            now=now,
            first=first,
            count=DAYS_SHOWN + 1,
            by_agent=True,
            ignoring=found,
        )
        context = {
            **_facts(request, found),
            "days": days[:DAYS_SHOWN],
            "more": days[DAYS_SHOWN].day if len(days) > DAYS_SHOWN else None,
        }
        return render(request, "appointments/agent_move.html", context)


@requires("appointments.read")
@require_safe
def slip(request: AgentRequest, code: str) -> HttpResponse:
    found = _found(request, code)
    path = keys.page_path(found)
    address = request.build_absolute_uri(path) if path else ""
    context = {
        **_facts(request, found),
        "documents": letters.documents_of(found),
        "qr": qr_svg(address, label=_("Code that opens the page of the appointment"))
        if address
        else "",
    }
    with timezone.override(found.agenda.site.timezone):
        return render(request, "appointments/agent_slip.html", context)


@requires("appointments.read")
@require_safe
@never_cache
def here(request: AgentRequest) -> HttpResponse:
    """Who is here for the colleague: a part of other pages, fetched when the hall changes."""
    visitors = queries.here_for(request.user, now=timezone.now())
    return render(request, "appointments/_here.html", {"here": visitors})


def _arrive(request: AgentRequest, found: Appointment) -> None:
    arrival = actions.arrive(found, now=timezone.now(), agent=request.user)
    if arrival.issued:
        words = _("Arrived: ticket %(code)s.") % {"code": arrival.issued.ticket.code}
    else:
        words = _("Arrived: whoever expects them is told.")
    messages.success(request, words)


def _not_here(request: AgentRequest, found: Appointment) -> None:
    actions.take_back_arrival(found, agent=request.user, now=timezone.now())
    messages.success(
        request, _("Taken back: %(name)s is expected as before.") % {"name": found.name}
    )


def _start(request: AgentRequest, found: Appointment) -> None:
    actions.start(found, agent=request.user, now=timezone.now())
    messages.success(request, _("You are receiving %(name)s.") % {"name": found.name})


def _finish(request: AgentRequest, found: Appointment) -> None:
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose how the exchange ended."))
    actions.finish(found, agent=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Noted: one contact was written down."))


def _miss(request: AgentRequest, found: Appointment) -> None:
    actions.miss(found, now=timezone.now(), agent=request.user)
    messages.success(request, _("Noted as not come. If they come after all, mark the arrival."))


def _cancel(request: AgentRequest, found: Appointment) -> None:
    form = ReasonForm(request.POST)
    form.is_valid()
    reason = form.cleaned_data.get("reason", "")
    actions.cancel(found, now=timezone.now(), agent=request.user, reason=reason)
    told = _("Cancelled. The person reads the reason, with other free times.")
    messages.success(request, told if found.email or found.phone else _("Cancelled."))


def _earlier(request: AgentRequest, found: Appointment) -> None:
    wanted = "stop" not in request.POST
    actions.wait_for_earlier(found, now=timezone.now(), wanted=wanted, agent=request.user)
    messages.success(
        request,
        _("On the list for an earlier time.") if wanted else _("Off the list for an earlier time."),
    )


ACTS: dict[str, Callable[[AgentRequest, Appointment], None]] = {
    "arrive": _arrive,
    "pas-la": _not_here,
    "recoit": _start,
    "termine": _finish,
    "absent": _miss,
    "annule": _cancel,
    "plus-tot": _earlier,
}


def _found(request: AgentRequest, code: str) -> Appointment:
    found = queries.by_code(code, actor=request.user)
    if found is None:
        raise Http404
    return found


def _facts(request: AgentRequest, found: Appointment) -> dict[str, Any]:
    now = timezone.now()
    agent, state = request.user, found.state
    in_office = state == rules.ARRIVED and found.ticket_id is None
    return {
        "appointment": found,
        "line": queries.line_of(found, agent, now),
        "may_read": queries.may_read(agent, found),
        "site": found.agenda.site,
        "service": found.agenda.service,
        "minutes": letters.minutes_of(found),
        "phone": found.agenda.service.phone or found.agenda.site.authority.phone,
        "contact": queries.expected_by(found.agenda, timezone.localdate()),
        "state_words": queries.state_words(found),
        "code": codes.format_reference(found.code),
        "may_arrive": rules.may("arrive", state),
        "may_take_back": queries.may_take_back(found),
        "may_miss": state == rules.BOOKED and found.starts_at <= now,
        "may_change": rules.may("move", state),
        "may_start": in_office and not found.started_at,
        "end_form": EndForm(initial={"outcome": "resolved"}) if in_office else None,
        "reason_form": ReasonForm(),
        "held": queries.held_for(found, now=now),
        "told": found.messages.filter(sent_at__isnull=False).order_by("sent_at"),
    }


def _chosen(request: AgentRequest, agendas: list[Agenda]) -> list[Agenda]:
    """The agenda named in the address, else one's own, else the shared ones of one place."""
    key = request.GET.get("agenda", "")
    if key.isascii() and key.isdigit():
        named = [one for one in agendas if one.pk == int(key)]
        if not named:
            raise Http404
        return named
    own = [one for one in agendas if one.agent_id == request.user.pk]
    shared = [one for one in agendas if one.agent_id is None]
    if own and key != "communs":
        return own
    return [one for one in shared if one.site_id == shared[0].site_id] or agendas[:1]


def _key(request: AgentRequest, chosen: list[Agenda], agendas: list[Agenda]) -> str:
    if request.GET.get("agenda", "").isdigit() or not chosen:
        return request.GET.get("agenda", "")
    return str(chosen[0].pk) if chosen[0].agent_id == request.user.pk else "communs"


def _may_block(request: AgentRequest, chosen: list[Agenda]) -> bool:
    if len(chosen) != 1 or not request.user.may("appointments.book"):
        return False
    return may_keep(request, chosen[0])


def may_keep(request: AgentRequest, agenda: Agenda) -> bool:
    """Whether the colleague keeps this agenda: it is theirs, or they run the reception."""
    return agenda.agent_id == request.user.pk or request.user.may("appointments.manage")


def _day(request: AgentRequest) -> date:
    given = request.GET.get("jour") or request.GET.get("des") or ""
    try:
        return date.fromisoformat(given)
    except ValueError:
        return timezone.localdate()
