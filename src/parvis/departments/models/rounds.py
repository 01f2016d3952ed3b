"""Rounds: a colleague of reception visits a department and brings back what the desks may say."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.common.access import ScopedQuerySet
from parvis.departments.rules import rounds as rules


class Round(models.Model):
    """A visit to a department: planned, made with minutes, put off or called off with a reason."""

    class State(models.TextChoices):
        PLANNED = rules.PLANNED, _("planned")
        DONE = rules.DONE, pgettext_lazy("round", "done")
        POSTPONED = rules.POSTPONED, _("put off")
        CANCELLED = rules.CANCELLED, _("called off")

    authority = models.ForeignKey("organisations.Authority", models.PROTECT, related_name="rounds")
    service = models.ForeignKey(
        "organisations.Service", models.PROTECT, related_name="rounds", verbose_name=_("service")
    )
    visitor = models.ForeignKey(
        "accounts.Agent", models.PROTECT, related_name="rounds", verbose_name=_("who goes")
    )
    planned_at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    minutes = models.TextField(pgettext_lazy("round", "minutes"), max_length=10000, blank=True)
    nothing_new = models.BooleanField(_("nothing new"), default=False)
    follows = models.OneToOneField(  # the one that was put off
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    planned_by = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    drafts = models.ManyToManyField("knowledge.SheetDraft", related_name="rounds", blank=True)

    objects = ScopedQuerySet["Round"].as_manager()

    class Meta:
        verbose_name = _("round to a department")
        verbose_name_plural = _("rounds to departments")
        ordering = ["planned_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=rules.DONE) | (~Q(minutes="") & Q(closed_at__isnull=False)),
                name="departments_done_has_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[rules.POSTPONED, rules.CANCELLED]) | ~Q(reason=""),
                name="departments_put_off_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["authority", "planned_at"], name="departments_round_month")]

    def is_overdue(self, now: datetime) -> bool:
        """Its day has passed without a word about it."""
        return self.state == rules.PLANNED and rules.is_overdue(self.planned_at, now)


class OfRound(ScopedQuerySet[Any]):
    """Rows that reach their authority by their round."""

    scope = "round__authority_id"


class RoundTopic(models.Model):
    """Something to clarify on a round: an open question, a sheet, a gap, or plain words."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("open question")
        SHEET = "sheet", _("sheet to check")
        GAP = "gap", _("looked for, not found")
        WORDS = "words", _("to clarify")

    round = models.ForeignKey(Round, models.CASCADE, related_name="topics")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WORDS)
    words = models.CharField(max_length=500)
    question = models.ForeignKey(
        "departments.Question", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sheet = models.ForeignKey(
        "knowledge.Sheet", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_settled = models.BooleanField(default=False)

    objects = OfRound.as_manager()

    class Meta:
        verbose_name = _("topic of a round")
        verbose_name_plural = _("topics of a round")
        ordering = ["id"]
