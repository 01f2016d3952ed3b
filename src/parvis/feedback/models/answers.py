"""What the public says back about a contact or a case."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import M, ScopedQuerySet


class OfThanks(ScopedQuerySet[M]):
    """Rows that reach their authority by another row."""

    scope = "thanks__authority_id"


class Via(models.TextChoices):
    """Where the answer was given."""

    TICKET = "ticket", _("ticket page")
    TRACKING = "tracking", _("tracking page")
    KIOSK = "kiosk", _("kiosk")
    PAPER = "paper", _("paper card")
    API = "api", _("another program")


class Response(models.Model):
    """The answer to "was it solved?" after one contact, with the optional satisfaction."""

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="responses"
    )
    contact = models.OneToOneField("contacts.Contact", models.CASCADE, related_name="response")
    at = models.DateTimeField()
    via = models.CharField(max_length=8, choices=Via)
    solved = models.BooleanField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 to 5
    comment = models.CharField(_("comment"), max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="feedback_five_points",
            )
        ]
        indexes = [models.Index(fields=["authority", "at"], name="feedback_by_time")]


class Thanks(models.Model):
    """Somebody said thank you: it reaches everyone who acted on the case."""

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="thanks")
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="thanks")
    at = models.DateTimeField()
    words = models.CharField(_("your words"), max_length=500, blank=True)
    may_be_shown = models.BooleanField(default=False)  # to the team, by the person's choice

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")


class ThanksRecipient(models.Model):
    """One colleague who acted on the thanked case."""

    thanks = models.ForeignKey(Thanks, models.CASCADE, related_name="recipients")
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="thanks_received")
    # Their team when it came: somebody who moves on leaves it the thanks it earned.
    service = models.ForeignKey(
        "organisations.Service", models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = OfThanks.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thanks", "agent"], name="feedback_thanked_once")
        ]
