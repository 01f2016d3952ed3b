"""The machines of a hall, for whoever manages it: displays, printers, poster, rules."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, requires
from parvis.common.qr import qr_svg
from parvis.organisations.models import Site
from parvis.queue import actions, queries
from parvis.queue.forms import PrinterForm, RulesForm, ScreenForm
from parvis.queue.models import Printer, Screen
from parvis.queue.rules import HALL_DAY
from parvis.queue.views.halls import chosen_site, of_site

MANAGE = ("queue.manage", "settings.manage")
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("queue.work", *MANAGE)
@require_GET
def machines(request: AgentRequest) -> HttpResponse:
    """How every machine of the hall is, now."""
    site, now = chosen_site(request), timezone.now()
    screens = [
        (screen, queries.screen_health(screen, now=now), _families(screen))
        for screen in queries.screens_of(site)
    ]
    printers = [
        (printer, queries.printer_health(printer), queries.waiting_slips(printer).count())
        for printer in queries.printers_of(site)
    ]
    base = settings.BASE_URL.rstrip("/")
    context = of_site(
        request,
        site,
        screens=screens,
        printers=printers,
        poster=queries.poster_of(site),
        rules=queries.hall_rules(site),
        kiosk=base + reverse("queue:kiosk", args=[site.slug]),
        display=base + reverse("queue:display", args=[site.slug]),
        base=base,
        may_write_paper=request.user.may("queue.work") or request.user.may("queue.manage"),
    )
    return render(request, "queue/machines.html", context)


@requires(*MANAGE)
@require_http_methods(FORM_METHODS)
@once
def screen(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    row = None if pk is None else get_object_or_404(_screens(request), pk=pk)
    site = row.site if row else chosen_site(request)
    form = ScreenForm(request.POST or None, actor=request.user, instance=row, site=site)
    if form.is_valid():
        try:
            kept = actions.keep_screen(
                form.instance,
                topics=form.cleaned_data["topics"],
                agent=request.user,
                changed=form.changed_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("“%(row)s” is kept.") % {"row": kept})
            return _home(site)
    words = {"title": row.name if row else _("Add a display"), "icon": "display"}
    return render(request, "queue/machine_form.html", of_site(request, site, form=form, **words))


@requires(*MANAGE)
@require_POST
@once
def screen_use(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_screens(request), pk=pk)
    actions.set_screen_in_use(row, not row.is_active, agent=request.user)
    words = _("“%(row)s” is back in use.") if row.is_active else _("“%(row)s” is out of use.")
    messages.success(request, words % {"row": row})
    return _home(row.site)


@requires(*MANAGE)
@require_http_methods(FORM_METHODS)
@once
def printer(request: AgentRequest, pk: int | None = None) -> HttpResponse:
    row = None if pk is None else get_object_or_404(_printers(request), pk=pk)
    site = row.site if row else chosen_site(request)
    form = PrinterForm(request.POST or None, actor=request.user, instance=row, site=site)
    if form.is_valid():
        kept = actions.keep_printer(form.instance, agent=request.user, changed=form.changed_data)
        messages.success(request, _("“%(row)s” is kept.") % {"row": kept})
        return _home(site)
    words = {"title": row.name if row else _("Add a printer"), "icon": "printer"}
    return render(request, "queue/machine_form.html", of_site(request, site, form=form, **words))


@requires(*MANAGE)
@require_POST
@once
def printer_test(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_printers(request), pk=pk)
    actions.print_test(row, agent=request.user, now=timezone.now())
    messages.success(request, _("A test page is on its way to “%(row)s”.") % {"row": row})
    return _home(row.site)


@requires(*MANAGE)
@require_POST
@once
def printer_retire(request: AgentRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_printers(request), pk=pk)
    actions.forget_printer(row, agent=request.user, now=timezone.now())
    messages.success(request, _("“%(row)s” is out of use.") % {"row": row})
    return _home(row.site)


@requires(*MANAGE)
@require_http_methods(FORM_METHODS)
@once
def poster(request: AgentRequest) -> HttpResponse:
    """The code at the door: made, made anew, or taken away."""
    site, now = chosen_site(request), timezone.now()
    if request.method == "POST":
        if request.POST.get("do") == "end":
            actions.end_poster(site, agent=request.user, now=now)
            messages.success(request, _("The poster is out of use: nobody joins by telephone."))
        else:
            actions.renew_poster(site, agent=request.user, now=now)
            messages.success(request, _("A new poster is ready. Print it, and throw the old away."))
        return redirect(f"{reverse('queue:poster')}?site={site.slug}")
    context = of_site(
        request,
        site,
        poster=queries.poster_of(site),
        rules=queries.hall_rules(site),
        waiting=queries.phone_tickets_waiting(site, since=now - HALL_DAY),
    )
    return render(request, "queue/poster.html", context)


@requires(*MANAGE)
@require_GET
def poster_print(request: AgentRequest) -> HttpResponse:
    """The sheet for the door."""
    site = chosen_site(request)
    found = queries.poster_of(site)
    if found is None:
        return redirect(f"{reverse('queue:poster')}?site={site.slug}")
    address = settings.BASE_URL.rstrip("/") + reverse("queue:join", args=[found.secret])
    languages = queries.languages_of(site)
    context = {
        "site": site,
        "address": address,
        "code": qr_svg(address, label=_("Code to join the line")),
        "languages": languages,
        "rules": queries.hall_rules(site),
    }
    return render(request, "queue/poster_print.html", context)


@requires(*MANAGE)
@require_http_methods(FORM_METHODS)
@once
def rules(request: AgentRequest) -> HttpResponse:
    """What holds in the hall: languages, telephones, coming back, appointments."""
    site = chosen_site(request)
    row = queries.hall_rules(site)
    row.languages = queries.languages_of(site)
    form = RulesForm(request.POST or None, instance=row)
    if form.is_valid():
        actions.decide_hall_rules(site, agent=request.user, **form.cleaned_data)
        messages.success(request, _("The rules of the hall are kept."))
        return _home(site)
    words = {"title": _("Rules of the hall"), "icon": "sliders"}
    return render(request, "queue/machine_form.html", of_site(request, site, form=form, **words))


def _families(screen: Screen) -> list[str]:
    """The families of the topics of a display: a hall has too many topics for a table."""
    return sorted({topic.family.label for topic in screen.topics.all()})


def _home(site: Site) -> HttpResponse:
    return redirect(f"{reverse('queue:machines')}?site={site.slug}")


def _screens(request: AgentRequest) -> Any:
    return Screen.objects.visible_to(request.user).select_related("site__authority")


def _printers(request: AgentRequest) -> Any:
    return Printer.objects.visible_to(request.user).select_related("site__authority")
