"""What was sent with a case: by the person, by the service, by mail or scanned from paper."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.cases.models.cases import Case, CaseEntry, OfCase, readable_by
from parvis.cases.models.clocks import MissingItem
from parvis.common.access import Actor


class CaseFileQuerySet(OfCase["CaseFile"]):
    """A file is read by whoever may read its case, and by nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(readable_by(actor, "case__"))


class CaseFile(models.Model):
    """A document of a case; its content lies in the store of the house, under its hash."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    entry = models.ForeignKey(CaseEntry, models.PROTECT, related_name="files")
    item = models.ForeignKey(
        MissingItem, models.SET_NULL, null=True, blank=True, related_name="files"
    )
    name = models.CharField(max_length=120)  # what the file is called when it is saved
    kind = models.CharField(max_length=100)  # the media type, read from the content
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    from_person = models.BooleanField(default=False)
    is_internal = models.BooleanField(default=False)  # with its entry, and for its reason
    added_at = models.DateTimeField()
    agent = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_person=False) | Q(agent__isnull=True, is_internal=False),
                name="cases_file_of_the_person_is_theirs",
            )
        ]

    def __str__(self) -> str:
        return self.name
