"""What the pages of the register and of the protocols show: those of the demo town."""

from typing import Any

from parvis.knowledge.models import ProtocolDeviation, Sheet
from parvis.law.models import Article
from parvis.organisations.models import Authority


def arguments(town: Authority) -> dict[str, dict[str, Any]]:
    """Page -> the arguments of its address."""
    articles = Article.objects.filter(text__authority=town).order_by("pk")
    article = articles.filter(citations__isnull=False, interpretations__isnull=False)[0]
    protocol = Sheet.objects.filter(authority=town, nature=Sheet.Nature.PROTOCOL).order_by("ref")
    cited = article.citations.order_by("pk")[0].sheet
    assert ProtocolDeviation.objects.filter(sheet__authority=town).exists()
    one, text = {"article_id": article.pk}, {"text_id": article.text_id}
    return {
        "law:text": text,
        "law:edit": text,
        "law:add-article": text,
        "law:article": one,
        "law:change": one,
        "knowledge:citing": one,
        "knowledge:cite": {"ref": cited.ref},
        "knowledge:protocol": {"ref": protocol[0].ref},
    }
