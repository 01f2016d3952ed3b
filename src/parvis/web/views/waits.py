"""How long people wait here, published, with the error of our own announcements."""

from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from parvis.accounts.http import AgentRequest
from parvis.common.clock import local_day
from parvis.common.http import public, requires
from parvis.common.tables import csv_answer
from parvis.organisations.models import Site, TopicFamily
from parvis.organisations.queries import public_site
from parvis.quality.queries import published
from parvis.queue import queries as queue
from parvis.queue import rules

PERIODS: Final = {"28": 28, "91": 91, "7": 7}
COLUMNS: Final = ("weekday", "time", "people", "median_minutes", "ninety_percent_minutes")


@public
@require_safe
def waits(request: HttpRequest, site: str) -> HttpResponse:
    """How long people waited by half-hour and weekday, and how often we announced it rightly."""
    place, now = _place(request, site), timezone.now()
    found = published.usual_waits(place, now)
    context = {
        "site": place,
        "found": found,
        "rows": published.rows(found),
        "weekdays": published.weekdays(found),
        "everyone": said(found.error.everyone),
        "made_to_wait": said(found.error.made_to_wait),
        "notices": queue.notices_for(place, now),
    }
    return render(request, "web/waits.html", context)


@public
@require_safe
def waits_csv(request: HttpRequest, site: str) -> HttpResponse:
    """The same as open data."""
    place = _place(request, site)
    found = published.usual_waits(place, timezone.now())
    rows = [[row[name] for name in COLUMNS] for row in published.plain_rows(found)]
    return csv_answer(f"attente-{place.slug}.csv", COLUMNS, rows)


@requires("quality.read")
@require_safe
def estimates(request: AgentRequest) -> HttpResponse:
    """The error of our announcements by site, family of topics and hour, for whoever manages."""
    ours = Site.objects.visible_to(request.user).filter(is_active=True)
    sites = list(ours.filter(desks__isnull=False).distinct())
    days = PERIODS.get(request.GET.get("jours", ""), 28)
    zone = ZoneInfo(sites[0].timezone if sites else "UTC")
    last = local_day(timezone.now(), zone) - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    found = queue.estimate_error(sites, first, last)
    families = {family.pk: family.label for family in TopicFamily.objects.visible_to(request.user)}
    labels = {site.pk: site.label for site in sites}
    context = {
        "first": first,
        "last": last,
        "tabs": [_tab(one, days) for one in PERIODS.values()],
        "everyone": said(found.everyone),
        "made_to_wait": said(found.made_to_wait),
        "tables": [
            (_("By site"), _lines(found.by_site, labels)),
            (_("By family of topics"), _lines(found.by_family, families)),
            (_("By hour of arrival"), _lines(found.by_hour, _hours())),
        ],
        "sites": sites,
    }
    return render(request, "web/estimates.html", context)


def _tab(days: int, current: int) -> dict[str, Any]:
    text = ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    return {"text": text, "url": f"?jours={days}", "current": days == current, "count": None}


def said(found: rules.Accuracy) -> dict[str, Any] | None:
    """An accuracy in whole percent, as a sentence needs it; nothing when there are too few."""
    if found.share is None or found.interval is None:
        return None
    return {
        "count": found.count,
        "right": round(100 * found.share),
        "low": round(100 * found.interval.low),
        "high": round(100 * found.interval.high),
        "early": round(100 * found.early / found.count),
        "late": round(100 * found.late / found.count),
        "error": None if found.median_error is None else round(found.median_error),
    }


def _lines(
    parts: dict[int, rules.Accuracy], labels: dict[int, str]
) -> list[tuple[str, int, dict[str, Any] | None]]:
    return [(labels.get(key, "–"), part.count, said(part)) for key, part in parts.items()]


def _hours() -> dict[int, str]:
    words = _("%(hour)s to %(next)s h")
    return {hour: words % {"hour": hour, "next": hour + 1} for hour in range(24)}


def _place(request: HttpRequest, slug: str) -> Site:
    place = public_site(slug)
    if place is None:
        raise Http404
    request.authority = place.authority  # type: ignore[attr-defined]
    return place
