"""Settings of an authority, and its public directory."""

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db import models
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.common.errors import Refused
from parvis.common.http import ActorRequest, once, public, refuse, requires
from parvis.organisations import actions, queries, rules
from parvis.organisations.http import authority_of_page
from parvis.organisations.models import HoursException
from parvis.organisations.screens import AUTHORITY, Screen

_FORM_METHODS = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponse]


@requires("settings.manage", "staff.manage")
@require_GET
def home(request: ActorRequest) -> HttpResponse:
    """What may be managed: the same list as beside every page of the settings."""
    return render(request, "organisations/home.html")


@requires("settings.manage")
@require_http_methods(_FORM_METHODS)
@once
def authority(request: ActorRequest) -> HttpResponse:
    row = get_object_or_404(AUTHORITY.rows(request.user), pk=request.user.authority_id)
    form = AUTHORITY.form(request.POST or None, actor=request.user, instance=row)
    if form.is_valid():
        AUTHORITY.keep(form, request.user)
        messages.success(request, _("The authority is changed."))
        return redirect("organisations:authority")
    context = {"screen": AUTHORITY, "form": form, "row": row}
    return render(request, AUTHORITY.form_template, context)


def listing(screen: Screen) -> View:
    """The list of one kind of row."""

    @requires(*screen.capabilities)
    @require_GET
    def view(request: ActorRequest) -> HttpResponse:
        rows = _with_counts(screen, screen.rows(request.user))
        table = [(row, [(title, cell(row)) for title, cell in screen.columns]) for row in rows]
        return render(request, "organisations/list.html", {"screen": screen, "table": table})

    return view


def form(screen: Screen) -> View:
    """The form of a new row, or of one that exists."""

    @requires(*screen.capabilities)
    @require_http_methods(_FORM_METHODS)
    @once
    def view(request: ActorRequest, pk: int | None = None) -> HttpResponse:
        row = None if pk is None else screen.rows(request.user).filter(pk=pk).first()
        if pk is not None and row is None:
            return _gone(request, screen, pk)
        bound = screen.form(request.POST or None, actor=request.user, instance=row)
        if bound.is_valid():
            try:
                kept = screen.keep(bound, request.user)
            except Refused as refusal:
                bound.add_error(None, refusal.message)
            else:
                messages.success(request, _("“%(row)s” is kept.") % {"row": _title(kept)})
                return redirect(f"organisations:{screen.key}")
        context = {"screen": screen, "form": bound, "row": row, "is_new": row is None}
        return render(request, screen.form_template, context)

    return view


def retire(screen: Screen) -> View:
    """Take a row out of use or back; delete it where nothing can refer to it."""

    @requires(*screen.capabilities)
    @require_POST
    @once
    def view(request: ActorRequest, pk: int) -> HttpResponse:
        row = screen.rows(request.user).filter(pk=pk).first()
        if row is None:
            return _gone(request, screen, pk)
        title = _title(row)
        try:
            if screen.retires:
                wanted = _wants_in_use(request)
                actions.set_in_use(row, wanted, actor=request.user, now=timezone.now())
            else:
                screen.remove(row, actor=request.user)
        except Refused as refusal:
            refuse(request, refusal)
            return redirect(f"organisations:{screen.key}")
        words, undo = _retired_words(screen, row), f"undo:{_way_back(screen, row, pk)}"
        messages.success(request, words % {"row": title}, extra_tags=undo)
        return redirect(f"organisations:{screen.key}")

    return view


def restore(screen: Screen) -> View:
    """Bring back a row that was removed: the way back of the message that said so."""

    @requires(*screen.capabilities)
    @require_POST
    @once
    def view(request: ActorRequest, pk: int) -> HttpResponse:
        removal = queries.removal_of(screen.model, pk, request.user)
        if removal is None or "rows" not in removal.data:
            raise Http404
        try:
            row = actions.restore(removal, actor=request.user)
        except Refused as refusal:
            refuse(request, refusal)
        else:
            messages.success(request, _("“%(row)s” is back.") % {"row": _title(row)})
        return redirect(f"organisations:{screen.key}")

    return view


@public
@require_GET
def directory(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Who does what, by name where the authority publishes it, and when its sites are open."""
    authority = authority_of_page(request, slug)
    if not authority.directory_is_public:
        raise Http404
    now = timezone.now()
    sites = list(queries.sites_of(authority))
    schedules = queries.schedules_of(sites)
    context = {
        "authority": authority,
        "staff": queries.public_staff(authority, timezone.localdate(now)),
        "sites": [
            {
                "site": site,
                "state": rules.state_at(schedules[site.pk], rules.HoursChannel.DESK, now),
                "week": _week(schedules[site.pk], timezone.localdate(now)),
            }
            for site in sites
        ],
    }
    return render(request, "organisations/directory.html", context)


def _week(schedule: rules.Schedule, day: date) -> tuple[rules.DayPlan, ...]:
    return rules.week_view(schedule, rules.HoursChannel.DESK, day)


def _with_counts(screen: Screen, rows: models.QuerySet[Any]) -> Any:
    if screen.key == "desks":
        return rows.annotate(topic_count=Count("topics"))
    return _by_day(rows) if screen.model is HoursException else rows


def _by_day(rows: models.QuerySet[HoursException]) -> list[HoursException]:
    """One line per day, site and channel, with all its hours."""
    days = []
    for _key, group in groupby(rows, key=lambda row: (row.date, row.site_id, row.channel)):
        of_day = list(group)
        openings = [rules.Opening(r.opens, r.closes) for r in of_day if r.opens and r.closes]
        shown = rules.show_openings(openings) or _("closed")
        of_day[0].shown_hours = shown  # type: ignore[attr-defined]
        days.append(of_day[0])
    return days


def _gone(request: ActorRequest, screen: Screen, pk: int) -> HttpResponse:
    """A colleague, or another window, was faster; anything else is no row of ours."""
    if queries.removal_of(screen.model, pk, request.user) is None:
        raise Http404
    messages.warning(request, _("This was removed already."))
    return redirect(f"organisations:{screen.key}")


def _wants_in_use(request: ActorRequest) -> bool:
    # The page says which state it wants: pressed in two windows, it is still the same wish.
    return (request.POST.get("wanted") or request.GET.get("wanted")) == "in"


def _way_back(screen: Screen, row: Any, pk: int) -> str:
    if not screen.retires:
        return reverse(f"organisations:{screen.key}-restore", args=[pk])
    wanted = "out" if row.is_active else "in"
    return reverse(f"organisations:{screen.key}-retire", args=[pk]) + f"?wanted={wanted}"


def _title(row: models.Model) -> str:
    if isinstance(row, HoursException) or not hasattr(row, "name"):
        return str(getattr(row, "reason", row))
    return str(row)


def _retired_words(screen: Screen, row: Any) -> str:
    if not screen.retires:
        return _("“%(row)s” is removed.")
    return _("“%(row)s” is back in use.") if row.is_active else _("“%(row)s” is out of use.")
