"""Local words over a block of a sheet that somebody else wrote; never inside the other's text."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet
from parvis.knowledge import rules
from parvis.knowledge.rules import overlays


class Overlay(models.Model):
    """What one authority says at one place of a national or a shared sheet."""

    class Act(models.TextChoices):
        AFTER = overlays.AFTER, _("add below")
        REPLACE = overlays.REPLACE, _("say instead")
        HIDE = overlays.HIDE, _("do not show here")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="sheet_overlays"
    )
    sheet = models.ForeignKey("knowledge.Sheet", models.PROTECT, related_name="overlays")
    # The text that its author saw, and the block in it, counted from one; 0 is the top and -1
    # the short answer.
    version = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")
    position = models.SmallIntegerField()
    act = models.CharField(max_length=7, choices=Act)
    kind = models.CharField(max_length=60)
    title = models.CharField(_("heading"), max_length=200, blank=True)
    level = models.CharField(_("who may read it"), max_length=8, default=rules.INTERNAL)
    until = models.DateField(null=True, blank=True)
    html = models.TextField(blank=True)
    note = models.CharField(_("why"), max_length=300, blank=True)  # for colleagues
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Grows with every change: who started from an older one is shown the other's words.
    revision = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("local words")
        verbose_name_plural = _("local words")
        ordering = ["sheet", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(level=rules.EMBARGO) | Q(until__isnull=False),
                name="knowledge_overlay_embargo_has_day",
            ),
            models.CheckConstraint(
                condition=Q(act=overlays.HIDE) | ~Q(html=""), name="knowledge_overlay_says_it"
            ),
            models.CheckConstraint(
                condition=Q(act=overlays.AFTER)
                | Q(position__gt=0)
                | Q(act=overlays.REPLACE, position=overlays.SHORT),
                name="knowledge_overlay_covers_a_block",
            ),
            models.CheckConstraint(
                condition=~Q(position=overlays.SHORT) | Q(level=rules.PUBLIC),
                name="knowledge_short_answer_is_said_to_all",
            ),
        ]
        indexes = [models.Index(fields=["authority", "sheet"], name="knowledge_overlays_of")]

    @property
    def is_to_check(self) -> bool:
        """The text below is no longer the one that its author saw."""
        return self.version_id != self.sheet.current_id


class OfOverlay(ScopedQuerySet[Any]):
    """Rows that reach their authority by their overlay."""

    scope = "overlay__authority_id"


class OverlayEdit(models.Model):
    """One step in the life of local words: nothing that was laid is ever lost."""

    class Did(models.TextChoices):
        LAID = "laid", _("laid")
        CHANGED = "changed", _("changed")
        CONFIRMED = "confirmed", _("still right")
        REMOVED = "removed", _("taken away")
        BROUGHT_BACK = "back", _("brought back")

    overlay = models.ForeignKey(Overlay, models.CASCADE, related_name="edits")
    did = models.CharField(max_length=9, choices=Did)
    version = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")
    said = models.JSONField()  # act, kind, title, level, until, html, note as they were then
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfOverlay.as_manager()

    class Meta:
        verbose_name = _("step of local words")
        verbose_name_plural = _("steps of local words")
        ordering = ["-id"]
