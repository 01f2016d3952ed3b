"""What an authority wants to reach, and from when on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet


class Goal(models.Model):
    """The share that an indicator should reach from a day on; empty lifts the goal."""

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="goals")
    code = models.CharField(_("indicator"), max_length=16)
    value = models.FloatField(_("goal"), null=True, blank=True)  # a share from 0 to 1
    since = models.DateField(_("since"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["code", "-since"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "code", "since"], name="quality_one_goal"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__range=(0, 1)), name="quality_goal_share"
            ),
        ]
