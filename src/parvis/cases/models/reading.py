"""Who read a case: append-only, with the reason of whoever came from outside its service."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.cases.models.cases import Case
from parvis.common.access import ScopedQuerySet


class CaseRead(models.Model):
    """Somebody opened a case: from its service once a day, from outside each time with a reason."""

    class Reason(models.TextChoices):
        HERE = "here", _("the person is here or on the telephone")
        LETTER = "letter", _("a letter or message of theirs is being answered")
        HELP = "help", _("the service asked for help")
        TAKE_OVER = "takeover", _("the request is taken over or passed on")
        CHECK = "check", _("a complaint or the quality of an answer is looked into")
        RIGHTS = "rights", _("the person asks about their own data")
        OTHER = "other", pgettext_lazy("reason", "another reason")
        WRITTEN = "written", _("they wrote the request down themselves")
        SAFETY = "safety", _("somebody is in danger")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="case_reads"
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="reads")
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="case_reads")
    service = models.ForeignKey("organisations.Service", models.PROTECT, null=True, blank=True)
    at = models.DateTimeField()
    day = models.DateField()
    is_outside = models.BooleanField(default=False)
    reason = models.CharField(max_length=8, choices=Reason, blank=True)
    words = models.CharField(max_length=200, blank=True)

    objects = ScopedQuerySet["CaseRead"].as_manager()

    class Meta:
        verbose_name = _("reading of a case")
        verbose_name_plural = _("readings of cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_outside=False, reason="") | (Q(is_outside=True) & ~Q(reason="")),
                name="cases_outside_read_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(reason__in=["other", "safety"]) | ~Q(words=""),
                name="cases_read_says_which_reason",
            ),
            models.UniqueConstraint(
                fields=["case", "agent", "day"],
                condition=Q(is_outside=False),
                name="cases_inside_read_once_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "at", "id"], name="cases_read_log"),
            models.Index(fields=["case", "at"], name="cases_read_of_case"),
            models.Index(fields=["agent", "at"], name="cases_read_by_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.agent_id}, {self.reason or self.day}"
