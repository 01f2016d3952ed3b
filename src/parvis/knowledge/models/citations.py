"""What an answer rests on: sheets point to articles of the legal register."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.common.access import ScopedQuerySet


class OfSheet(ScopedQuerySet["Citation"]):
    """Citations reach their authority by their article: a national sheet is cited by each."""

    scope = "article__text__authority_id"


class Citation(models.Model):
    """A sheet rests on an article, in the wording that somebody last compared it with."""

    sheet = models.ForeignKey("knowledge.Sheet", models.CASCADE, related_name="citations")
    article = models.ForeignKey("law.Article", models.PROTECT, related_name="citations")
    version = models.ForeignKey("law.ArticleVersion", models.PROTECT, related_name="+")
    words = models.CharField(_("what rests on it"), max_length=200, blank=True)

    objects = OfSheet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["article__text__short_name", "article__number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "article"], name="knowledge_cited_once")
        ]

    @property
    def is_to_check(self) -> bool:
        """The article reads otherwise by now, or is no longer in force."""
        return self.version_id != self.article.current_id or self.article.repealed_on is not None
