"""From a question to sheets: score title and body apart, add, check, quote, and say if unsure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import tantivy
from django.utils import timezone
from tantivy import Occur, Query

from parvis.knowledge import queries
from parvis.knowledge.models import Sheet
from parvis.knowledge.search import confidence, index, passages
from parvis.knowledge.search.confidence import Signals
from parvis.knowledge.search.index import BODY, INSIDE, TITLE, Opened
from parvis.knowledge.search.spelling import Speller
from parvis.knowledge.search.synonyms import synonyms
from parvis.knowledge.search.words import WORD, folded, question_stems, stems
from parvis.knowledge.search.words import stem as stem_of

LONGEST_QUESTION = 1000
MOST_TERMS = 40
TITLE_WEIGHT = 1.5
INSIDE_WEIGHT = 0.7
PAIR_WEIGHT = 0.3  # two words that follow each other as they were asked
SYNONYM_WEIGHT = 0.7
PREFIX_WEIGHT = 0.6
OWN_WEIGHT = 1.2  # about equal: what the authority says itself comes first
SPARE = 10  # own sheets that replace national ones, and sheets that just went away


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


@dataclass(frozen=True)
class Found:
    """What a search gives back; without an answer the results are only the closest sheets."""

    answered: bool
    results: list[Hit]
    signals: Signals | None = None


@dataclass
class _Asked:
    """A question as the index understands it."""

    stems: list[str]  # repaired
    known: list[float]  # 1 for a word that sheets use, half when repaired, 0 when nobody knows it
    prefix: str = ""  # the last word, if it may still be growing
    endings: list[str] = field(default_factory=list)  # stems that begin like it
    others: list[str] = field(default_factory=list)  # what sheets say instead
    weights: dict[str, float] = field(default_factory=dict)


def find(query: str, *, authority_id: int, limit: int = 10, public_only: bool = True) -> Found:
    """The sheets that one authority may show for a question, best first, never anybody else's."""
    opened = index.current()
    asked = _understood(query[:LONGEST_QUESTION], opened)
    if not asked.stems:
        return Found(answered=False, results=[])
    wanted = _query(asked, opened.schema, authority_id=authority_id, public_only=public_only)
    found = opened.searcher.search(wanted, limit + SPARE).hits
    ranked = [_stored(opened.searcher, address, score) for score, address in found]
    pairs = _checked(ranked, authority_id=authority_id, public_only=public_only)[:limit]
    if not pairs:
        return Found(answered=False, results=[])
    signals = _signals(asked, pairs)
    today = timezone.localdate()
    results = [_hit(s, score, asked, today, inside=not public_only) for s, score in pairs]
    return Found(confidence.is_answered(signals), results, signals)


def _understood(query: str, opened: Opened) -> _Asked:
    speller = opened.speller
    typed = question_stems(query)[:MOST_TERMS]
    prefix = _growing(query, typed)
    endings = speller.prefixed(folded(prefix)) if prefix else []
    read = [speller.repaired(word) for word in typed]
    if endings and not speller.frequency(typed[-1]):
        read[-1] = endings[0]  # not a mistake: a word that is not finished
    asked = _Asked(
        stems=list(dict.fromkeys(read)),
        known=[_known(t, r, speller) for t, r in zip(typed, read, strict=True)],
        prefix=prefix,
        endings=[ending for ending in endings if ending not in read],
    )
    said = synonyms()
    others = dict.fromkeys(other for stem in read for other in said.get(stem, ()))
    asked.others = [stem for stem in others if stem not in read and speller.frequency(stem)]
    total = max(1, int(opened.searcher.num_docs))
    for stem in [*asked.stems, *asked.endings, *asked.others]:
        frequency = speller.frequency(stem)
        asked.weights[stem] = math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
    return asked


def _growing(query: str, typed: Sequence[str]) -> str:
    """The last word, while the question is short enough to be one that is still being typed."""
    last = WORD.findall(query)[-1:] if query[-1:].isalnum() else []
    is_telling = bool(last and typed) and stem_of(last[0]) == typed[-1]
    return last[0] if is_telling and len(typed) <= 3 and len(last[0]) > 1 else ""


def _known(typed: str, repaired: str, speller: Speller) -> float:
    if not speller.frequency(repaired):
        return 0.0
    return 1.0 if repaired.startswith(typed) else 0.5


def _query(asked: _Asked, schema: tantivy.Schema, *, authority_id: int, public_only: bool) -> Query:
    fields = [(TITLE, TITLE_WEIGHT), (BODY, 1.0)]
    if not public_only:
        fields.append((INSIDE, INSIDE_WEIGHT))
    terms = [
        _boosted(Query.term_query(schema, name, stem, "freq"), weight)
        for name, weight in fields
        for stem in asked.stems
    ]
    terms += [
        _boosted(Query.phrase_query(schema, name, list(pair)), weight * PAIR_WEIGHT)
        for name, weight in fields
        for pair in zip(asked.stems, asked.stems[1:], strict=False)
    ]
    terms += [
        _boosted(Query.term_query(schema, name, stem, "freq"), weight * SYNONYM_WEIGHT)
        for name, weight in fields
        for stem in asked.others
    ]
    if asked.endings:
        terms += [
            _boosted(_best_of(schema, name, asked.endings), weight * PREFIX_WEIGHT)
            for name, weight in fields
        ]
    readers = Query.boolean_query(
        [
            (Occur.Should, Query.term_query(schema, "authority", owner))
            for owner in {0, authority_id}
        ]
    )
    must = [(Occur.Must, Query.const_score_query(readers, 0.0))]
    if public_only:
        is_public = Query.term_query(schema, "public", True)
        must.append((Occur.Must, Query.const_score_query(is_public, 0.0)))
    said = Query.boolean_query([(Occur.Should, term) for term in terms])
    return Query.boolean_query([*must, (Occur.Must, said)])


def _best_of(schema: tantivy.Schema, name: str, endings: Sequence[str]) -> Query:
    return Query.disjunction_max_query(
        [Query.term_query(schema, name, stem, "freq") for stem in endings]
    )


def _boosted(query: Query, weight: float) -> Query:
    return query if weight == 1.0 else Query.boost_query(query, weight)


def _stored(
    searcher: tantivy.Searcher, address: tantivy.DocAddress, score: float
) -> tuple[int, str, float]:
    document = searcher.doc(address)
    return int(document["sheet"][0]), str(document["ref"][0]), float(score)


def _checked(
    ranked: Sequence[tuple[int, str, float]], *, authority_id: int, public_only: bool
) -> list[tuple[Sheet, float]]:
    """Only what the database lets this reader see now, each reference once, own sheets first."""
    rows = queries.hits(
        authority_id,
        [sheet_id for sheet_id, _ref, _score in ranked],
        [ref for _sheet_id, ref, _score in ranked],
        public_only=public_only,
    )
    by_id = {sheet.pk: sheet for sheet in rows}
    own = {sheet.ref: sheet for sheet in rows if sheet.authority_id is not None}
    pairs: dict[str, tuple[Sheet, float]] = {}
    for sheet_id, ref, score in ranked:
        sheet = own.get(ref) or by_id.get(sheet_id)
        if sheet is not None:
            weight = 1.0 if sheet.authority_id is None else OWN_WEIGHT
            pairs.setdefault(ref, (sheet, score * weight))
    return sorted(pairs.values(), key=lambda pair: -pair[1])


def _signals(asked: _Asked, pairs: Sequence[tuple[Sheet, float]]) -> Signals:
    said = synonyms()
    best = pairs[0][0]
    headline = f"{best.title} {best.breadcrumb} {best.keywords}"
    return confidence.signals(
        [frozenset({stem, *said.get(stem, ())}) for stem in asked.stems],
        weights=[asked.weights[stem] for stem in asked.stems],
        known=asked.known,
        scores=[score for _sheet, score in pairs],
        texts=[
            frozenset(stems(f"{s.title} {s.keywords} {_current_text(s)}")) for s, _ in pairs[:3]
        ],
        title=frozenset(stems(headline)),
    )


def _current_text(sheet: Sheet) -> str:
    return sheet.current.text if sheet.current else ""


def _hit(sheet: Sheet, score: float, asked: _Asked, today: date, *, inside: bool) -> Hit:
    text = _current_text(sheet)
    if inside and sheet.current:
        text += "\n" + queries.inside_words(sheet.current.blocks)
    is_marked = passages.marker([*asked.stems, *asked.endings], asked.prefix)
    quote = passages.passage(text, asked.weights, is_marked)
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
        stale=sheet.is_stale(today),
    )
