"""Cases that belong together: merged into one, or linked as they are."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.cases.models.cases import Case
from parvis.common.access import ScopedQuerySet


class OfKept(ScopedQuerySet["CaseMerge"]):
    """Merges reach their authority by the case that is kept."""

    scope = "kept__authority_id"


class CaseMerge(models.Model):
    """One case was put into another; every row stays where it came from, so it can be undone."""

    kept = models.ForeignKey(Case, models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Case, models.PROTECT, related_name="merged_as")
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    was = models.JSONField(default=dict)  # what the merged case was, column by column
    kept_was = models.JSONField(default=dict)  # and what the merge changed on the kept one
    kept_became = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_reason = models.CharField(max_length=200, blank=True)

    objects = OfKept.as_manager()

    class Meta:
        verbose_name = _("merge of cases")
        verbose_name_plural = _("merges of cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="cases_merged_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="cases_merge_of_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="cases_merge_has_reason"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undone_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                name="cases_merge_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} -> {self.kept_id}"


class OfFirst(ScopedQuerySet["CaseLink"]):
    """Links reach their authority by their first case."""

    scope = "first__authority_id"


class CaseLink(models.Model):
    """Two cases that are read together and stay two; seen from both of them."""

    class Kind(models.TextChoices):
        RELATED = "related", pgettext_lazy("case", "about the same matter")
        FOLLOWS = "follows", pgettext_lazy("case", "follows")
        HOUSEHOLD = "household", pgettext_lazy("case", "of the same household")

    first = models.ForeignKey(Case, models.PROTECT, related_name="links_from")
    second = models.ForeignKey(Case, models.PROTECT, related_name="links_to")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.RELATED)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfFirst.as_manager()

    class Meta:
        verbose_name = _("link of cases")
        verbose_name_plural = _("links of cases")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "kind"],
                condition=Q(ended_at=None),
                name="cases_linked_once",
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="cases_link_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.kind} {self.second_id}"
