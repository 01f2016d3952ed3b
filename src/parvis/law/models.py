"""Texts of law and of the house, articles with every wording they had, and interpretations."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet
from parvis.law import rules


class LegalText(models.Model):
    """A code, a law, a decree, or a decision of the authority itself."""

    class Kind(models.TextChoices):
        CODE = "code", _("code")
        LAW = "law", _("law")
        DECREE = "decree", _("decree")
        ORDER = "order", _("order")
        LOCAL = "local", _("local decision")
        GUIDANCE = "guidance", _("guidance")

    authority = models.ForeignKey(
        "organisations.Authority", models.PROTECT, related_name="legal_texts"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.CODE)
    short_name = models.CharField(_("short name"), max_length=40, help_text=_("As in “CGCT”."))
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(_("address of the source"), max_length=300, blank=True)
    service = models.ForeignKey(
        "organisations.Service",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_texts",
        verbose_name=_("service that follows it"),
    )
    is_active = models.BooleanField(_("in force"), default=True)

    objects = ScopedQuerySet["LegalText"].as_manager()

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        ordering = ["short_name"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "short_name"], name="law_text_once")
        ]

    def __str__(self) -> str:
        return self.short_name


class OfText(ScopedQuerySet["Article"]):
    """Articles reach their authority by their text."""

    scope = "text__authority_id"


class Article(models.Model):
    """One article of a text; its words live in versions."""

    text = models.ForeignKey(
        LegalText, models.PROTECT, related_name="articles", verbose_name=_("text")
    )
    number = models.CharField(_("number"), max_length=40, help_text=_("As in “L2223-3”."))
    subject = models.CharField(_("what it is about"), max_length=200)
    current = models.ForeignKey(
        "law.ArticleVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    repealed_on = models.DateField(_("no longer in force since"), null=True, blank=True)

    objects = OfText.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["text__short_name", "number"]
        constraints = [models.UniqueConstraint(fields=["text", "number"], name="law_article_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How it is quoted: Code civil, art. 99."""
        return f"{self.text.short_name}, art. {self.number}"

    def is_check_due(self, today: date) -> bool:
        """In force, and not compared with its source for too long."""
        return self.repealed_on is None and rules.is_check_due(self.checked_on, today)


class ArticleVersion(models.Model):
    """How an article reads from a date on; never changed, only followed by another."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    in_force_on = models.DateField(_("in force since"))
    wording = models.TextField(_("what it says"))
    what_changed = models.CharField(_("what changed"), max_length=300, blank=True)
    author = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        verbose_name = _("wording of an article")
        verbose_name_plural = _("wordings of an article")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="law_version_number")
        ]


class OfArticle(ScopedQuerySet["Interpretation"]):
    """Interpretations reach their authority by the text of their article."""

    scope = "article__text__authority_id"


class Interpretation(models.Model):
    """How somebody reads an article where it leaves a choice, and what the house made of it."""

    class Status(models.TextChoices):
        DEBATED = rules.DEBATED, _("debated")
        ACCEPTED = rules.ACCEPTED, _("accepted")
        REJECTED = rules.REJECTED, _("rejected")

    article = models.ForeignKey(Article, models.PROTECT, related_name="interpretations")
    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="+")
    words = models.TextField(_("interpretation"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DEBATED)
    is_public = models.BooleanField(_("the public may read it once it is accepted"), default=False)
    author = models.ForeignKey("accounts.Agent", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "accounts.Agent", models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = OfArticle.as_manager()

    class Meta:
        verbose_name = _("interpretation")
        verbose_name_plural = _("interpretations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=rules.DEBATED)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="law_decided_by_somebody",
            )
        ]

    @property
    def reads_an_old_wording(self) -> bool:
        """The article was changed since: it is to be confirmed or dropped."""
        return self.version_id != self.article.current_id
