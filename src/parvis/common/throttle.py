"""Limits that hold over all processes and restarts: leaky buckets in the database."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from parvis.common.errors import Busy
from parvis.common.models import Throttle


@dataclass(frozen=True)
class Limit:
    """At most ``burst`` at once; one more becomes free every ``seconds``."""

    name: str
    burst: int
    seconds: float


@transaction.atomic
def take(limit: Limit, subject: str, *, now: datetime, amount: float = 1) -> None:
    """Count one try of the subject; Busy, without counting it, when the bucket is full."""
    key = f"{limit.name}:{subject}"[:120]
    bucket, _made = Throttle.objects.select_for_update().get_or_create(
        subject=key, defaults={"updated_at": now}
    )
    # A clock that jumps back must not refill or lock the bucket.
    leaked = max(0.0, (now - bucket.updated_at).total_seconds()) / limit.seconds
    level = max(0.0, bucket.level - leaked)
    if level + amount > limit.burst:
        wait = int((level + amount - limit.burst) * limit.seconds) + 1
        raise Busy(_("Too many tries. Please wait a moment and try again."), retry_after=wait)
    bucket.level = level + amount
    bucket.updated_at = now
    bucket.save(update_fields=["level", "updated_at"])


def forget(limit: Limit, subject: str) -> None:
    """Empty the bucket, after a success."""
    Throttle.objects.filter(subject=f"{limit.name}:{subject}"[:120]).delete()


def give_back(limit: Limit, subject: str, *, amount: float = 1) -> None:
    """Uncount a try that turned out to be honest."""
    key = f"{limit.name}:{subject}"[:120]
    Throttle.objects.filter(subject=key).update(
        level=Case(When(level__gt=amount, then=F("level") - amount), default=Value(0.0))
    )
