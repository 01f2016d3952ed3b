"""Every change to what makes sheets found: words, pins, saved questions, gaps, votes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge.actions.sheets import collection_changed
from parvis.knowledge.models import (
    Gap,
    Pin,
    QuestionSet,
    SavedQuestion,
    Searched,
    SearchMeasure,
    Sheet,
    Synonym,
    Vote,
)
from parvis.knowledge.rules import finding as rules
from parvis.organisations.models import Service

KEPT_FOR = timedelta(days=90)


@transaction.atomic
def keep_synonym(actor: Actor, *, said: str, written: str, author: str, now: datetime) -> Synonym:
    """What people say also finds sheets that say it otherwise; in force at once on every node."""
    said, written = one_line(said)[:200], one_line(written)[:300]
    if not said or not written:
        raise Refused(_("Give what people say, and what sheets say."))
    kept, _made = Synonym.objects.update_or_create(
        authority_id=actor.authority_id,
        said=said,
        defaults={"written": written, "author": author, "created_at": now},
    )
    journal.record(actor, "knowledge.synonym_kept", kept, said=said)
    collection_changed()
    return kept


@transaction.atomic
def drop_synonym(actor: Actor, synonym: Synonym) -> None:
    """These words find only themselves again."""
    journal.record(actor, "knowledge.synonym_dropped", synonym, said=synonym.said)
    synonym.delete()
    collection_changed()


@transaction.atomic
def keep_pin(actor: Actor, *, words: str, sheet: Sheet, author: str, now: datetime) -> Pin:
    """For these words this sheet comes first; in force at once on every node."""
    words = one_line(words)[:200]
    if not words:
        raise Refused(_("Give the words of the question."))
    kept, _made = Pin.objects.update_or_create(
        authority_id=actor.authority_id,
        words=words,
        defaults={"sheet": sheet, "author": author, "created_at": now},
    )
    journal.record(actor, "knowledge.pin_kept", kept, words=words, sheet=sheet.ref)
    collection_changed()
    return kept


@transaction.atomic
def drop_pin(actor: Actor, pin: Pin) -> None:
    """The search alone says what comes first."""
    journal.record(actor, "knowledge.pin_dropped", pin, words=pin.words)
    pin.delete()
    collection_changed()


@transaction.atomic
def keep_questions(
    actor: Actor, name: str, questions: Sequence[rules.Line], *, now: datetime
) -> QuestionSet:
    """Save a set of questions, in the place of the one with the same name."""
    name = one_line(name)[:100]
    if not name or not questions:
        raise Refused(_("Give a name and at least one question."))
    kept, _made = QuestionSet.objects.get_or_create(
        authority_id=actor.authority_id, name=name, defaults={"created_at": now}
    )
    kept.questions.all().delete()
    SavedQuestion.objects.bulk_create(
        SavedQuestion(question_set=kept, text=line.text, refs=list(line.refs), kind=line.kind)
        for line in questions
    )
    journal.record(actor, "knowledge.questions_kept", kept, questions=len(questions))
    return kept


@transaction.atomic
def add_question(actor: Actor, name: str, line: rules.Line, *, now: datetime) -> SavedQuestion:
    """Add one question to a set, or put right which sheets answer it there."""
    name, text = one_line(name)[:100], one_line(line.text)[:2000]
    if not name or not text:
        raise Refused(_("Give a name and at least one question."))
    kept, _made = QuestionSet.objects.get_or_create(
        authority_id=actor.authority_id, name=name, defaults={"created_at": now}
    )
    kept.questions.filter(text=text).delete()
    saved = SavedQuestion.objects.create(
        question_set=kept, text=text, refs=list(line.refs), kind=line.kind
    )
    journal.record(actor, "knowledge.question_added", kept, refs=list(line.refs))
    return saved


@transaction.atomic
def note_measure(question_set: QuestionSet, figures: rules.Figures, *, now: datetime) -> None:
    """Write down how well the search found that day."""
    SearchMeasure.objects.create(
        question_set=question_set,
        at=now,
        collection=figures.collection,
        questions=figures.questions,
        hit1=figures.hit1,
        hit3=figures.hit3,
        mrr=figures.mrr,
        answered=figures.answered,
        wrongly=figures.wrongly,
        p95_ms=figures.p95_ms,
    )


def renote_search(authority_id: int, noted: rules.Noted, *, secret: str, today: date) -> bool:
    """While somebody types, only the last state of a search is kept."""
    rows = Searched.objects.filter(secret=secret, authority_id=authority_id, opened=None)
    return bool(rows.update(**_searched(noted, today)))


def note_search(authority_id: int, noted: rules.Noted, *, secret: str, today: date) -> None:
    """Remember a search without who asked."""
    Searched.objects.create(authority_id=authority_id, secret=secret, **_searched(noted, today))


def _searched(noted: rules.Noted, today: date) -> dict[str, Any]:
    return {
        "day": today,
        "place": noted.place,
        "words": noted.words[:200],
        "stems": noted.stems[:200],
        "found": noted.found,
        "was_answered": noted.was_answered,
    }


def forget_search(authority_id: int, secret: str) -> None:
    """What began as a question turned out to be somebody's name."""
    Searched.objects.filter(authority_id=authority_id, secret=secret, opened=None).delete()


def note_opening(authority_id: int, secret: str, sheet: Sheet) -> None:
    """The search of this page led to a sheet."""
    rows = Searched.objects.filter(authority_id=authority_id, secret=secret)
    rows.update(opened=sheet, secret="")


def note_no(authority_id: int, secret: str) -> bool:
    """The person said that nothing of it was what they looked for."""
    rows = Searched.objects.filter(authority_id=authority_id, secret=secret, said_no=False)
    return bool(rows.update(said_no=True))


@transaction.atomic
def forget_searches(*, today: date) -> int:
    """Searches are kept for ninety days."""
    return Searched.objects.filter(day__lt=today - KEPT_FOR).delete()[0]


@transaction.atomic
def take_gap(actor: Actor, lack: rules.Lack, *, owner: Service | None, due_on: date | None) -> Gap:
    """Say who writes what people look for and do not find, and by when."""
    gap, _made = Gap.objects.update_or_create(
        authority_id=actor.authority_id,
        stems=lack.stems,
        defaults={
            "words": lack.words,
            "count": lack.count,
            "last_on": lack.last_on,
            "owner": owner,
            "due_on": due_on,
            "state": Gap.State.OPEN,
        },
    )
    journal.record(actor, "knowledge.gap_taken", gap, words=lack.words)
    return gap


@transaction.atomic
def close_gap(actor: Actor, lack: rules.Lack, *, sheet: Sheet | None, today: date) -> Gap:
    """The sheet is written; or, without one, this is not for us to answer."""
    gap, _made = Gap.objects.update_or_create(
        authority_id=actor.authority_id,
        stems=lack.stems,
        defaults={
            "words": lack.words,
            "count": lack.count,
            "last_on": lack.last_on,
            "sheet": sheet,
            "closed_on": today,
            "state": Gap.State.WRITTEN if sheet else Gap.State.DISMISSED,
        },
    )
    journal.record(actor, "knowledge.gap_closed", gap, words=lack.words, state=gap.state)
    return gap


@transaction.atomic
def vote(
    authority_id: int, sheet: Sheet, *, was_useful: bool, reason: str, place: str, today: date
) -> Vote:
    """Whether the sheet was useful; a reason goes to the service that keeps it."""
    return Vote.objects.create(
        authority_id=authority_id,
        sheet=sheet,
        version=sheet.current,
        day=today,
        place=place,
        was_useful=was_useful,
        reason=one_line(reason)[:500],
    )


@transaction.atomic
def settle_vote(actor: Actor, given: Vote, *, by: str, today: date) -> None:
    """The owner has read the reason and done what was to be done."""
    given.settled_on, given.settled_by = today, by
    given.save(update_fields=["settled_on", "settled_by"])
    journal.record(actor, "knowledge.vote_settled", given, sheet=given.sheet.ref)
