"""How the fields of a sheet are scored for a question: each by itself, then added."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from parvis.knowledge.search.asking import Asked, Concept, paired
from parvis.knowledge.search.synonyms import Phrase

TITLE, BODY, KEYWORDS = "title", "body", "keywords"
ASKED = "asked"  # how people ask for what a sheet answers
NAMES, INSIDE_NAMES = "names", "inside_names"  # what a sheet is called, each name as one term
TITLE_PAIRS, BODY_PAIRS = "title_pairs", "body_pairs"
INSIDE, INSIDE_TITLE = "inside", "inside_title"  # words that only agents may find
EVERYBODY = 0  # among the readers of a sheet: any authority

TITLE_WEIGHT = 1.5
LETTER_TITLE_WEIGHT = 1.2  # a letter has many words, some of which stand in titles by chance
SHORT, PER_WORD = 8, 0.05
KEYWORDS_WEIGHT = 1.4  # editors wrote them for the search
ASKED_WEIGHT = 1.8
INSIDE_WEIGHT = 0.7
PAIR_WEIGHT = 0.2
SYNONYM_WEIGHT = 0.6
GROUP_WEIGHT = 0.9
PHRASE_PAIR_WEIGHT = 0.3
PREFIX_WEIGHT = 0.6
NAME_WEIGHT = 2.0  # who types the name of a thing wants that thing
TIE = 0.1  # of the other ways to say a thing, when one of them is found already


@dataclass(frozen=True)
class Field:
    """A field with its weight and the field of its pairs of words, if it has one."""

    name: str
    weight: float
    pairs: str = ""


def fields(asked: Asked, *, public_only: bool) -> list[Field]:
    """The fields that this reader may be answered from."""
    longer = max(0, len(asked.concepts) - SHORT)
    title = max(LETTER_TITLE_WEIGHT, TITLE_WEIGHT - longer * PER_WORD)
    chosen = [
        Field(TITLE, title, TITLE_PAIRS),
        Field(BODY, 1.0, BODY_PAIRS),
        Field(KEYWORDS, KEYWORDS_WEIGHT),
        Field(ASKED, ASKED_WEIGHT),
    ]
    if not public_only:
        chosen += [Field(INSIDE, INSIDE_WEIGHT), Field(INSIDE_TITLE, title)]
    return chosen


def query(
    asked: Asked,
    schema: tantivy.Schema,
    *,
    readers: Collection[int],
    public_only: bool,
    filters: Sequence[tuple[str, str | int]] = (),
) -> Query:
    """What the index is asked; who may read is part of it and weighs nothing."""
    terms = [
        term
        for one in fields(asked, public_only=public_only)
        for term in _Terms(schema, one).of(asked)
    ]
    terms += list(_named(asked, schema, public_only=public_only))
    wording = Query.boolean_query(
        [(Occur.Should, Query.term_query(schema, "readers", reader)) for reader in readers]
    )
    walls = [wording, *(Query.term_query(schema, name, value) for name, value in filters)]
    if public_only:
        walls.append(Query.term_query(schema, "public", True))
    return Query.boolean_query(
        [
            *((Occur.Must, Query.const_score_query(wall, 0.0)) for wall in walls),
            # Who has local words on a sheet of everybody reads it in its own wording only.
            *((Occur.MustNot, Query.term_query(schema, "without", reader)) for reader in readers),
            (Occur.Must, Query.boolean_query([(Occur.Should, term) for term in terms])),
        ]
    )


def _named(asked: Asked, schema: tantivy.Schema, *, public_only: bool) -> Iterator[Query]:
    if asked.name:
        for name in (NAMES,) if public_only else (NAMES, INSIDE_NAMES):
            term = Query.term_query(schema, name, asked.name, "freq")
            yield Query.boost_query(term, NAME_WEIGHT)


class _Terms:
    """The parts of a query for one field."""

    def __init__(self, schema: tantivy.Schema, field: Field) -> None:
        self._schema, self._field = schema, field

    def of(self, asked: Asked) -> Iterator[Query]:
        for concept in asked.concepts:
            yield self._concept(concept)
        for phrases in asked.groups:
            yield self._best([self._phrase(phrase, GROUP_WEIGHT) for phrase in phrases])
        if self._field.pairs:
            for pair in asked.pairs:
                yield self._term(pair, PAIR_WEIGHT, self._field.pairs)
        if asked.endings:
            ways = [self._term(ending, PREFIX_WEIGHT) for ending in asked.endings]
            yield Query.disjunction_max_query(ways)

    def _concept(self, concept: Concept) -> Query:
        others = [self._phrase(phrase, SYNONYM_WEIGHT) for phrase in concept.others]
        return self._best([self._term(concept.stem, concept.weight), *others])

    def _phrase(self, phrase: Phrase, weight: float) -> Query:
        terms = [self._term(stem, weight) for stem in phrase]
        if self._field.pairs:
            terms += [
                self._term(pair, weight * PHRASE_PAIR_WEIGHT, self._field.pairs)
                for pair in paired(phrase)
            ]
        return terms[0] if len(terms) == 1 else _any(terms)

    def _best(self, ways: Sequence[Query]) -> Query:
        return ways[0] if len(ways) == 1 else Query.disjunction_max_query(list(ways), TIE)

    def _term(self, stem: str, weight: float, name: str = "") -> Query:
        term = Query.term_query(self._schema, name or self._field.name, stem, "freq")
        boost = weight * self._field.weight
        return term if boost == 1.0 else Query.boost_query(term, boost)


def _any(terms: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, term) for term in terms])
