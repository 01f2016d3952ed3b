"""From a question to sheets: score title and body apart, add, check, quote, and say if unsure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import tantivy
from django.utils import timezone

from parvis.knowledge import queries
from parvis.knowledge.models import Sheet
from parvis.knowledge.search import asking, confidence, index, passages, scoring
from parvis.knowledge.search.asked import asked_for, asked_stems, lacking
from parvis.knowledge.search.asking import Asked
from parvis.knowledge.search.confidence import Signals
from parvis.knowledge.search.editors import Editors, editors_of
from parvis.knowledge.search.index import Opened
from parvis.knowledge.search.reading import NOTHING, Reading, readings
from parvis.knowledge.search.words import stems

LONGEST_QUESTION = 2000
OWN_WEIGHT = 1.2  # about equal: what the authority says itself comes first
UNASKED_WEIGHT = 1.4  # where nobody wrote how people ask: national sheets score for that as well
SHOWN = 3  # sheets that are shown first: their scores say more together than the best alone
DEPTH = 10  # how far down a saved question looks for its sheet
SPARE = 6  # own sheets that replace national ones, and sheets that just went away


@dataclass(frozen=True)
class Hit:
    """One sheet of an answer, with the lines that say it."""

    sheet_id: int
    ref: str
    title: str
    score: float
    passage: str
    title_html: str
    passage_html: str
    breadcrumb: str
    service: str
    is_local: bool
    is_public: bool
    reviewed_on: date | None
    review_due_on: date | None
    stale: bool
    is_pinned: bool = False
    authority_id: int | None = None  # who wrote it; nobody for a national one
    owner: str = ""  # the name of another authority that wrote it


@dataclass(frozen=True)
class Found:
    """What a search gives back; without an answer the results are only the closest sheets."""

    answered: bool
    results: list[Hit]
    signals: Signals | None = None


@dataclass(frozen=True)
class Filters:
    """What a reader narrows the results to."""

    kind: str = ""
    service_id: int | None = None
    is_public: bool | None = None  # at the desk only

    def terms(self) -> list[tuple[str, str | int | bool]]:
        """The filters as terms of the index."""
        chosen: list[tuple[str, str | int | bool]] = []
        if self.kind:
            chosen.append(("kind", self.kind))
        if self.service_id is not None:
            chosen.append(("service", self.service_id))
        if self.is_public is not None:
            chosen.append(("public", self.is_public))
        return chosen


EVERYTHING = Filters()


def find(
    query: str,
    *,
    authority_id: int,
    limit: int = 10,
    public_only: bool = True,
    filters: Filters = EVERYTHING,
    edited: Editors | None = None,
) -> Found:
    """The sheets that one authority may show for a question, best first, never anybody else's."""
    opened = index.current()
    edited = edited or editors_of(authority_id, opened.number)
    question = query[:LONGEST_QUESTION]
    asked = _understood(question, opened, edited)
    reader = _Reader(authority_id, public_only=public_only)
    ranked = _ranked(asked, opened, reader, limit + SPARE, filters)
    pinned = edited.pinned(question) if filters == EVERYTHING else []
    ordered = _checked(ranked, pinned, reader) if asked.concepts else []
    pairs = ordered[:limit]
    if not pairs:
        return Found(answered=False, results=[])
    read = _readings(authority_id, pairs, inside=not public_only)
    signals = _signals(asked, ordered, read, sheets=int(opened.searcher.num_docs))
    today = timezone.localdate()
    results = [
        _hit(s, score, asked, _At(authority_id, today), _reading(s, read), is_pinned=s.pk in pinned)
        for s, score in pairs
    ]
    return Found(results[0].is_pinned or confidence.is_answered(signals), results, signals)


def first_refs(
    query: str, *, authority_id: int, opened: Opened, as_if: Sheet | None = None
) -> list[str]:
    """What the public finds, best first, or would find were this sheet published as it is here."""
    edited, question = editors_of(authority_id, opened.number), query[:LONGEST_QUESTION]
    asked = _understood(question, opened, edited)
    reader = _Reader(authority_id, public_only=True)
    ranked = _ranked(asked, opened, reader, DEPTH + SPARE, EVERYTHING)
    ordered = _checked(ranked, edited.pinned(question), reader, as_if) if asked.concepts else []
    return [one.ref for one, _score in ordered[:DEPTH]]


@dataclass(frozen=True)
class _Reader:
    """Who searches, and whether as the public does."""

    authority_id: int
    public_only: bool


def _understood(question: str, opened: Opened, edited: Editors) -> Asked:
    total = max(1, int(opened.searcher.num_docs))
    return asking.understood(question, opened.speller, edited.sayings, total)


def _ranked(
    asked: Asked, opened: Opened, reader: _Reader, limit: int, filters: Filters
) -> list[tuple[int, str, float]]:
    """Sheets with their scores, as the index has them."""
    if not asked.concepts:
        return []
    wanted = scoring.query(
        asked,
        opened.schema,
        readers=(scoring.EVERYBODY, reader.authority_id),
        public_only=reader.public_only,
        filters=filters.terms(),
    )
    found = opened.searcher.search(wanted, limit).hits
    return [_stored(opened.searcher, address, score) for score, address in found]


def _readings(
    authority_id: int, pairs: Sequence[tuple[Sheet, float]], *, inside: bool
) -> dict[int, Reading]:
    wanted = [
        (s.current.pk, s.current.content_hash, queries.mark(s, authority_id))
        for s, _score in pairs
        if s.current
    ]
    return readings(wanted, authority_id=authority_id, inside=inside)


def _reading(sheet: Sheet, read: Mapping[int, Reading]) -> Reading:
    return read.get(sheet.current_id or 0, NOTHING)


def _stored(
    searcher: tantivy.Searcher, address: tantivy.DocAddress, score: float
) -> tuple[int, str, float]:
    document = searcher.doc(address)
    return int(document["sheet"][0]), str(document["ref"][0]), float(score)


def _checked(
    ranked: Sequence[tuple[int, str, float]],
    pinned: Sequence[int],
    reader: _Reader,
    as_if: Sheet | None = None,
) -> list[tuple[Sheet, float]]:
    """Only what the database lets this reader see now, each reference once, own sheets first."""
    rows = queries.hits(
        reader.authority_id,
        [*(sheet_id for sheet_id, _ref, _score in ranked), *pinned],
        [ref for _id, ref, _score in ranked],
        public_only=reader.public_only,
    )
    if as_if is not None:
        rows = [row for row in rows if row.pk != as_if.pk] + [as_if] * as_if.is_public
    by_id = {sheet.pk: sheet for sheet in rows}
    own = {sheet.ref: sheet for sheet in rows if sheet.authority_id == reader.authority_id}
    pairs: dict[str, tuple[Sheet, float]] = {}
    for sheet_id, ref, score in ranked:
        sheet_or_none = own.get(ref) or by_id.get(sheet_id)
        if sheet_or_none is not None:
            pairs.setdefault(ref, (sheet_or_none, score * _weight(sheet_or_none)))
    best = max((score for _sheet, score in pairs.values()), default=1.0)
    for place, sheet_id in enumerate(pinned):
        if sheet_id in by_id:
            sheet = by_id[sheet_id]
            pairs[sheet.ref] = (sheet, best + len(pinned) - place)
    return sorted(pairs.values(), key=lambda pair: -pair[1])


def _weight(sheet: Sheet) -> float:
    """What the score of a sheet counts; each line on how people ask for it needs less making up."""
    if sheet.authority_id is None:
        return 1.0
    return OWN_WEIGHT * float(UNASKED_WEIGHT ** lacking(sheet.asked))


def _signals(
    asked: Asked,
    ordered: Sequence[tuple[Sheet, float]],
    read: Mapping[int, Reading],
    *,
    sheets: int,
) -> Signals:
    sheet = ordered[0][0]
    own = frozenset(stems(f"{sheet.title} {sheet.keywords}"))
    is_national = sheet.authority_id is None
    people = asked_stems(asked_for(sheet.ref, sheet.asked, is_national=is_national))
    return confidence.signals(
        asked.concepts,
        scores=[score for _sheet, score in ordered[:SHOWN]],
        text=_reading(sheet, read).all_stems | own | people,
        title=own.union(stems(sheet.breadcrumb)),
        sheets=sheets,
    )


@dataclass(frozen=True)
class _At:
    """For whom and when a sheet is shown."""

    authority_id: int
    today: date


def _hit(
    sheet: Sheet, score: float, asked: Asked, at: _At, reading: Reading, *, is_pinned: bool
) -> Hit:
    is_marked = passages.marker(asked.marked, asked.prefix)
    quote = passages.passage(reading, asked.weights, is_marked)
    return Hit(
        sheet_id=sheet.pk,
        ref=sheet.ref,
        title=sheet.title,
        score=round(score, 3),
        passage=quote,
        title_html=passages.marked(sheet.title, is_marked),
        passage_html=passages.marked(quote, is_marked),
        breadcrumb=sheet.breadcrumb,
        service=sheet.service.label if sheet.service else "",
        is_local=sheet.authority_id is not None,
        is_public=sheet.is_public,
        reviewed_on=sheet.reviewed_on,
        review_due_on=sheet.review_due_on,
        stale=sheet.is_stale(at.today),
        is_pinned=is_pinned,
        authority_id=sheet.authority_id,
        owner=queries.owner_name(sheet, at.authority_id),
    )
