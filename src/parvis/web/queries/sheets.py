"""The sheets beside the visitor: what was searched, or what belongs to the topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from parvis.accounts.models import Agent
from parvis.assistant.queries.colleagues import Colleague, colleague_for
from parvis.assistant.queries.suggesting import Suggested, suggest
from parvis.knowledge import presentation, search
from parvis.knowledge import queries as knowledge
from parvis.knowledge import rules as knowledge_rules
from parvis.knowledge.guidance import PathView
from parvis.knowledge.laying import Laid
from parvis.knowledge.models import Sheet
from parvis.knowledge.presentation import Part
from parvis.organisations.models import Topic
from parvis.web.queries.everything import Others, others

RESULTS = 5
SHORT_QUESTION = 2
NOTHING_LIKELY = Suggested()
PERSONAL = {"people", "cases"}


@dataclass(frozen=True)
class ShownBlock:
    """One part of a sheet as an agent reads it."""

    title: str
    level: str  # public, asked, internal or embargo
    html: SafeString
    until: date | None
    local: Laid | None = None  # the words of this house over those of somebody else
    hidden: Laid | None = None  # what this house does not show


@dataclass(frozen=True)
class OpenSheet:
    """The sheet that is open beside the visitor, as far as the answers chose."""

    sheet: Sheet
    blocks: Sequence[ShownBlock]
    documents: Sequence[ShownBlock]  # what the public may be given
    is_stale: bool
    path: PathView | None = None
    owner: str = ""  # another authority wrote it
    short_answer: str = ""  # as this house says it
    short_local: Laid | None = None
    short_covered: str = ""  # what the text says and this house does not

    @property
    def query(self) -> str:
        """The answers, to carry them to the list of documents."""
        return self.path.query if self.path else ""

    @property
    def kept(self) -> str:
        """The answers, to come back to the desk as it was."""
        return self.query.replace("?", "&", 1)


@dataclass(frozen=True)
class Found:
    """One line of the results."""

    ref: str
    title: SafeString
    service: str
    reviewed_on: date | None
    stale: bool


@dataclass(frozen=True)
class Shelf:
    """What the right column shows."""

    query: str = ""
    answered: bool = True
    likely: Suggested = NOTHING_LIKELY
    colleague: Colleague | None = None  # who answers for what lies ready
    chosen: str = ""  # the sheet that somebody asked to open; else the first one lies open
    results: Sequence[Found] = field(default_factory=list)  # what else was found
    opened: OpenSheet | None = None
    protocols: Sequence[Sheet] = field(default_factory=list)  # how this topic is received
    others: Sequence[Others] = field(default_factory=list)  # people, cases, streets of that name
    found: search.Found | None = None  # None when nothing was asked

    @property
    def count(self) -> int:
        """How many sheets there are, ready or merely found."""
        return len(self.likely.proposals) + len(self.results)

    @property
    def may_be_remembered(self) -> bool:
        """A question about the know-how; not somebody's name or the number of a case."""
        return self.found is not None and not PERSONAL & {kind.key for kind in self.others}


def shelf(
    agent: Agent,
    *,
    query: str,
    ref: str,
    topic: Topic | None,
    now: datetime,
    answers: Mapping[str, str] | None = None,
) -> Shelf:
    """What lies ready for the words and the topic, and what else was found; the first lies open."""
    query = query.strip()
    found = None
    if len(query) >= SHORT_QUESTION:
        found = search.find(
            query, authority_id=agent.authority_id, limit=RESULTS, public_only=False
        )
    likely = suggest(agent, topic=topic, words=query, found=found, now=now)
    ready = {one.sheet.ref for one in likely.proposals}
    hits = [hit for hit in found.results if hit.ref not in ready] if found else []
    results = [_result(hit) for hit in hits][: RESULTS - len(ready)]
    first = ref or (likely.first.ref if likely.first else results[0].ref if results else "")
    return Shelf(
        query,
        found.answered if found else True,
        likely,
        colleague_for(agent, likely.service, now=now) if likely.proposals else None,
        ref,
        results,
        open_sheet(agent, first, answers=answers, query=query) if first else None,
        _protocols(agent, topic),
        others(agent, query),
        found,
    )


def open_sheet(
    agent: Agent, ref: str, *, answers: Mapping[str, str] | None = None, query: str = ""
) -> OpenSheet | None:
    """A sheet with every part that an agent may read and the answers leave, each with its level."""
    sheet = knowledge.sheet_for(agent, ref)
    page = sheet and presentation.agent_page(
        sheet,
        authority_id=agent.authority_id,
        today=timezone.localdate(),
        answers=answers,
        address=_beside_the_visitor,
        kept=[("q", query), ("fiche", sheet.ref)],
    )
    if not page:
        return None
    # Of a sheet for colleagues nothing is given away, whatever the level of its parts.
    given = page.documents if page.sheet.is_public else []
    documents = [_block(part) for part in given if part.level == knowledge_rules.PUBLIC]
    blocks = [_block(part) for part in page.parts]
    return OpenSheet(
        page.sheet,
        blocks,
        documents,
        page.is_stale,
        page.path,
        page.owner,
        page.short_answer,
        page.short_local,
        page.short_covered,
    )


def documents(agent: Agent, ref: str, answers: Mapping[str, str]) -> OpenSheet | None:
    """A sheet whose list of documents may be given away; None when there is no public one."""
    opened = open_sheet(agent, ref, answers=answers)
    return opened if opened and opened.documents else None


def _beside_the_visitor(ref: str) -> str:
    return f"{reverse('web:workstation')}?{urlencode({'fiche': ref})}"


def _protocols(agent: Agent, topic: Topic | None) -> list[Sheet]:
    if topic is None or not agent.may("protocols.read"):
        return []
    return list(knowledge.live_protocols(agent, [topic.pk]).order_by("ref")[:RESULTS])


def _result(hit: search.Hit) -> Found:
    title = mark_safe(hit.title_html) if hit.title_html else conditional_escape(hit.title)  # noqa: S308 - escaped and marked by the search
    return Found(hit.ref, title, hit.owner or hit.service, hit.reviewed_on, hit.stale)


def _block(part: Part) -> ShownBlock:
    return ShownBlock(
        title=part.heading,
        level=part.level,
        html=part.html,
        until=part.until,
        local=part.local,
        hidden=part.hidden,
    )
