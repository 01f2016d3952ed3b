"""What becomes of a reception protocol: who read it, and where the work went another way."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet


class OfProtocol(ScopedQuerySet["ProtocolDeviation"]):
    """Deviations reach their authority by their protocol."""

    scope = "sheet__authority_id"


class ProtocolReading(models.Model):
    """An agent has read this version of a protocol."""

    version = models.ForeignKey(
        "knowledge.SheetVersion", models.CASCADE, related_name="protocol_readings"
    )
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of a protocol")
        verbose_name_plural = _("readings of protocols")
        constraints = [
            models.UniqueConstraint(fields=["version", "agent"], name="knowledge_read_once")
        ]


class ProtocolDeviation(models.Model):
    """A step was done otherwise, and why: never a fault, always a hint."""

    class Cause(models.TextChoices):
        PERSON = "person", _("the person needed something else")
        IMPOSSIBLE = "impossible", _("the step could not be done")
        TIME = "time", _("there was no time")
        ASKED = "asked", _("the department asked for it")
        BETTER = "better", _("another way worked better")

    class Decision(models.TextChoices):
        OPEN = "", _("to be looked at")
        STAYS = "stays", _("the protocol stays")
        RULE = "rule", _("becomes the rule")

    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="deviations")
    version = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()  # counted from one
    step_title = models.CharField(max_length=200)  # as it was then
    cause = models.CharField(_("why"), max_length=10, choices=Cause)
    words = models.CharField(_("in a few words"), max_length=300, blank=True)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decision = models.CharField(max_length=6, choices=Decision, blank=True, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = OfProtocol.as_manager()

    class Meta:
        verbose_name = _("deviation from a protocol")
        verbose_name_plural = _("deviations from protocols")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="knowledge_deviation_decided_by_somebody",
            )
        ]
        indexes = [models.Index(fields=["sheet", "at"], name="knowledge_deviations_by_day")]
