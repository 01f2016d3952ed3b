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


class OutgoingText(models.Model):
    """A text message on its way; number and words are emptied once it is sent or given up."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("given up")

    authority_id = models.BigIntegerField()
    purpose = models.CharField(max_length=32)
    to = models.CharField(max_length=16, blank=True)
    to_masked = models.CharField(max_length=16)
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    next_at = models.DateTimeField()  # of the next try
    not_after = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting") | models.Q(to="", text=""),
                name="common_text_forgotten",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(state="waiting"),
                name="common_texts_due",
            )
        ]


class Tombstone(models.Model):
    """Something that was erased for good: a keyed hash, so that an older copy erases it again."""

    kind = models.CharField(max_length=64)
    mark = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    obliged = models.BooleanField(default=True)  # also what the law made us keep until then

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
