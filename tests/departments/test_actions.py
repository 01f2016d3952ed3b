from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django_tasks_db.models import DBTaskResult

from parvis.accounts import actions as accounts
from parvis.common.errors import Refused
from parvis.departments import actions
from parvis.departments.models import Question, QuestionStep
from parvis.departments.queries import answers_for, known_answers
from parvis.departments.rules.questions import Promise
from parvis.knowledge import actions as knowledge
from tests.accounts.factories import ines, marc, rozenn
from tests.departments.factories import (
    NOON,
    TEXT,
    answered,
    asked,
    civil_status,
    clara,
    everybody,
    laurent,
    minutes,
    of_voirie,
    planned,
)
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import SeasonFactory

pytestmark = pytest.mark.django_db


def steps(question, *verbs):
    rows = QuestionStep.objects.filter(question=question).order_by("pk")
    return [row.step for row in rows if row.verb in (verbs or ("turned", "skipped"))]


def test_a_question_goes_to_the_liaison_with_the_time_promised():
    liaison, *_others = everybody()
    question = asked()
    assert question.holder == liaison
    assert question.due_at == NOON + minutes(6)
    assert question.step_due_at == NOON + minutes(3)
    assert steps(question) == ["liaison"]


def test_unanswered_it_goes_on_step_by_step_each_once():
    people = everybody()
    question = asked()
    for at, holder in zip((3, 6, 9), people[1:], strict=True):
        assert not actions.look_at(question.pk, now=NOON + minutes(at) - timedelta(seconds=1))
        assert actions.look_at(question.pk, now=NOON + minutes(at))
        assert not actions.look_at(question.pk, now=NOON + minutes(at))  # another process
        question.refresh_from_db()
        assert question.holder == holder
    assert not actions.look_at(question.pk, now=NOON + minutes(60))
    assert steps(question) == ["liaison", "deputy", "head", "reception"]


def test_the_database_keeps_each_step_once():
    question = asked()
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionStep.objects.create(
            question=question, verb="turned", at=NOON, step=question.step, service=question.service
        )


def test_the_trail_cannot_be_changed():
    question = asked()
    for statement in ("UPDATE departments_questionstep SET words = 'x'",
                      "DELETE FROM departments_questionstep"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert steps(question, "turned") == ["reception"]  # nobody else is known in this house


def test_nothing_stays_with_a_liaison_who_goes_out():
    liaison, deputy, *_others = everybody()
    question = asked()
    accounts.go_out(liaison, now=NOON + minutes(1))
    question.refresh_from_db()
    assert question.holder == deputy
    later = asked("Combien coûte un duplicata ?", now=NOON + minutes(2))
    assert later.holder == deputy
    assert steps(later) == ["liaison", "deputy"]


def test_a_liaison_who_is_back_is_asked_again():
    liaison, *_others = everybody()
    accounts.go_out(liaison, now=NOON, back_at=NOON + minutes(30))
    assert asked(now=NOON + minutes(31)).holder == liaison
    accounts.come_in(liaison, now=NOON + minutes(40))
    assert asked(now=NOON + minutes(41)).holder == liaison


def test_a_service_without_liaison_is_asked_through_its_referents():
    referent = of_voirie()
    assert asked(service=referent.service).holder == referent


def test_whoever_closes_an_account_gives_back_what_it_held():
    liaison, deputy, _head, manager = everybody()
    question = asked()
    accounts.deactivate(liaison, actor=manager, now=NOON + minutes(1))
    question.refresh_from_db()
    assert question.holder == deputy


def test_the_clock_is_set_in_the_same_transaction():
    everybody()
    question = asked()
    job = DBTaskResult.objects.get(task_path="parvis.departments.tasks.look_at")
    assert job.args_kwargs["args"] == [question.pk]
    assert job.run_after == question.step_due_at
    assert actions.look_at_due(now=NOON + minutes(3)) == 1  # and whatever was lost is looked at


def test_without_a_visitor_only_open_hours_count():
    everybody()
    site = SeasonFactory.create().site  # Monday to Friday, 8:30 to 17:30
    question = asked(visitor_present=False, site=site)
    assert question.due_at == NOON + timedelta(hours=5, minutes=30) + timedelta(hours=15 + 2.5)


def test_a_service_may_promise_another_time():
    everybody()
    actions.keep_promise(civil_status().authority, None, Promise(10, 5, 4, 2), actor=marc())
    assert asked().due_at == NOON + minutes(10)
    actions.keep_promise(
        civil_status().authority, civil_status(), Promise(4, 2, 4, 2), actor=marc()
    )
    assert asked().due_at == NOON + minutes(4)


def test_who_takes_a_question_gets_the_time_of_a_step():
    liaison, *_others = everybody()
    question = actions.take(asked(), agent=liaison, now=NOON + minutes(2))
    assert question.state == "seen"
    assert question.step_due_at == NOON + minutes(5)
    assert actions.take(question, agent=liaison, now=NOON + minutes(3)).step_due_at == (
        NOON + minutes(5)
    )


def test_an_answer_waits_for_who_asked_until_it_is_read():
    everybody()
    question = answered()
    assert question.state == "answered"
    assert answers_for(ines()) == [question]
    actions.mark_shown(question, agent=ines(), now=NOON + minutes(4))
    assert answers_for(ines()) == []


def test_an_answer_after_the_visit_is_too_late_for_the_visitor():
    liaison, *_others = everybody()
    question = asked(visit=actions.Visit("E 042", "ticket", 42))
    assert actions.visitor_left("ticket", 42, now=NOON + minutes(4)) == 1
    assert actions.visitor_left("ticket", 42, now=NOON + minutes(5)) == 0
    done = actions.answer(question, "Oui.", level="public", agent=liaison, now=NOON + minutes(9))
    assert done.state == "late"


def test_two_colleagues_answer_and_the_second_is_told():
    liaison, deputy, *_others = everybody()
    question = asked()
    actions.answer(question, "Oui.", level="public", agent=liaison, now=NOON)
    with pytest.raises(Refused):
        actions.answer(question, "Non.", level="public", agent=deputy, now=NOON)
    question.refresh_from_db()
    assert question.answer == "Oui."


def test_a_colleague_of_another_service_does_not_answer():
    everybody()
    with pytest.raises(Refused):
        actions.answer(asked(), "Oui.", level="public", agent=of_voirie(), now=NOON)


@pytest.mark.parametrize("words", ["", "  \n "])
def test_an_empty_answer_is_refused(words):
    with pytest.raises(Refused):
        actions.answer(asked(), words, level="public", agent=clara(), now=NOON)


def test_a_question_is_passed_to_somebody_who_is_there():
    liaison, deputy, *_others = everybody()
    question = asked()
    accounts.go_out(deputy, now=NOON)
    with pytest.raises(Refused):
        actions.pass_on(question, deputy, agent=liaison, now=NOON)
    accounts.come_in(deputy, now=NOON)
    done = actions.pass_on(question, deputy, agent=liaison, now=NOON, words="Tu connais.")
    assert done.holder == deputy
    with pytest.raises(Refused):
        actions.pass_on(question, rozenn(), agent=liaison, now=NOON)


def test_another_service_begins_with_its_own_liaison_and_back_again_with_the_head():
    liaison, _deputy, _head, manager = everybody()
    other = of_voirie(role="LIA")
    question = actions.move(
        asked(), other.service, agent=liaison, now=NOON, words="C’est la voirie."
    )
    assert question.holder == other
    for at in (3, 6, 9):
        actions.look_at(question.pk, now=NOON + minutes(at))
    back = actions.move(question, civil_status(), agent=manager, now=NOON + minutes(10))
    assert back.holder is not None
    assert steps(back).count("liaison") == 2  # once in each service


def test_only_who_asked_takes_a_question_back():
    liaison, *_others = everybody()
    question = asked()
    with pytest.raises(Refused):
        actions.withdraw(question, agent=liaison, now=NOON)
    assert actions.withdraw(question, agent=ines(), now=NOON).state == "withdrawn"
    with pytest.raises(Refused):
        actions.answer(question, "Oui.", level="public", agent=liaison, now=NOON)


def test_a_question_is_closed_with_a_reason():
    question = asked()
    with pytest.raises(Refused):
        actions.close(question, agent=marc(), now=NOON, words=" ")
    assert actions.close(question, agent=marc(), now=NOON, words="Sans objet").state == "closed"


def test_the_same_question_is_known_again_and_used_with_one_action():
    everybody()
    first = answered()
    known = known_answers(ines(), "photo de la carte pour le livret de famille ?", now=NOON)
    assert [one.question for one in known] == [first]
    again = actions.reuse(first, agent=ines(), now=NOON + minutes(60), text="Une photo ?")
    assert again.answer == first.answer
    assert answers_for(ines()) == [first, again]
    with pytest.raises(Refused):
        actions.reuse(first, agent=rozenn(), now=NOON)


def test_the_words_of_a_question_asked_again_are_one_line():
    everybody()
    first = answered()

    again = actions.reuse(
        first, agent=ines(), now=NOON, text="Une\x00 photo\r\nou  deux ? " + "x" * 900
    )

    assert again.text.startswith("Une photo ou deux ? x")
    assert len(again.text) == 500


def test_an_answer_becomes_a_new_sheet_with_its_source():
    everybody()
    question = answered()
    draft = actions.draft_from_answer(question, agent=clara(), now=NOON, is_correction=False)
    assert draft.short_answer == question.answer
    assert draft.title == TEXT.rstrip(" ?")
    assert "État civil" in draft.about["source_note"]
    assert actions.draft_from_answer(question, agent=ines(), now=NOON, is_correction=False) == draft


def test_an_internal_answer_stays_internal_in_the_sheet():
    liaison, *_others = everybody()
    question = actions.answer(asked(), "Code 4711.", level="internal", agent=liaison, now=NOON)
    draft = actions.draft_from_answer(question, agent=liaison, now=NOON, is_correction=False)
    assert draft.short_answer == ""
    assert draft.about["is_public"] is False
    assert {b["level"] for b in draft.blocks if "4711" in b["text"]} == {"internal"}


def test_an_answer_corrects_the_block_that_the_question_named():
    liaison, *_others = everybody()
    sheet = local_sheet()
    question = asked(sheet=sheet, block="documents")
    actions.answer(question, "Une copie suffit.", level="public", agent=liaison, now=NOON)
    draft = actions.draft_from_answer(question, agent=liaison, now=NOON, is_correction=True)
    [changed] = [b for b in draft.blocks if "Une copie suffit." in b["text"]]
    assert changed["kind"] == "documents"
    assert "Une pièce d’identité" in changed["text"]  # what stood there stays
    assert draft.sheet == sheet


def test_an_internal_answer_never_joins_a_public_block():
    liaison, *_others = everybody()
    question = asked(sheet=local_sheet(), block="documents")
    actions.answer(question, "Voir le code.", level="internal", agent=liaison, now=NOON)
    draft = actions.draft_from_answer(question, agent=liaison, now=NOON, is_correction=True)
    assert {b["level"] for b in draft.blocks if "Voir le code." in b["text"]} == {"internal"}


def test_a_round_closes_only_with_a_change_or_nothing_new():
    found = planned()
    with pytest.raises(Refused):
        actions.close_round(found, agent=marc(), now=NOON, minutes="Vu l’équipe.")
    done = actions.close_round(
        found, agent=marc(), now=NOON, minutes="Vu l’équipe.", nothing_new=True
    )
    assert (done.state, done.nothing_new) == ("done", True)
    other = planned()
    actions.begin_draft(other, agent=marc(), now=NOON, title="Horaires d’été")
    done = actions.close_round(other, agent=marc(), now=NOON, minutes="Nouveaux horaires.")
    assert not done.nothing_new


def test_a_round_that_leads_to_a_sheet_takes_up_the_text_on_its_way():
    sheet = local_sheet()
    writing = knowledge.open_draft(sheet, agent=marc(), now=NOON)
    assert actions.begin_draft(planned(), agent=marc(), now=NOON, sheet=sheet) == writing


def test_a_round_put_off_takes_its_topics_along():
    found = planned()
    actions.add_topic(found, "Le nouveau formulaire", agent=marc(), now=NOON)
    with pytest.raises(Refused):
        actions.cancel_round(found, agent=marc(), now=NOON, reason=" ")
    later = actions.postpone_round(
        found, agent=marc(), now=NOON, reason="Grippe", planned_at=NOON + timedelta(days=7)
    )
    found.refresh_from_db()
    assert found.state == "postponed"
    assert [one.words for one in later.topics.all()] == ["Le nouveau formulaire"]
    with pytest.raises(Refused):
        actions.close_round(found, agent=marc(), now=NOON, minutes="Vu.", nothing_new=True)


def test_minutes_are_not_written_before_the_round():
    found = planned(planned_at=NOON + timedelta(days=1))
    with pytest.raises(Refused):
        actions.close_round(found, agent=marc(), now=NOON, minutes="Vu.", nothing_new=True)


def test_an_answer_in_the_database_has_words_and_a_level():
    question = asked()
    with pytest.raises(DatabaseError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(state="answered")


def test_the_head_of_the_department_may_answer_what_comes_to_them():
    everybody()
    question = asked()
    assert actions.answer(question, "Oui.", level="public", agent=laurent(), now=NOON)
