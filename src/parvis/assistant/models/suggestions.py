"""Sheets that were laid ready at the desk, and what became of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.access import ScopedQuerySet


class Suggestion(models.Model):
    """What was proposed to an agent on one occasion; words and name go after ninety days."""

    class Place(models.TextChoices):
        VISIT = "visit", _("with a visitor")
        DESK = "desk", _("at the desk, without a ticket")
        API = "api", _("another program")

    class Deed(models.TextChoices):
        OPENED = "opened", pgettext_lazy("sheet", "opened")
        GIVEN = "given", _("documents printed or sent")
        USED = "used", _("used to end the contact")

    authority = models.ForeignKey(
        "organisations.Authority", models.CASCADE, related_name="suggestions"
    )
    agent = models.ForeignKey(
        "accounts.Agent", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    topic = models.ForeignKey(
        "organisations.Topic", models.CASCADE, null=True, blank=True, related_name="+"
    )
    place = models.CharField(_("where"), max_length=8, choices=Place)
    occasion = models.CharField(max_length=64)  # of which visit: a keyed digest, leads back to none
    at = models.DateTimeField()
    words = models.CharField(_("words"), max_length=200, blank=True)  # masked
    proposed = models.JSONField(default=list)  # in order: {"sheet", "ref", "whys"}
    chosen = models.ForeignKey(
        "knowledge.Sheet", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(null=True, blank=True)  # of the chosen one
    deed = models.CharField(max_length=8, choices=Deed, blank=True)
    helpful = models.BooleanField(null=True, blank=True)  # by deed or by word; empty: unknown

    objects = ScopedQuerySet["Suggestion"].as_manager()

    class Meta:
        verbose_name = _("suggestion at the desk")
        verbose_name_plural = _("suggestions at the desk")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deed="", position__isnull=True)
                | (~Q(deed="") & Q(position__isnull=False, position__gte=1)),
                name="assistant_deed_has_position",
            )
        ]
        indexes = [
            models.Index(fields=["authority", "at"], name="assistant_suggested_at"),
            models.Index(fields=["occasion"], name="assistant_suggested_when"),
        ]
