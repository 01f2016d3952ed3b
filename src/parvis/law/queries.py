"""What others read of the legal register."""

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from parvis.accounts.models import Agent
from parvis.common.access import Actor
from parvis.law import rules
from parvis.law.models import Article, Interpretation, LegalText
from parvis.organisations.models import Authority


def may_write(agent: Agent, text: LegalText) -> bool:
    """An editor keeps every text; referents and liaisons those that their service follows."""
    if agent.may("law.write"):
        return True
    own = text.service_id is not None and text.service_id == agent.service_id
    return own and agent.may("law.write_own")


def register(actor: Actor, words: str = "") -> QuerySet[LegalText]:
    """The texts of the authority, those with an article that has these words."""
    texts = LegalText.objects.visible_to(actor).select_related("service")
    for word in words.split()[:6]:
        texts = texts.filter(
            Q(short_name__icontains=word)
            | Q(title__icontains=word)
            | Exists(_articles_with(word).filter(text=OuterRef("pk")))
        )
    return texts.annotate(article_count=Count("articles")).order_by("-is_active", "short_name")


def _articles_with(word: str) -> QuerySet[Article]:
    return Article.objects.filter(Q(number__icontains=word) | Q(subject__icontains=word))


def find_articles(actor: Actor, typed: str, *, limit: int = 20) -> QuerySet[Article]:
    """Articles in force by any part of text, number or subject: for whoever quotes one."""
    rows = Article.objects.visible_to(actor).filter(repealed_on=None, current__isnull=False)
    for word in typed.split()[:6]:
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(subject__icontains=word)
            | Q(text__short_name__icontains=word)
        )
    return rows.select_related("text", "current").order_by("text__short_name", "number")[:limit]


def articles_of(text: LegalText) -> QuerySet[Article]:
    """The articles of a text with how many readings of each are still debated."""
    debated = Count("interpretations", filter=Q(interpretations__status=rules.DEBATED))
    rows = text.articles.select_related("text", "current").annotate(debated=debated)
    return rows.order_by(F("repealed_on").asc(nulls_first=True), "number")


def article_page(actor: Actor, article_id: int) -> QuerySet[Article]:
    """One article with its wordings and interpretations, for its page."""
    readings = Interpretation.objects.select_related(
        "author__entry", "decided_by__entry", "version"
    )
    return (
        Article.objects.visible_to(actor)
        .filter(pk=article_id)
        .select_related("text__service", "current")
        .prefetch_related("versions__author__entry", Prefetch("interpretations", readings))
    )


def to_check(actor: Actor, today: date) -> QuerySet[Article]:
    """Articles in force that nobody compared with their source for a year, the oldest first."""
    since = today - rules.CHECK_EVERY
    rows = Article.objects.visible_to(actor).filter(repealed_on=None)
    late = rows.filter(Q(checked_on=None) | Q(checked_on__lt=since))
    return late.select_related("text", "current").order_by("checked_on", "pk")


def undecided(actor: Actor) -> QuerySet[Interpretation]:
    """Interpretations still debated, and accepted ones whose article reads otherwise by now."""
    rows = Interpretation.objects.visible_to(actor)
    old = Q(status=rules.ACCEPTED) & ~Q(version=F("article__current"))
    chosen = rows.filter(Q(status=rules.DEBATED) | old)
    return chosen.select_related("article__text", "author__entry").order_by("at", "pk")


def public_texts(authority: Authority) -> QuerySet[LegalText]:
    """The texts that the house works by, for everybody, with the readings that are public."""
    readings = Interpretation.objects.filter(status=rules.ACCEPTED, is_public=True)
    articles = (
        Article.objects.filter(repealed_on=None, current__isnull=False)
        .select_related("current")
        .order_by("number")
        .prefetch_related(Prefetch("interpretations", readings.order_by("pk"), "public_readings"))
    )
    texts = LegalText.objects.filter(authority=authority, is_active=True)
    return texts.prefetch_related(Prefetch("articles", articles, "in_force")).order_by("short_name")
