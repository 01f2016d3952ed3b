"""The local sheets of the demo, written through the actions of the room that owns them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from html import escape

from django.urls import reverse

from parvis.demo.content import wording
from parvis.demo.content.loader import Content
from parvis.knowledge import rules
from parvis.knowledge.actions import NewSheet, create_local_sheets
from parvis.knowledge.rules import Block
from parvis.organisations.models import Authority, Topic

_TITLES = {
    "for_whom": "Pour qui",
    "explanation": "Explication",
    "steps": "Comment faire",
    "documents": "Pièces à apporter",
    "cost": "Coût",
    "delay": "Délai",
    "where": "Où aller",
    "online": "En ligne",
    "coming": "Bientôt",
    "legal": "Références",
    "warning": "À savoir",
    "related": "Voir aussi",
    "internal": "Pour les agents",
}


def create(content: Content, *, now: datetime, since: datetime) -> None:
    """Publish every local sheet of the town, as its editor did before the history begins."""
    town = Authority.objects.get(slug=content.town.slug)
    services = {service.slug: service for service in town.services.all()}
    topics = {topic.slug: topic for topic in Topic.objects.filter(authority=town)}
    families = {family.slug: family.name.fr for family in content.topics.families}
    titles = {sheet.ref: sheet.title.fr for sheet in content.sheets}
    today = now.date()
    sheets = [
        NewSheet(
            ref=sheet.ref,
            title=sheet.title.fr,
            short_answer=sheet.short.fr,
            blocks=list(_blocks(sheet, titles, now)),
            service=services[sheet.service],
            topics=[topics[sheet.topic]],
            keywords=sheet.synonyms,
            asked=sheet.asked,
            breadcrumb=families[content.topic_by_slug[sheet.topic].family],
            reviewed_on=today - timedelta(days=sheet.reviewed_days_ago),
            review_due_on=today + timedelta(days=sheet.review_every_days - sheet.reviewed_days_ago),
        )
        for sheet in content.sheets
    ]
    editor = next(p for p in content.people.staff[town.slug] if "KBE" in p.roles)
    create_local_sheets(town, sheets, now=since, author=f"{editor.first} {editor.last}")


def _blocks(sheet: wording.Sheet, titles: dict[str, str], now: datetime) -> Iterator[Block]:
    for words in sheet.blocks:
        level = words.level
        if words.embargo_days:
            level = rules.EMBARGO
        block = Block(
            kind=words.kind,
            title=_TITLES.get(words.kind, ""),
            level=level,
            html="".join(_html(words, titles)),
        )
        if words.embargo_days:
            block["until"] = (now.date() + timedelta(days=words.embargo_days)).isoformat()
        yield block


def paragraph(text: str) -> str:
    """A text of the demo as one paragraph."""
    return f"<p>{escape(text, quote=False)}</p>"


def _html(words: wording.Block, titles: dict[str, str]) -> Iterator[str]:
    if words.text:
        yield paragraph(words.text)
    if words.kind == "related":
        yield _links(words.items, titles)
    elif words.items:
        yield _list("ol" if words.kind == "steps" else "ul", words.items)
    for one in words.cases:
        if one.case:
            yield f"<p><strong>{escape(one.case, quote=False)}</strong></p>"
        yield _list("ul", one.items)
    if words.legal:
        yield _list("ul", (basis.text + _confirm(basis) for basis in words.legal))
    if words.url:
        address = escape(words.url)
        yield f'<p><a href="{address}">{address}</a></p>'


def _confirm(basis: wording.LegalBasis) -> str:
    return " (à confirmer)" if basis.to_confirm else ""


def _links(refs: Iterable[str], titles: dict[str, str]) -> str:
    lines = (
        f'<li><a href="{reverse("knowledge:sheet", args=[ref])}">'
        f"{escape(titles[ref], quote=False)}</a></li>"
        for ref in refs
    )
    return f"<ul>{''.join(lines)}</ul>"


def _list(tag: str, items: Iterable[str]) -> str:
    lines = "".join(f"<li>{escape(item, quote=False)}</li>" for item in items)
    return f"<{tag}>{lines}</{tag}>"
