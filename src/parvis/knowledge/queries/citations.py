"""Which sheets rest on which articles."""

from django.db.models import F, Q, QuerySet

from parvis.common.access import Actor
from parvis.knowledge.models import Citation, Sheet

_ARTICLES = ("article__text", "article__current", "version")


def citing(actor: Actor, article_id: int) -> QuerySet[Citation]:
    """The sheets that rest on an article, those to be checked first."""
    rows = Citation.objects.visible_to(actor).filter(article_id=article_id)
    rows = rows.exclude(sheet__state=Sheet.State.ARCHIVED)
    return rows.select_related("sheet__service", *_ARTICLES).order_by("version_id", "sheet__title")


def citations_of(sheet: Sheet, authority_id: int) -> QuerySet[Citation]:
    """What a sheet rests on, in the register of one authority."""
    rows = sheet.citations.filter(article__text__authority_id=authority_id)
    return rows.select_related(*_ARTICLES)


def citations_to_check(actor: Actor) -> QuerySet[Citation]:
    """Sheets whose article reads otherwise by now, or is no longer in force."""
    changed = ~Q(version=F("article__current")) | Q(article__repealed_on__isnull=False)
    rows = Citation.objects.visible_to(actor).filter(changed)
    rows = rows.exclude(sheet__state=Sheet.State.ARCHIVED)
    return rows.select_related("sheet__service", *_ARTICLES).order_by("article_id", "sheet__title")


def count_citing(article_id: int) -> int:
    """How many living sheets rest on an article."""
    rows = Citation.objects.filter(article_id=article_id)
    return rows.exclude(sheet__state=Sheet.State.ARCHIVED).count()
