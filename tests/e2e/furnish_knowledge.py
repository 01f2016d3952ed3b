"""What the pages of the register, of the protocols and of the search show in the demo town."""

from datetime import datetime
from typing import Any

from parvis.accounts.models import Agent
from parvis.knowledge import actions
from parvis.knowledge.models import ProtocolDeviation, Sheet
from parvis.knowledge.rules.finding import Line
from parvis.law.models import Article
from parvis.organisations.models import Authority


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Page -> the arguments of its address."""
    articles = Article.objects.filter(text__authority=town).order_by("pk")
    article = articles.filter(citations__isnull=False, interpretations__isnull=False)[0]
    protocol = Sheet.objects.filter(authority=town, nature=Sheet.Nature.PROTOCOL).order_by("ref")
    cited = article.citations.order_by("pk")[0].sheet
    assert ProtocolDeviation.objects.filter(sheet__authority=town).exists()
    editor = Agent.objects.filter(authority=town, grants__role="KBE").order_by("pk")[0]
    asked = [Line("Quels papiers pour un acte de naissance ?", ("SO-021",))]
    questions = actions.keep_questions(editor, "Questions du hall", asked, now=now)
    one, text = {"article_id": article.pk}, {"text_id": article.text_id}
    return {
        "law:text": text,
        "law:edit": text,
        "law:add-article": text,
        "law:article": one,
        "law:change": one,
        "knowledge:citing": one,
        "knowledge:cite": {"ref": cited.ref},
        "knowledge:question-set": {"pk": questions.pk},
        "knowledge:protocol": {"ref": protocol[0].ref},
    }
