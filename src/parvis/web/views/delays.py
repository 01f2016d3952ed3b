"""“We are late because…”: telling those who wait, from the workstation or from its own page."""

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.clock import day_bounds, local_day
from parvis.common.errors import Refused
from parvis.common.http import next_address, once, requires
from parvis.organisations.models import Site, Topic
from parvis.organisations.queries import topics_by_family
from parvis.queue import actions
from parvis.queue import queries as queue
from parvis.queue.models import HallNotice, LateReason

HISTORY: Final = timedelta(days=28)
SHOWN: Final = 50
TODAY: Final = "0"
TYPED: Final = ("reason", "text", "topic", "minutes")
LASTING: Final = (
    ("30", gettext_lazy("for half an hour")),
    ("60", gettext_lazy("for an hour")),
    ("120", gettext_lazy("for two hours")),
    (TODAY, gettext_lazy("until this evening")),
)


@requires("queue.work")
@require_safe
def late(request: AgentRequest, site: str) -> HttpResponse:
    """What is said now, the form to say something else, and what was said before."""
    typed = {**dict.fromkeys(TYPED, ""), "minutes": "60"}
    return _page(request, _site(request, site), typed)


@requires("queue.work")
@require_POST
@once
def post(request: AgentRequest, site: str) -> HttpResponse:
    """Say it."""
    hall, now = _site(request, site), timezone.now()
    typed = {name: request.POST.get(name, "") for name in TYPED}
    try:
        actions.post_notice(
            hall,
            typed["text"],
            agent=request.user,
            now=now,
            reason=typed["reason"],
            topic=_topic(hall, typed["topic"]),
            until=_until(hall, typed["minutes"], now),
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _page(request, hall, typed, status=409)
    messages.success(request, _("Those who wait are told now."))
    return redirect(next_address(request, reverse("web:late", args=[hall.slug])))


@requires("queue.work")
@require_POST
@once
def end(request: AgentRequest, notice_id: int) -> HttpResponse:
    """Take it away."""
    notices = HallNotice.objects.visible_to(request.user).select_related("site")
    notice = get_object_or_404(notices, pk=notice_id)
    actions.end_notice(notice, agent=request.user, now=timezone.now())
    messages.success(request, _("The message is no longer shown."))
    return redirect(next_address(request, reverse("web:late", args=[notice.site.slug])))


def _site(request: AgentRequest, slug: str) -> Site:
    sites = Site.objects.visible_to(request.user).filter(is_active=True)
    return get_object_or_404(sites.select_related("authority"), slug=slug)


def _topic(site: Site, given: str) -> Topic | None:
    if not given:
        return None
    topics = Topic.objects.filter(authority_id=site.authority_id, is_active=True)
    return get_object_or_404(topics, pk=given if given.isdecimal() else 0)


def _until(site: Site, given: str, now: datetime) -> datetime:
    if given not in dict(LASTING):
        raise Http404
    if given == TODAY:
        zone = ZoneInfo(site.timezone)
        return day_bounds(local_day(now, zone), zone)[1]
    return now + timedelta(minutes=int(given))


def _page(
    request: AgentRequest, site: Site, typed: dict[str, Any], status: int = 200
) -> HttpResponse:
    now = timezone.now()
    sites = Site.objects.visible_to(request.user).filter(is_active=True, desks__is_active=True)
    tabs = [
        {
            "text": one.label,
            "url": reverse("web:late", args=[one.slug]),
            "current": one == site,
            "count": None,
        }
        for one in sites.distinct()
    ]
    context = {
        "site": site,
        "tabs": tabs,
        "notices": queue.notices_for(site, now),
        "past": queue.notices_since(site, now - HISTORY)[:SHOWN],
        "families": topics_by_family(site),
        "late_reasons": LateReason.choices,
        "lasting": LASTING,
        "typed": typed,
    }
    with timezone.override(ZoneInfo(site.timezone)):
        return render(request, "web/late.html", context, status=status)
