"""What an authority’s own questions taught: when to answer, and when not to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet


class Calibration(models.Model):
    """Weights fitted on the questions of one authority; the last ones are in force."""

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, related_name="calibrations"
    )
    made_at = models.DateTimeField(_("made at"))
    weights = models.JSONField()
    questions = models.PositiveIntegerField(_("questions"))
    before = models.JSONField()  # figures on the half that was held out, with the old weights
    after = models.JSONField()

    objects = ScopedQuerySet["Calibration"].as_manager()

    class Meta:
        verbose_name = _("calibration of the assistant")
        verbose_name_plural = _("calibrations of the assistant")
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["authority", "-made_at"], name="assistant_calibration_last")
        ]


class Measured(models.Model):
    """Known questions of an authority with what the search noticed: what its curve is drawn of."""

    authority = models.OneToOneField(
        "organisations.Authority", models.CASCADE, related_name="measured_questions"
    )
    made_at = models.DateTimeField(_("made at"))
    examples = models.JSONField(default=list)  # kind, found, long, signals; without the words

    objects = ScopedQuerySet["Measured"].as_manager()

    class Meta:
        verbose_name = _("measured questions of the assistant")
        verbose_name_plural = _("measured questions of the assistant")
