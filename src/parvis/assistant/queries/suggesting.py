"""What lies ready at the desk for a topic and the words of somebody, and who is asked else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from parvis.accounts.models import Agent
from parvis.assistant import whys
from parvis.assistant.rules import suggesting as rules
from parvis.contacts.models import ContactSheet
from parvis.knowledge import search
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Service, Topic

SHORTEST = 2  # letters, before they are words
LOOKED_AT = 5
OF_TOPIC = 12
LATELY = timedelta(days=90)


@dataclass(frozen=True)
class Proposal:
    """One sheet that lies ready."""

    sheet: Sheet
    position: int
    whys: tuple[rules.Why, ...]
    used: int  # contacts with this topic that it helped lately
    hit: search.Hit | None
    is_stale: bool

    @property
    def because(self) -> list[str]:
        """Why it is proposed, in words; two reasons are enough."""
        return [whys.proposed(why, used=self.used) for why in self.whys[:2]]

    @property
    def title(self) -> SafeString:
        """Its title, with the words that were found in it marked."""
        if self.hit is None or not self.hit.title_html:
            return conditional_escape(self.sheet.title)
        return mark_safe(self.hit.title_html)  # noqa: S308 - escaped and marked by the search

    @property
    def kept(self) -> dict[str, Any]:
        """As it is written down."""
        whys = [str(why) for why in self.whys]
        return {"sheet": self.sheet.pk, "ref": self.sheet.ref, "whys": whys}

    @property
    def is_inside(self) -> bool:
        """For colleagues only: nothing of it is given away."""
        return not self.sheet.is_public


@dataclass(frozen=True)
class Suggested:
    """What lies ready; nothing when there is neither a topic nor a word."""

    topic: Topic | None = None
    words: str = ""
    proposals: Sequence[Proposal] = ()
    is_sure: bool = True

    @property
    def first(self) -> Sheet | None:
        return self.proposals[0].sheet if self.proposals else None

    @property
    def ids(self) -> list[int]:
        return [one.sheet.pk for one in self.proposals]

    @property
    def service(self) -> Service | None:
        """Who owns the answer: the service of the first sheet, else that of the topic."""
        own = self.first.service if self.first else None
        ours = self.topic.service if self.topic else None
        if own is not None and ours is not None and own.authority_id != ours.authority_id:
            return ours  # a sheet of another authority: our own service is asked
        return own or ours


@dataclass(frozen=True)
class _Reader:
    """For whom and when."""

    authority_id: int
    today: date


def suggest(
    agent: Agent,
    *,
    topic: Topic | None,
    now: datetime,
    words: str = "",
    found: search.Found | None = None,
) -> Suggested:
    """Up to three sheets for a topic, for words, or for both; ``found`` spares a second search.

    Words that no sheet knows are somebody's name more often than not: nothing lies ready then.
    """
    words = words.strip()
    is_typed = len(words) >= SHORTEST
    if is_typed and found is None:
        found = _search(agent, words)
    if is_typed and found is not None and not found.results:
        return Suggested(topic, words, is_sure=False)
    tied = _of_topic(agent, topic)
    used = _used(agent.authority_id, topic, now)
    by_words = found if is_typed else None
    by_name = _search(agent, topic.name) if topic and not is_typed and not tied else None
    if by_name is not None and not by_name.answered:
        by_name = None  # only what surely is about the topic
    hits = [*_results(by_words), *_results(by_name)]
    sheets = _sheets(agent, tied, {one.sheet_id for one in hits} | set(used))
    is_sure = by_words is None or by_words.answered
    reader = _Reader(agent.authority_id, timezone.localdate(now))
    rows = _candidates(sheets, {one.pk for one in tied}, used, by_words, by_name, reader)
    best = rules.ranked(rows, is_sure=is_sure)
    return Suggested(topic, words, _proposals(best, sheets, used, hits, reader), is_sure)


def _search(agent: Agent, words: str) -> search.Found:
    return search.find(words, authority_id=agent.authority_id, limit=LOOKED_AT, public_only=False)


def _results(found: search.Found | None) -> list[search.Hit]:
    return found.results if found else []


def _of_topic(agent: Agent, topic: Topic | None) -> list[Sheet]:
    if topic is None:
        return []
    rows = _published(agent).filter(topics=topic)
    return list(rows.order_by("authority_id", "ref")[:OF_TOPIC])


def _published(agent: Agent) -> QuerySet[Sheet]:
    rows: QuerySet[Sheet] = Sheet.objects.visible_to(agent).filter(
        nature=Sheet.Nature.SHEET, state=Sheet.State.PUBLISHED, current__isnull=False
    )
    return rows.select_related("service", "current")


def _used(authority_id: int, topic: Topic | None, now: datetime) -> dict[int, int]:
    """How many contacts with this topic each sheet helped in the last ninety days."""
    if topic is None:
        return {}
    rows = ContactSheet.objects.filter(
        contact__topic=topic,
        contact__authority_id=authority_id,
        contact__undone_at=None,
        contact__started_at__gt=now - LATELY,
    )
    counted = rows.order_by().values_list("version__sheet").annotate(n=Count("pk"))
    return dict(counted.order_by("-n", "version__sheet")[:LOOKED_AT])


def _sheets(agent: Agent, tied: Iterable[Sheet], wanted: set[int]) -> dict[int, Sheet]:
    """The sheets that this agent may read, each reference once, one's own before a national one."""
    known = {sheet.pk: sheet for sheet in tied}
    missing = wanted - set(known)
    if missing:
        known |= {sheet.pk: sheet for sheet in _published(agent).filter(pk__in=missing)}
    own = {one.ref: one.pk for one in known.values() if one.authority_id == agent.authority_id}
    return {pk: one for pk, one in known.items() if own.get(one.ref, pk) == pk}


def _candidates(
    sheets: dict[int, Sheet],
    tied: set[int],
    used: dict[int, int],
    by_words: search.Found | None,
    by_name: search.Found | None,
    at: _Reader,
) -> list[rules.Candidate]:
    words, named = _shares(by_words), _shares(by_name)
    pinned = {one.sheet_id for one in _results(by_words) if one.is_pinned}
    return [
        rules.Candidate(
            pk,
            words=words.get(pk, 0.0),
            named=named.get(pk, 0.0),
            of_topic=pk in tied,
            used=used.get(pk, 0),
            is_pinned=pk in pinned,
            is_own=sheet.authority_id == at.authority_id,
            is_stale=sheet.is_stale(at.today),
        )
        for pk, sheet in sheets.items()
    ]


def _shares(found: search.Found | None) -> dict[int, float]:
    results = _results(found)
    best = max((one.score for one in results), default=0.0) or 1.0
    return {one.sheet_id: one.score / best for one in results}


def _proposals(
    best: Iterable[rules.Ranked],
    sheets: dict[int, Sheet],
    used: dict[int, int],
    hits: Iterable[search.Hit],
    at: _Reader,
) -> list[Proposal]:
    by_sheet = {one.sheet_id: one for one in hits}
    return [
        Proposal(
            sheets[one.sheet],
            place,
            one.whys,
            used.get(one.sheet, 0),
            by_sheet.get(one.sheet),
            sheets[one.sheet].is_stale(at.today),
        )
        for place, one in enumerate(best, 1)
    ]
