"""The legal register of the town, and the sheets that rest on its articles."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from parvis.accounts.models import Agent
from parvis.demo.content.loader import Content
from parvis.demo.content.statutes import ArticleWords, Reading, TextWords
from parvis.knowledge.actions import cite
from parvis.knowledge.models import Sheet
from parvis.law import actions
from parvis.law.models import Article, LegalText
from parvis.organisations.models import Authority, Service


def create(content: Content, *, now: datetime, since: datetime) -> None:
    """Enter every text as its editor did before the history begins, with one change of late."""
    town = Authority.objects.get(slug=content.town.slug)
    editor = Agent.objects.filter(authority=town, grants__role="KBE").order_by("pk")[0]
    sheets = dict(Sheet.objects.filter(authority=town).values_list("ref", "pk"))
    entered: dict[tuple[str, str], Article] = {}
    changed = []
    for text in content.statutes.texts:
        row = _text(text, town, editor)
        for words in text.articles:
            article = _article(row, words, editor, since)
            entered[text.short_name, words.number] = article
            for ref in _resting(content, text, words):
                cite(Sheet(pk=sheets[ref], ref=ref), article, agent=editor)
            if words.became:
                changed.append((article, words))
    for reading in content.statutes.readings:
        _read(entered[reading.text, reading.article], reading, editor, since)
    # Most were compared with their source some weeks ago; the first ones wait for somebody.
    for weeks, article in enumerate(list(entered.values())[3:]):
        actions.confirm(article, agent=editor, now=now - timedelta(weeks=weeks + 1))
    for article, words in changed:
        actions.record_change(
            article,
            wording=words.became,
            in_force_on=now.date() - timedelta(days=1),
            what_changed=words.what_changed,
            agent=editor,
            now=now,
        )


def _text(text: TextWords, town: Authority, editor: Agent) -> LegalText:
    service = Service.objects.get(authority=town, slug=text.service)
    row = LegalText(
        authority=town,
        kind=text.kind,
        short_name=text.short_name,
        title=text.title,
        service=service,
    )
    return actions.keep_text(row, actor=editor)


def _article(text: LegalText, words: ArticleWords, editor: Agent, since: datetime) -> Article:
    return actions.add_article(
        text,
        number=words.number,
        subject=words.subject,
        wording=words.wording,
        in_force_on=since.date() - timedelta(days=900),
        agent=editor,
        now=since,
    )


def _read(article: Article, reading: Reading, editor: Agent, since: datetime) -> None:
    row = actions.interpret(
        article, words=reading.words, agent=editor, now=since, is_public=reading.public
    )
    if reading.status != row.status:
        actions.decide(row, status=reading.status, agent=editor, now=since, reason=reading.reason)


def _resting(content: Content, text: TextWords, words: ArticleWords) -> Iterator[str]:
    """The references of the sheets that rest on an article."""
    if words.family:
        topics = {t.slug for t in content.topics.topics if t.family == words.family}
        yield from [s.ref for s in content.sheets if s.topic in topics][: words.sheets]
        return
    number = re.compile(rf"(?<![\w-]){re.escape(words.number)}(?![\w-])")
    for sheet in content.sheets:
        quoted = [one.text for block in sheet.blocks for one in block.legal]
        if any(line.startswith(f"{text.title}, art.") and number.search(line) for line in quoted):
            yield sheet.ref
