"""A sheet while it is written, and what its keepers did with it: drafts, checks, other texts."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet
from parvis.knowledge.rules import writing


class OfSheet(ScopedQuerySet[Any]):
    """Rows that reach their authority by their sheet."""

    scope = "sheet__authority_id"


class SheetDraft(models.Model):
    """A text on its way: what is read stays as it is until this one is published."""

    class State(models.TextChoices):
        WRITING = writing.WRITING, _("being written")
        PROPOSED = writing.PROPOSED, _("proposed")
        RETURNED = writing.RETURNED, _("returned")
        PUBLISHED = writing.PUBLISHED, _("published")
        ABANDONED = writing.ABANDONED, _("given up")

    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="drafts")
    based_on = models.ForeignKey(
        "knowledge.SheetVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(max_length=300, blank=True)
    short_answer = models.TextField(blank=True)
    blocks = models.JSONField(default=list)  # rules.writing.DraftBlock
    about = models.JSONField(default=dict)  # service, topics, keywords…: applied when published
    state = models.CharField(max_length=10, choices=State, default=State.WRITING)
    is_urgent = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)  # why the text changes
    returned_words = models.TextField(blank=True)  # what the reviewer asks for
    author = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="drafts")
    workgroup = models.ForeignKey(  # agents of several authorities wrote it
        "knowledge.Workgroup", models.SET_NULL, null=True, blank=True, related_name="drafts"
    )
    reviewer = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Grows with every save: who started from an older one is shown the other's text.
    revision = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.ForeignKey(  # what it became
        "knowledge.SheetVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfSheet.as_manager()

    class Meta:
        verbose_name = _("draft of a sheet")
        verbose_name_plural = _("drafts of sheets")
        ordering = ["-saved_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "is_urgent"],
                condition=Q(state__in=sorted(writing.OPEN)),
                name="knowledge_one_open_draft",
            ),
            models.CheckConstraint(
                condition=~Q(state=writing.PUBLISHED) | Q(version__isnull=False),
                name="knowledge_published_draft_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.sheet.ref

    @property
    def is_open(self) -> bool:
        return self.state in writing.OPEN

    @property
    def writing(self) -> writing.Writing:
        """Everything that was written, as it is compared."""
        return writing.Writing(
            title=self.title,
            short_answer=self.short_answer,
            blocks=self.blocks,
            about=self.about,
        )


class OfDraft(ScopedQuerySet[Any]):
    """Rows that reach their authority by their draft."""

    scope = "draft__sheet__authority_id"


class DraftCopy(models.Model):
    """A text as somebody sent it: every save, and what could not be saved, so nothing is lost."""

    draft = models.ForeignKey(SheetDraft, models.CASCADE, related_name="copies")
    revision = models.PositiveIntegerField()  # what it became or, put aside, what it started from
    is_aside = models.BooleanField(default=False)  # another text was there first
    content = models.JSONField()  # rules.writing.Writing
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OfDraft.as_manager()

    class Meta:
        verbose_name = _("kept copy of a draft")
        verbose_name_plural = _("kept copies of drafts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "revision"],
                condition=Q(is_aside=False),
                name="knowledge_one_copy_per_revision",
            )
        ]


class SheetReview(models.Model):
    """Somebody looked at a sheet and answers for what was found."""

    class Result(models.TextChoices):
        UNCHANGED = "unchanged", _("still right")
        CHANGED = "changed", _("changed")
        CHECKED = "checked", _("urgent correction checked")

    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="reviews")
    version = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")
    result = models.CharField(max_length=10, choices=Result)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(default=dict)  # the dates as they were, for taking it back
    next_on = models.DateField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = OfSheet.as_manager()

    class Meta:
        verbose_name = _("check of a sheet")
        verbose_name_plural = _("checks of sheets")
        ordering = ["-at", "-id"]


class SheetText(models.Model):
    """The same answer in other words: plain language read by a panel, or another language."""

    class Kind(models.TextChoices):
        SIMPLE = "simple", _("plain language")
        TRANSLATION = "translation", _("translation")

    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="texts")
    kind = models.CharField(max_length=11, choices=Kind)
    language = models.CharField(max_length=7, default=settings.LANGUAGE_CODE)
    title = models.CharField(max_length=300)
    short_answer = models.TextField(blank=True)
    blocks = models.JSONField(default=list)  # rules.blocks.Block; public ones only
    based_on = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")
    is_shown = models.BooleanField(default=False)
    panel = models.CharField(max_length=160, blank=True)  # who read it and understood
    signed_on = models.DateField(null=True, blank=True)
    author = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    objects = OfSheet.as_manager()

    class Meta:
        verbose_name = _("other text of a sheet")
        verbose_name_plural = _("other texts of sheets")
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "kind", "language"], name="knowledge_one_text_per_language"
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None) | ~Q(panel=""), name="knowledge_signed_by_somebody"
            ),
        ]


class OfText(ScopedQuerySet[Any]):
    """Rows that reach their authority by another text of a sheet."""

    scope = "text__sheet__authority_id"


class TextCopy(models.Model):
    """Another text as somebody sent it: its history, and what could not be saved."""

    text = models.ForeignKey(SheetText, models.CASCADE, related_name="copies")
    revision = models.PositiveIntegerField()  # what it became or, put aside, what it started from
    is_aside = models.BooleanField(default=False)  # another text was there first
    title = models.CharField(max_length=300)
    short_answer = models.TextField(blank=True)
    blocks = models.JSONField(default=list)  # rules.blocks.Block; public ones only
    based_on = models.ForeignKey("knowledge.SheetVersion", models.PROTECT, related_name="+")
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OfText.as_manager()

    class Meta:
        verbose_name = _("kept copy of another text")
        verbose_name_plural = _("kept copies of other texts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["text", "revision"],
                condition=Q(is_aside=False),
                name="knowledge_one_text_copy_per_revision",
            )
        ]


class Attachment(models.Model):
    """A file beside a sheet; its content lies in a store by its hash."""

    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="attachments")
    title = models.CharField(_("title"), max_length=200)
    name = models.CharField(max_length=120)  # what the file is called when it is saved
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=100)  # the media type, read from the content
    level = models.CharField(_("who may read it"), max_length=8)
    until = models.DateField(null=True, blank=True)
    agent = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = OfSheet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(level="embargo") | Q(until__isnull=False),
                name="knowledge_attachment_embargo_has_day",
            )
        ]


class OfAgent(ScopedQuerySet[Any]):
    """Rows that reach their authority by somebody who works there."""

    scope = "agent__authority_id"


class ReviewDigest(models.Model):
    """The one mail of a week that told somebody which sheets are due."""

    agent = models.ForeignKey("accounts.Agent", models.CASCADE, related_name="+")
    week = models.DateField()  # its Monday
    sent_at = models.DateTimeField()

    objects = OfAgent.as_manager()

    class Meta:
        verbose_name = _("weekly reminder of checks")
        verbose_name_plural = _("weekly reminders of checks")
        constraints = [
            models.UniqueConstraint(fields=["agent", "week"], name="knowledge_one_digest_a_week")
        ]
