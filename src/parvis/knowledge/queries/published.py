"""What the public sheets of an authority look like from outside: addresses, dates, news."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, QuerySet

from parvis.knowledge.models import Node, Resource, Sheet
from parvis.organisations.models import Authority, Service, TopicFamily


@dataclass(frozen=True)
class Listed:
    """One public page: its reference and when its words changed."""

    name: str  # of the address
    ref: str
    changed_at: datetime | None


def listed_sheets(authority: Authority) -> Iterator[Listed]:
    """Every sheet that the public of an authority reads, once, the own one before the national."""
    rows = Sheet.objects.public(authority.pk).filter(current__isnull=False)
    seen: set[str] = set()
    fields = ("ref", "current__published_at")
    ordered = rows.order_by(F("authority_id").asc(nulls_last=True), "id")
    for ref, changed_at in ordered.values_list(*fields).iterator(chunk_size=2000):
        if ref not in seen:
            seen.add(ref)
            yield Listed("knowledge:sheet", ref, changed_at)


def listed_nodes() -> Iterator[Listed]:
    """The themes and the resources of the national set."""
    for ref in Node.objects.filter(authority=None).order_by("id").values_list("ref", flat=True):
        yield Listed("knowledge:theme", ref, None)
    resources = Resource.objects.filter(authority=None).order_by("id")
    for ref in resources.values_list("ref", flat=True):
        yield Listed("knowledge:resource", ref, None)


def latest_sheets(
    authority: Authority,
    *,
    family: TopicFamily | None = None,
    service: Service | None = None,
) -> QuerySet[Sheet]:
    """The sheets that the authority wrote for its public, those changed last first."""
    rows = Sheet.objects.public(authority.pk).filter(authority=authority, current__isnull=False)
    if family is not None:
        rows = rows.filter(pk__in=rows.filter(topics__family=family).values("pk"))
    if service is not None:
        rows = rows.filter(service=service)
    rows = rows.annotate(first_at=Min("versions__published_at"))
    deferred = ("current__raw", "current__text", "current__blocks", "current__path")
    return (
        rows.order_by("-current__published_at", "-pk")
        .select_related("current", "service")
        .defer(*deferred)
    )
