"""The reception protocols of the town: who read them, and where the work went another way."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from parvis.accounts.models import Agent
from parvis.demo import people, seeds
from parvis.demo.content.loader import Content
from parvis.demo.content.protocols import ProtocolWords
from parvis.demo.sheets import paragraph
from parvis.knowledge import actions, rules
from parvis.knowledge.actions import NewSheet, create_local_sheets
from parvis.knowledge.models import ProtocolDeviation, Sheet
from parvis.knowledge.rules import Block
from parvis.organisations.models import Authority, Topic

_READ = 0.6  # how likely an agent of reception has confirmed a protocol
_LATELY = 56  # days in which steps were done otherwise
_WEEKEND = 5  # Saturday, counted from Monday


def create(content: Content, *, seed: int, now: datetime, since: datetime) -> None:
    """Publish every protocol before the history begins, then read, leave and decide as in life."""
    town = Authority.objects.get(slug=content.town.slug)
    sheets = _publish(content, town, now, since)
    readers = list(Agent.objects.filter(authority=town, grants__role="REC").order_by("pk"))
    head = Agent.objects.filter(authority=town, grants__role="MGR").order_by("pk")[0]
    _keep(content, sheets, head)
    chance = seeds.rng(seed, "protocols")
    for version in filter(None, (sheet.current for sheet in sheets.values())):
        for agent in readers:
            if chance.random() < _READ:
                actions.confirm_reading(version, agent=agent, now=_moment(chance, now))
    _leave(content, sheets, readers, head, chance, now)


def _publish(content: Content, town: Authority, now: datetime, since: datetime) -> dict[str, Sheet]:
    services = {service.slug: service for service in town.services.all()}
    topics = {topic.slug: topic for topic in Topic.objects.filter(authority=town)}
    families = {family.slug: family.name.fr for family in content.topics.families}
    today = now.date()
    new = [
        NewSheet(
            ref=words.ref,
            title=words.title,
            short_answer=words.aim,
            blocks=list(_blocks(words)),
            service=services[words.service],
            topics=[topics[slug] for slug in words.topics],
            breadcrumb=families[content.topic_by_slug[words.topics[0]].family],
            is_public=False,
            nature=Sheet.Nature.PROTOCOL,
            reviewed_on=today - timedelta(days=words.reviewed_days_ago),
            review_due_on=today + timedelta(days=words.review_every_days - words.reviewed_days_ago),
        )
        for words in content.protocols.protocols
    ]
    author = next(p for p in content.people.staff[town.slug] if "MGR" in p.roles)
    made = create_local_sheets(town, new, now=since, author=f"{author.first} {author.last}")
    return {sheet.ref: sheet for sheet in made}


def _blocks(words: ProtocolWords) -> Iterator[Block]:
    inside = rules.INTERNAL
    yield Block(kind="for_whom", title="Quand", level=inside, html=paragraph(words.for_whom))
    if words.warning:
        yield Block(kind="warning", title="Attention", level=inside, html=paragraph(words.warning))
    for step in words.steps:
        yield Block(
            kind=rules.STEP,
            title=step.title,
            level=inside,
            html=paragraph(step.text),
            role=step.role,
            support=step.support,
            delay=step.delay,
        )


def _keep(content: Content, sheets: dict[str, Sheet], head: Agent) -> None:
    """The head of reception keeps the protocols and is told when a check is near."""
    for words in content.protocols.protocols:
        sheet = sheets[words.ref]
        sheet.keeper, sheet.review_every_days = head, words.review_every_days
    Sheet.objects.bulk_update(sheets.values(), ["keeper", "review_every_days"])


def _leave(
    content: Content,
    sheets: dict[str, Sheet],
    readers: list[Agent],
    head: Agent,
    chance: Random,
    now: datetime,
) -> None:
    decided: dict[tuple[str, str], list[ProtocolDeviation]] = defaultdict(list)
    left = content.protocols.deviations
    moments = sorted(_moment(chance, now) for _one in left)
    # What was decided happened first: nobody decides of tomorrow.
    for words, at in zip(sorted(left, key=lambda one: not one.decision), moments, strict=True):
        row = actions.deviate(
            sheets[words.protocol],
            step=words.step,
            cause=words.cause,
            words=words.words,
            agent=chance.choice(readers),
            now=at,
        )
        if words.decision:
            decided[words.protocol, words.decision].append(row)
    for (_ref, decision), rows in decided.items():
        later = max(row.at for row in rows) + timedelta(minutes=90)
        actions.decide_deviations(rows, decision=decision, agent=head, now=later)


def _moment(chance: Random, now: datetime) -> datetime:
    """Some working hour of the last weeks, never today."""
    day = now.date() - timedelta(days=chance.randint(1, _LATELY))
    while day.weekday() >= _WEEKEND:
        day -= timedelta(days=1)
    return people.start_of(day) + timedelta(minutes=chance.randint(8 * 60, 15 * 60))
