"""What those who wait are told about delays."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet

from parvis.organisations.models import Site
from parvis.queue.models import HallNotice


def notices_for(
    site: Site, now: datetime, topic_ids: Iterable[int] | None = None
) -> QuerySet[HallNotice]:
    """The messages shown now: of the whole hall and of these topics (of all topics by default)."""
    shown = HallNotice.objects.filter(site=site, ended_at=None, at__lte=now)
    shown = shown.filter(Q(until=None) | Q(until__gt=now))
    if topic_ids is not None:
        shown = shown.filter(Q(topic=None) | Q(topic_id__in=list(topic_ids)))
    # Of the whole hall first, on both databases.
    order = (F("topic_id").asc(nulls_first=True), "at", "id")
    return shown.select_related("topic__family", "site").order_by(*order)


def notices_since(site: Site, since: datetime) -> QuerySet[HallNotice]:
    """All that was said in a hall, newest first: for whoever asks why people waited."""
    told = HallNotice.objects.filter(site=site, at__gte=since)
    return told.select_related("topic", "agent__entry", "site").order_by("-at", "-id")
