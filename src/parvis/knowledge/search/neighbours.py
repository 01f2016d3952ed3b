"""The same search among the public sheets that neighbours wrote: answers of others, apart."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from parvis.knowledge import queries
from parvis.knowledge.models import Sheet
from parvis.knowledge.search import asking, index, passages, scoring
from parvis.knowledge.search.reading import NOTHING, readings
from parvis.knowledge.search.synonyms import Sayings

SPARE = 20  # sheets that these authorities only adopted


@dataclass(frozen=True)
class Answer:
    """What a neighbour's sheet says."""

    sheet: Sheet
    title_html: str
    passage_html: str


def find_among(
    query: str, authority_ids: Collection[int], *, sayings: Sayings, limit: int = 8
) -> list[Answer]:
    """The public sheets that these authorities wrote themselves, best first."""
    if not authority_ids:
        return []
    opened = index.current()
    total = max(1, int(opened.searcher.num_docs))
    asked = asking.understood(query, opened.speller, sayings, total)
    if not asked.concepts:
        return []
    wanted = scoring.query(asked, opened.schema, readers=sorted(authority_ids), public_only=True)
    hits = opened.searcher.search(wanted, limit + SPARE).hits
    ranked = [int(opened.searcher.doc(place)["sheet"][0]) for _score, place in hits]
    rows = {one.pk: one for one in queries.neighbours_sheets(authority_ids).filter(pk__in=ranked)}
    sheets = [rows[pk] for pk in dict.fromkeys(ranked) if pk in rows][:limit]
    return _answers(sheets, asked)


def _answers(sheets: Sequence[Sheet], asked: asking.Asked) -> list[Answer]:
    wanted = [(s.current.pk, s.current.content_hash, "") for s in sheets if s.current]
    read = readings(wanted, authority_id=0, inside=False)  # their public words, nothing laid over
    is_marked = passages.marker(asked.marked, asked.prefix)
    found = []
    for sheet in sheets:
        quote = passages.passage(read.get(sheet.current_id or 0, NOTHING), asked.weights, is_marked)
        found.append(
            Answer(
                sheet,
                passages.marked(sheet.title, is_marked),
                passages.marked(quote, is_marked),
            )
        )
    return found
