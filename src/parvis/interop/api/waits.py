"""How long people wait at a place, for everybody: now, and in the last four weeks."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from parvis.interop.api.queue import by_id_or_slug
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_hall import (
    WaitsOut,
)
from parvis.organisations.models import Site
from parvis.organisations.queries import topics_of
from parvis.quality.queries import published
from parvis.queue import queries, rules

router = ApiRouter(tags=["queue"])


@router.get("sites/{site}/waits", response=WaitsOut, auth=None, summary="Waits, and their error")
def waits(request: HttpRequest, site: str, response: HttpResponse) -> Any:
    """Nothing is told of fewer than five people."""
    response["Cache-Control"] = "public, max-age=30"
    found = Site.objects.filter(by_id_or_slug(site), is_active=True).select_related("authority")
    place = found.first()
    if place is None:
        raise Http404
    now = timezone.now()
    usual = published.usual_waits(place, now)
    return {
        "site": place.pk,
        "now": _now(place, now),
        "notices": [
            {"topic": notice.topic_id, "text": notice.sentence}
            for notice in queries.notices_for(place, now)
        ],
        "first_day": usual.first,
        "last_day": usual.last,
        "announcements": _accuracy(usual.error.everyone),
        "announcements_above_five_minutes": _accuracy(usual.error.made_to_wait),
        "half_hours": list(published.plain_rows(usual)),
    }


def _now(place: Site, now: Any) -> list[dict[str, Any]]:
    topics = list(topics_of(place))
    waits = queries.waits_by_topic(queries.load_hall(place, now), [one.pk for one in topics])
    told = [(topic, waits[topic.pk]) for topic in topics]
    return [{"topic": topic.pk, "name": topic.label, "wait": _range(wait)} for topic, wait in told]


def _range(wait: rules.WaitRange | None) -> dict[str, int] | None:
    if wait is None:
        return None
    return {"low_minutes": wait.low_minutes, "high_minutes": wait.high_minutes}


def _accuracy(found: rules.Accuracy) -> dict[str, Any] | None:
    if not found.is_shown:
        return None
    return {
        "count": found.count,
        "right": found.right,
        "earlier": found.early,
        "later": found.late,
        "share": found.share,
        "interval": list(found.interval or ()),
        "median_error_minutes": found.median_error,
    }
