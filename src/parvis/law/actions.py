"""Every change to the legal register."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.common.text import one_line
from parvis.law import rules
from parvis.law.events import ArticleChanged
from parvis.law.models import Article, ArticleVersion, Interpretation, LegalText


@transaction.atomic
def keep_text(text: LegalText, *, actor: Actor) -> LegalText:
    """Save a text of the register, new or changed."""
    verb = "law.text_changed" if text.pk else "law.text_added"
    text.save()
    journal.record(actor, verb, text)
    return text


@transaction.atomic
def add_article(
    text: LegalText,
    *,
    number: str,
    subject: str,
    wording: str,
    in_force_on: date,
    agent: Agent,
    now: datetime,
) -> Article:
    """Enter an article with its present wording; entering it is a first check of it."""
    article, is_new = Article.objects.get_or_create(
        text=text,
        number=one_line(number)[:40],
        defaults={"subject": one_line(subject)[:200], "checked_on": now.date()},
    )
    if not is_new:
        raise Refused(_("This article is in the register already."), code="known")
    _reads_from_now_on(article, wording, in_force_on, what_changed="", agent=agent, now=now)
    journal.record(agent, "law.article_added", article)
    return article


@transaction.atomic
def record_change(
    article: Article,
    *,
    wording: str,
    in_force_on: date,
    what_changed: str,
    agent: Agent,
    now: datetime,
) -> ArticleVersion:
    """Enter a new wording; all that rests on the one before is to be checked from now on."""
    held = _held(article)
    if held.current and held.current.wording.strip() == wording.strip():
        raise Refused(_("These are the words that the register has already."), code="same")
    version = _reads_from_now_on(
        held, wording, in_force_on, what_changed=what_changed, agent=agent, now=now
    )
    journal.record(agent, "law.article_changed", held, number=version.number)
    _announce(held, agent, now)
    return version


@transaction.atomic
def confirm(article: Article, *, agent: Agent, now: datetime) -> Article:
    """Somebody compared the article with its source today: nothing changed."""
    article.checked_on = now.date()
    article.save(update_fields=["checked_on"])
    journal.record(agent, "law.article_confirmed", article)
    return article


@transaction.atomic
def repeal(article: Article, *, on: date, agent: Agent, now: datetime) -> Article:
    """The article is no longer in force; what rests on it is to be checked."""
    held = _held(article)
    if held.repealed_on:
        raise Refused(_("It is already marked as no longer in force."), code="repealed")
    held.repealed_on = on
    held.save(update_fields=["repealed_on"])
    journal.record(agent, "law.article_repealed", held, on=on.isoformat())
    _announce(held, agent, now)
    return held


@transaction.atomic
def interpret(
    article: Article, *, words: str, agent: Agent, now: datetime, is_public: bool = False
) -> Interpretation:
    """Propose how the house should read an article; it is debated until somebody decides."""
    held = _held(article)
    if held.current is None or held.repealed_on:
        raise Refused(_("This article is no longer in force."), code="repealed")
    row = Interpretation.objects.create(
        article=held,
        version=held.current,
        words=words.strip(),
        is_public=is_public,
        author=agent,
        at=now,
    )
    journal.record(agent, "law.interpretation_proposed", row, article=held.pk)
    return row


@transaction.atomic
def decide(
    interpretation: Interpretation, *, status: str, agent: Agent, now: datetime, reason: str = ""
) -> Interpretation:
    """Accept an interpretation, reject it, or open the debate again, with the reason."""
    held = Interpretation.objects.select_for_update().get(pk=interpretation.pk)
    confirms = status == held.status == rules.ACCEPTED
    if not confirms and not rules.may_become(held.status, status):
        raise Refused(_("This was decided meanwhile: read it again."), code="moved")
    reason = one_line(reason)[:300]
    if rules.needs_reason(status) and not reason:
        raise Refused(_("Say why, in one sentence."), code="no_reason")
    held.status, held.reason = status, reason
    held.decided_by, held.decided_at = agent, now
    if held.article.current_id:
        held.version_id = held.article.current_id
    held.save(
        update_fields=["status", "reason", "decided_by", "decided_at", "version"],
    )
    journal.record(agent, "law.interpretation_decided", held, status=status, reason=reason)
    return held


def _held(article: Article) -> Article:
    rows = Article.objects.select_for_update(of=("self",)).select_related("text", "current")
    held: Article = rows.get(pk=article.pk)
    return held


def _reads_from_now_on(
    article: Article,
    wording: str,
    in_force_on: date,
    *,
    what_changed: str,
    agent: Agent,
    now: datetime,
) -> ArticleVersion:
    number = article.current.number + 1 if article.current else 1
    version = ArticleVersion.objects.create(
        article=article,
        number=number,
        in_force_on=in_force_on,
        wording=wording.strip(),
        what_changed=one_line(what_changed)[:300],
        author=agent,
        at=now,
    )
    article.current, article.checked_on = version, now.date()
    article.save(update_fields=["current", "checked_on"])
    return version


def _announce(article: Article, agent: Agent, now: datetime) -> None:
    emit(
        ArticleChanged(
            article.pk,
            article.text.authority_id,
            article.label,
            agent.pk,
            article.repealed_on is not None,
            now,
        )
    )
