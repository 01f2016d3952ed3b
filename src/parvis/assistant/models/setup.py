"""How an authority wants its assistant: on or off, how sure it must be, who may embed it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet


class Setup(models.Model):
    """The assistant of one authority; without a row the defaults count."""

    authority = models.OneToOneField(
        "organisations.Authority", models.PROTECT, related_name="assistant"
    )
    is_on = models.BooleanField(_("the assistant answers"), default=True)
    # Nothing: as it was fitted, and fitted again when the weights are.
    threshold = models.FloatField(_("how sure it must be to answer"), null=True, blank=True)
    origins = models.JSONField(_("sites that may embed it"), default=list, blank=True)

    objects = ScopedQuerySet["Setup"].as_manager()

    class Meta:
        verbose_name = _("settings of the assistant")
        verbose_name_plural = _("settings of the assistant")
        constraints = [
            models.CheckConstraint(
                condition=Q(threshold__gt=0, threshold__lt=1), name="assistant_threshold_is_share"
            )
        ]
