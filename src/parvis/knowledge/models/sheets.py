"""Sheets, their versions, and the version number of the whole collection."""

from datetime import date
from functools import cache
from typing import Self

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor, ScopedQuerySet
from parvis.knowledge.models.sharing import Share


@cache
def _adopted_sql(_vendor: str) -> tuple[str, tuple[object, ...]]:
    rows = Share.objects.adopted_by(_SOMEBODY).order_by().values("sheet")
    sql, params = rows.query.sql_with_params()
    return str(sql), tuple(params)


_SOMEBODY = -1  # stands for the authority in the statement that is put together once


def adopted_sheets(authority_id: int) -> RawSQL:
    """The sheets of others that an authority reads, as a subquery.

    ``Share.objects.adopted_by`` says which; putting its five tables together at every search
    would cost more than the search.
    """
    sql, params = _adopted_sql(connection.vendor)
    given = tuple(authority_id if one == _SOMEBODY else one for one in params)
    return RawSQL(sql, given)  # noqa: S611 - made by Django just above


class SheetQuerySet(ScopedQuerySet["Sheet"]):
    """National sheets belong to nobody and are read by everybody; shared ones by who adopted."""

    def visible_to(self, actor: Actor) -> Self:
        return self.readable_by(actor.authority_id)

    def readable_by(self, authority_id: int | None) -> Self:
        """What the agents of one authority may read: its own, what it adopted, the national set."""
        own = Q(authority_id=authority_id) | Q(authority_id=None)
        if authority_id is None:
            return self.filter(own)
        return self.filter(own | Q(pk__in=adopted_sheets(authority_id)))

    def public(self, authority_id: int) -> Self:
        """What the public of one authority may read: its own, what it adopted, the national set."""
        return self.readable_by(authority_id).filter(is_public=True, state=Sheet.State.PUBLISHED)


class Sheet(models.Model):
    """What the house answers on one subject; its words live in versions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        ARCHIVED = "archived", _("archived")

    class Nature(models.TextChoices):
        SHEET = "sheet", _("sheet")
        PROTOCOL = "protocol", _("reception protocol")

    class Source(models.TextChoices):
        LOCAL = "local", _("written here")
        NATIONAL = "national", _("national set")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, null=True, blank=True, related_name="sheets"
    )
    ref = models.CharField(_("reference"), max_length=20)  # F1427, or SO-012 for a local one
    nature = models.CharField(max_length=10, choices=Nature, default=Nature.SHEET)
    source = models.CharField(max_length=10, choices=Source, default=Source.LOCAL)
    audience = models.CharField(max_length=20, default="particuliers")
    state = models.CharField(max_length=10, choices=State, default=State.PUBLISHED)
    is_public = models.BooleanField(_("public"), default=True)
    service = models.ForeignKey(
        "organisations.Service", models.PROTECT, null=True, blank=True, related_name="sheets"
    )
    topics = models.ManyToManyField("organisations.Topic", related_name="sheets", blank=True)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(max_length=60, blank=True)
    breadcrumb = models.CharField(max_length=400, blank=True)  # theme > sub-theme > dossier
    reviewed_on = models.DateField(_("last check"), null=True, blank=True)
    review_due_on = models.DateField(_("next check"), null=True, blank=True)
    review_every_days = models.PositiveSmallIntegerField(_("days between checks"), default=180)
    # An urgent correction went live at once: somebody else looks at it by then.
    urgent_check_by = models.DateField(null=True, blank=True)
    keeper = models.ForeignKey(  # is written to when a check is near
        "accounts.Agent", models.SET_NULL, null=True, blank=True, related_name="sheets_kept"
    )
    # Put away: where its readers are sent, so that a quoted address never dies.
    moved_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="moved_here"
    )
    archived_on = models.DateField(null=True, blank=True)
    archive_note = models.CharField(max_length=300, blank=True)
    keywords = models.TextField(_("other words for it"), blank=True)  # what people say instead
    asked = models.TextField(_("how people ask for it"), blank=True, default="")  # one a line
    source_url = models.URLField(max_length=300, blank=True)
    source_note = models.CharField(max_length=300, blank=True)  # attribution the licence demands
    source_date = models.DateField(null=True, blank=True)  # an older file never replaces a newer
    source_file = models.CharField(max_length=120, blank=True)
    download_url = models.URLField(max_length=300, blank=True)  # of the whole edition
    important_change_on = models.DateField(null=True, blank=True)  # as the source dates it
    current = models.ForeignKey(
        "knowledge.SheetVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "ref"],
                condition=Q(authority__isnull=False),
                name="knowledge_local_ref",
            ),
            models.UniqueConstraint(
                fields=["ref", "audience"],
                condition=Q(authority__isnull=True),
                name="knowledge_national_ref",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_stale(self, today: date) -> bool:
        """Past its next check: still shown, with a warning."""
        return bool(self.review_due_on and self.review_due_on < today)


class SheetVersion(models.Model):
    """The words of a sheet at one moment; never changed, only followed by another."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    short_answer = models.TextField(blank=True)
    blocks = models.JSONField(default=list)  # rules.py says what a block is
    text = models.TextField()  # plain words of all public blocks, for search and quotes
    raw = models.TextField(blank=True)  # the source as it came, for the national set
    path = models.JSONField(default=dict, blank=True)  # questions and conditions: rules/paths.py
    content_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=5, default="fr")
    published_at = models.DateTimeField(default=timezone.now)
    author = models.CharField(max_length=120, blank=True)
    reviewer = models.CharField(max_length=120, blank=True)
    written_by = models.ForeignKey(
        "accounts.Agent", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        "accounts.Agent", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author_group = models.CharField(max_length=120, blank=True)  # the workgroup that wrote it
    reason = models.CharField(max_length=300, blank=True)  # why it was changed
    is_urgent = models.BooleanField(default=False)  # live before anybody else had read it

    objects = models.Manager()

    class Meta:
        verbose_name = _("version of a sheet")
        verbose_name_plural = _("versions of a sheet")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="knowledge_version_number")
        ]


class CollectionVersion(models.Model):
    """One row: grows with every published change, so that each node knows its index is old."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="knowledge_one_collection")]
