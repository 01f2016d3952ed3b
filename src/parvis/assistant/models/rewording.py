"""The language model that an authority may choose, and what came of asking it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet

LEAST_SECONDS, MOST_SECONDS = 1, 10


class LanguageModel(models.Model):
    """Which model may reword quoted lines for an authority; without a row, none does."""

    authority = models.OneToOneField(
        "organisations.Authority", models.PROTECT, related_name="language_model"
    )
    is_on = models.BooleanField(_("a language model rewords the quoted lines"), default=False)
    endpoint = models.CharField(_("address of the model"), max_length=200, blank=True)
    name = models.CharField(_("name of the model"), max_length=100, blank=True)
    seconds = models.PositiveSmallIntegerField(
        _("seconds to wait at most"),
        default=4,
        validators=[MinValueValidator(LEAST_SECONDS), MaxValueValidator(MOST_SECONDS)],
    )

    objects = ScopedQuerySet["LanguageModel"].as_manager()

    class Meta:
        verbose_name = _("language model")
        verbose_name_plural = _("language models")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on=False) | ~Q(endpoint="") & ~Q(name=""),
                name="assistant_model_is_named",
            ),
            models.CheckConstraint(
                condition=Q(seconds__gte=LEAST_SECONDS, seconds__lte=MOST_SECONDS),
                name="assistant_model_time_is_short",
            ),
        ]


class Rewording(models.Model):
    """One call of a model: the lines it was given, what was kept of its reply, what dropped.

    It depends on the lines and on the model alone, never on a question: the same lines are asked
    for once.
    """

    class Outcome(models.TextChoices):
        KEPT = "kept", _("reworded")
        NOTHING = "nothing", _("nothing left after the check")
        TIMEOUT = "timeout", _("too slow")
        UNREACHABLE = "unreachable", _("not reached")
        ADDRESS = "address", _("address refused")
        STATUS = "status", _("answered with an error")
        REDIRECT = "redirect", _("sent us elsewhere")
        TOO_LARGE = "too_large", _("reply too large")
        GARBAGE = "garbage", _("reply not understood")
        BUSY = "busy", _("too many at once")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="rewordings"
    )
    key = models.CharField(max_length=64)  # of the lines, the model and its address
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    is_trial = models.BooleanField(default=False)
    host = models.CharField(max_length=200)
    model = models.CharField(max_length=100)
    milliseconds = models.PositiveIntegerField(default=0)
    passages = models.JSONField(default=list)  # what was sent: ref, title, quote
    lines = models.JSONField(default=list)  # what is shown: text, passage, is_reworded
    dropped = models.JSONField(default=list)  # text, why, words

    objects = ScopedQuerySet["Rewording"].as_manager()

    class Meta:
        verbose_name = _("rewording")
        verbose_name_plural = _("rewordings")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["authority", "key"], name="assistant_reworded"),
            models.Index(fields=["authority", "at"], name="assistant_rewording_time"),
        ]
