"""What a change of words, pins or a text would do, measured on saved questions beforehand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from parvis.knowledge import drafting, queries
from parvis.knowledge.models import QuestionSet, SheetDraft
from parvis.knowledge.rules.finding import Figures
from parvis.knowledge.search import evaluation, index
from parvis.knowledge.search.editors import Editors, editors
from parvis.knowledge.search.evaluation import Evaluation, Question
from parvis.knowledge.search.finding import first_refs

NOWHERE = 99  # the place of a sheet that is not among the first ones


@dataclass(frozen=True)
class Trial:
    """The figures before and after, and the questions that gain or lose."""

    before: Evaluation
    after: Evaluation
    better: Sequence[str]
    worse: Sequence[str]

    @property
    def hurts(self) -> bool:
        """Fewer right sheets among the first three than before."""
        return self.after.hit_at(3) < self.before.hit_at(3)


@dataclass(frozen=True)
class Change:
    """Words or a pin to be added (or taken away, when nothing is written)."""

    said: str
    written: str = ""
    sheet_id: int | None = None


def changed(authority_id: int, change: Change) -> Editors:
    """The editors' words and pins as they would be."""
    synonyms = dict(queries.synonym_pairs(authority_id))
    pins = dict(queries.pin_pairs(authority_id))
    if change.sheet_id is not None:
        pins[change.said] = change.sheet_id
    elif change.written:
        synonyms[change.said] = change.written
    else:
        synonyms.pop(change.said, None)
        pins.pop(change.said, None)
    return editors(list(synonyms.items()), list(pins.items()))


def questions_of(question_set: QuestionSet) -> list[Question]:
    """A saved set as the measurement takes it."""
    rows = question_set.questions.all()
    return [Question(row.text, frozenset(row.refs), row.kind) for row in rows]


def tried(question_set: QuestionSet, change: Change) -> Trial:
    """Ask every question of the set twice: as things are, and as they would be."""
    asked = questions_of(question_set)
    authority_id = question_set.authority_id
    before = evaluation.measure(asked, authority_id=authority_id)[""]
    candidate = changed(authority_id, change)
    after = evaluation.measure(asked, authority_id=authority_id, edited=candidate)[""]
    return _compared(asked, before, after)


def tried_draft(question_set: QuestionSet, draft: SheetDraft, *, now: datetime) -> Trial:
    """Ask every question of the set twice: as things are, and with this text published."""
    asked = questions_of(question_set)
    sheet = drafting.as_published(draft, now=now)
    find = partial(first_refs, authority_id=question_set.authority_id)
    before = _ranked(asked, partial(find, opened=index.current()))
    with index.as_if(sheet) as opened:
        after = _ranked(asked, partial(find, opened=opened, as_if=sheet))
    return _compared(asked, before, after)


def _ranked(asked: Sequence[Question], find: Callable[[str], list[str]]) -> Evaluation:
    return Evaluation(ranks=[one.rank_in(find(one.words)) for one in asked if one.expected])


def _compared(asked: Sequence[Question], before: Evaluation, after: Evaluation) -> Trial:
    with_sheet = [question for question in asked if question.expected]
    moves = [
        (question.words, (was or NOWHERE) - (now or NOWHERE))
        for question, was, now in zip(with_sheet, before.ranks, after.ranks, strict=True)
    ]
    return Trial(
        before,
        after,
        better=[words for words, gain in moves if gain > 0],
        worse=[words for words, gain in moves if gain < 0],
    )


def figures(result: Evaluation, collection: int) -> Figures:
    """What is written down of a measurement."""
    return Figures(
        collection=collection,
        questions=len(result.ranks) + len(result.wrongly),
        hit1=result.hit_at(1),
        hit3=result.hit_at(3),
        mrr=result.mrr,
        answered=result.answered_share,
        wrongly=result.wrongly_share,
        p95_ms=result.latency(0.95),
    )
