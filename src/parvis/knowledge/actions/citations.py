"""Pointing from sheets to the legal register."""

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge.models import Citation, Sheet
from parvis.law.models import Article


@transaction.atomic
def cite(sheet: Sheet, article: Article, *, agent: Agent, words: str = "") -> Citation:
    """Say that a sheet rests on an article as it reads now."""
    if article.current is None or article.repealed_on:
        raise Refused(_("This article is no longer in force."), code="repealed")
    citation, is_new = Citation.objects.get_or_create(
        sheet=sheet,
        article=article,
        defaults={"version": article.current, "words": one_line(words)[:200]},
    )
    if not is_new:
        raise Refused(_("The sheet points to this article already."), code="cited")
    journal.record(agent, "knowledge.article_cited", sheet, article=article.pk)
    return citation


@transaction.atomic
def still_holds(citation: Citation, *, agent: Agent) -> Citation:
    """Somebody read the sheet beside the new wording: what it says still holds."""
    if citation.article.repealed_on or citation.article.current is None:
        raise Refused(_("This article is no longer in force."), code="repealed")
    citation.version = citation.article.current
    citation.save(update_fields=["version"])
    journal.record(
        agent, "knowledge.citation_confirmed", citation.sheet, article=citation.article_id
    )
    return citation


@transaction.atomic
def uncite(citation: Citation, *, agent: Agent) -> None:
    """The sheet rests on this article no more."""
    sheet, article_id = citation.sheet, citation.article_id
    citation.delete()
    journal.record(agent, "knowledge.citation_removed", sheet, article=article_id)
