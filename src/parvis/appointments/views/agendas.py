"""Keeping agendas: who may be booked, for what, when; blocked time; the calendar feed."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.appointments import actions, calendars, queries
from parvis.appointments.forms.agent import (
    AgendaForm,
    BlockForm,
    FeedForm,
    RotaLines,
    SpecialLines,
    TopicLines,
)
from parvis.appointments.models import Agenda, Block
from parvis.appointments.views.agent import may_keep
from parvis.common import codes
from parvis.common.errors import Refused
from parvis.common.http import once, public, refuse, requires

LINES = (("topics", TopicLines), ("rota", RotaLines), ("special", SpecialLines))


@requires("appointments.manage")
@require_safe
def agendas(request: AgentRequest) -> HttpResponse:
    rows = Agenda.objects.visible_to(request.user)
    rows = rows.select_related("site", "service", "agent__entry").prefetch_related(
        "offers_topics__topic"
    )
    context = {"agendas": rows.order_by("-is_active", "site__name", "name")}
    return render(request, "appointments/agendas.html", context)


@requires("appointments.manage")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def add(request: AgentRequest) -> HttpResponse:
    return _edit(request, Agenda())


@requires("appointments.read")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit(request: AgentRequest, agenda_id: int) -> HttpResponse:
    return _edit(request, _kept(request, agenda_id))


def _edit(request: AgentRequest, agenda: Agenda) -> HttpResponse:
    given = request.POST if request.method == "POST" else None
    form = AgendaForm(given, instance=agenda, actor=request.user)
    arguments = {"instance": agenda, "form_kwargs": {"actor": request.user}}
    lines = {name: kind(given, prefix=name, **arguments) for name, kind in LINES}
    # Each part is judged, so that all that is to be corrected is shown at once.
    if given is not None and all([form.is_valid(), *(part.is_valid() for part in lines.values())]):
        gone = [row for part in lines.values() for row in _saved(part)[1]]
        parts = [row for part in lines.values() for row in _saved(part)[0]]
        actions.keep_agenda(form.instance, parts, gone, actor=request.user)
        messages.success(request, _("The agenda is saved."))
        return redirect("appointments:edit", agenda_id=form.instance.pk)
    context = {"agenda": agenda, "form": form, **lines}
    status = 422 if given is not None else 200
    return render(request, "appointments/edit.html", context, status=status)


def _saved(formset: Any) -> tuple[list[Any], list[Any]]:
    changed = [
        form.instance
        for form in formset.forms
        if form.has_changed() and form not in formset.deleted_forms
    ]
    return changed, [form.instance for form in formset.deleted_forms if form.instance.pk]


@requires("appointments.book")
@require_POST
@once
def block(request: AgentRequest, agenda_id: int) -> HttpResponse:
    agenda = _kept(request, agenda_id)
    form = BlockForm(request.POST)
    back = reverse("appointments:agenda") + f"?agenda={agenda.pk}"
    if not form.is_valid():
        refuse(request, Refused(_("Give a day, and from when to when.")))
        return redirect(back)
    starts_at, ends_at = form.interval(ZoneInfo(agenda.site.timezone))
    try:
        actions.block(
            agenda,
            starts_at=starts_at,
            ends_at=ends_at,
            agent=request.user,
            now=timezone.now(),
            seats=form.cleaned_data["seats"],
            reason=form.cleaned_data["reason"],
        )
        count = actions.booked_within(agenda, starts_at, ends_at)
        messages.success(request, _("This time is blocked."))
        if count:
            words = ngettext(
                "%(count)s appointment is still in it: move or cancel it.",
                "%(count)s appointments are still in it: move or cancel them.",
                count,
            )
            messages.warning(request, words % {"count": count})
    except Refused as refusal:
        refuse(request, refusal)
    return redirect(f"{back}&jour={form.cleaned_data['day'].isoformat()}")


@requires("appointments.book")
@require_POST
@once
def unblock(request: AgentRequest, block_id: int) -> HttpResponse:
    row = get_object_or_404(Block.objects.visible_to(request.user), pk=block_id)
    agenda = _kept(request, row.agenda_id)
    day = row.starts_at.astimezone(ZoneInfo(agenda.site.timezone)).date()
    actions.unblock(row, agent=request.user)
    messages.success(request, _("This time may be booked again."))
    return redirect(reverse("appointments:agenda") + f"?agenda={agenda.pk}&jour={day.isoformat()}")


@requires("appointments.read")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def subscription(request: AgentRequest, agenda_id: int) -> HttpResponse:
    agenda = _kept(request, agenda_id)
    current = agenda.feeds.filter(agent=request.user, ended_at=None).first()
    address = ""
    if request.method == "POST":
        now = timezone.now()
        if "end" in request.POST:
            actions.end_feed(agenda, agent=request.user, now=now)
            messages.success(request, _("The address is ended: calendar programs are refused."))
            return redirect("appointments:subscription", agenda_id=agenda.pk)
        form = FeedForm(request.POST)
        form.is_valid()
        made = actions.make_feed(
            agenda, agent=request.user, now=now, with_names=form.cleaned_data["with_names"]
        )
        # Shown once on the answer itself: an address in a redirect would stay in the log.
        path = reverse("appointments:feed", args=[made.secret])
        current, address = made.feed, settings.BASE_URL.rstrip("/") + path
    context = {"agenda": agenda, "feed": current, "address": address, "form": FeedForm()}
    return render(request, "appointments/subscription.html", context)


@public
@require_safe
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    found = queries.feed(secret)
    if found is None:
        raise Http404
    now = timezone.now()
    entries = [
        calendars.Entry(
            uid=calendars.uid_of(one.uid),
            sequence=one.sequence,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            stamped_at=now,
            summary=" · ".join(
                filter(
                    None,
                    [
                        one.name if found.with_names else "",
                        one.topic.label,
                        codes.format_reference(one.code),
                    ],
                )
            ),
            place=found.agenda.site.label,
        )
        for one in queries.for_feed(found.agenda, now=now)
    ]
    text = calendars.written(entries, method=calendars.PUBLISH, name=found.agenda.label)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _kept(request: AgentRequest, agenda_id: int) -> Agenda:
    rows = Agenda.objects.visible_to(request.user).select_related("site__authority", "service")
    agenda: Agenda = get_object_or_404(rows, pk=agenda_id)
    if not may_keep(request, agenda):
        raise PermissionDenied
    return agenda
