"""Tables of the plumbing; rows of higher rooms are named by plain values, never by relations."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """One thing that somebody did; append-only, enforced by triggers."""

    at = models.DateTimeField(default=timezone.now)
    authority_id = models.BigIntegerField(null=True, blank=True)
    actor = models.CharField(max_length=64)  # agent:12, token:3, person, system
    verb = models.CharField(max_length=64)  # room.verb_past
    object_type = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="common_journal_object"),
            models.Index(fields=["authority_id", "id"], name="common_journal_authority"),
        ]


class IdempotencyKey(models.Model):
    """The stored answer to one POST, so that a retry has one effect."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="common_idempotency_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="common_idempotency_age")]


class Throttle(models.Model):
    """A leaky bucket per subject, shared by every process and kept over a restart."""

    subject = models.CharField(max_length=120, primary_key=True)
    level = models.FloatField(default=0)
    updated_at = models.DateTimeField()
