"""The weights of an authority, and what the search measures on questions that are known."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from parvis.assistant.models import Calibration
from parvis.assistant.rules.deciding import ANSWERABLE, NO_SHEET, OFF_TOPIC
from parvis.assistant.rules.training import Example
from parvis.knowledge.models import QuestionSet
from parvis.knowledge.rules.confidence import Weights, standard, weights
from parvis.knowledge.search import find, trial
from parvis.knowledge.search.evaluation import Question

FIRST = 3  # sheets that are shown as an answer
LONG = 150  # letters
TUNING, HELD_OUT = "tuning", "held_out"
OF_OUR_FIELD = {"no_sheet", "letter_none"}  # kinds of question that a sheet ought to answer


def last_calibration(authority_id: int) -> Calibration | None:
    """What the authority's own questions taught last."""
    return Calibration.objects.filter(authority_id=authority_id).first()


def weights_of(authority_id: int) -> Weights:
    """The weights in force for an authority: its own, or those of the program."""
    own = last_calibration(authority_id)
    return weights(own.weights) if own else standard()


def saved_questions(authority_id: int) -> list[Question]:
    """The questions of every set that the authority keeps."""
    sets = QuestionSet.objects.filter(authority_id=authority_id)
    return [question for kept in sets for question in trial.questions_of(kept)]


def half_of(question: Question) -> str:
    """In which half a question is: as its set says, else by its words, for good."""
    if question.half in {TUNING, HELD_OUT}:
        return question.half
    mark = hashlib.sha256(question.words.encode()).digest()[0]
    return TUNING if mark % 2 == 0 else HELD_OUT


def once(questions: Iterable[Question]) -> list[Question]:
    """Each question one time: the same words never lie in both halves."""
    found: dict[str, Question] = {}
    for question in questions:
        found.setdefault(" ".join(question.words.casefold().split()), question)
    return list(found.values())


def examples(
    questions: Sequence[Question],
    *,
    authority_id: int,
    progress: Callable[[int, int], Any] = lambda done, total: None,
) -> list[Example]:
    """Ask each question as the public of the authority would, and keep what was noticed."""
    found = []
    for done, question in enumerate(questions, start=1):
        found.append(example(question, authority_id=authority_id))
        progress(done, len(questions))
    return found


def example(question: Question, *, authority_id: int) -> Example:
    """One question with the signals of its search."""
    answer = find(question.words, authority_id=authority_id)
    first = {hit.ref for hit in answer.results[:FIRST]}
    return Example(
        answer.signals,
        kind_of(question),
        is_found=not first.isdisjoint(question.expected),
        is_long=len(question.words) > LONG,
    )


def kind_of(question: Question) -> str:
    """What should come of a question."""
    if question.expected:
        return ANSWERABLE
    return NO_SHEET if question.kind in OF_OUR_FIELD else OFF_TOPIC
