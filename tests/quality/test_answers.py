"""What departments promise the desks, counted from the questions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.departments import actions
from parvis.quality.queries import Perimeter, frame_of, measures
from parvis.quality.queries.answers import by_service
from parvis.quality.rules.answers import Asked, answers
from tests.accounts.factories import ines, marc
from tests.departments.factories import answered, asked, everybody, minutes, of_voirie

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def one(after: float | None = None, *, due: float = 6, **values) -> Asked:
    at = None if after is None else NOON + minutes(after)
    return Asked(NOON, NOON + minutes(due), at, values.pop("visitor", True), **values)


def told(rows, now=NOON + timedelta(hours=1)):
    return {measure.code: measure for measure in answers(rows, now)}


def test_the_median_and_the_promises_kept():
    found = told([one(2), one(4), one(5), one(9), one(20)])
    assert found["ANSWER-VISITOR"].value == 300
    assert found["ANSWER-KEPT"].value == 3 / 5
    assert found["ANSWER-DELAY"].denominator == 0


def test_what_is_open_beyond_its_time_counts_against_the_promise():
    found = told([one(2), one(3), one(), one(), one(is_closed=True)])
    assert found["ANSWER-NONE"].value == 3 / 5
    assert found["ANSWER-KEPT"].value == 2 / 5
    assert found["ANSWER-VISITOR"].excluded == {"unanswered": 3}


def test_what_says_nothing_about_the_promise_is_left_out_and_counted():
    rows = [one(due=90), one(is_withdrawn=True), one(1, is_reused=True)]
    found = told([*rows, *(one(1) for _n in range(5))])
    assert found["ANSWER-KEPT"].denominator == 5
    assert found["ANSWER-KEPT"].excluded == {"not_due": 1, "withdrawn": 1, "reused": 1}


def test_questions_for_which_several_were_asked():
    found = told([one(2, turns=1), one(8, turns=2), one(9, turns=3), one(1), one(1)])
    assert found["ANSWER-PASSED"].value == 2 / 5


def test_fewer_than_five_are_hidden():
    assert told([one(2)] * 4)["ANSWER-KEPT"].hidden


@given(st.lists(st.tuples(st.none() | st.floats(0, 500), st.booleans(), st.integers(1, 4))))
def test_shares_are_shares_and_nothing_is_lost(rows):
    found = told([one(after, visitor=visitor, turns=turns) for after, visitor, turns in rows])
    kept, none = found["ANSWER-KEPT"], found["ANSWER-NONE"]
    assert kept.denominator == none.denominator == len(rows)
    if not kept.hidden:
        assert 0 <= kept.numerator + none.numerator <= len(rows)


@pytest.mark.django_db
class TestOverQuestions:
    def perimeter(self, now) -> Perimeter:
        today = timezone.localdate(now)
        return Perimeter(ines().authority, today, today)

    def test_the_figures_come_from_the_questions(self):
        everybody()
        for n in range(5):
            answered(f"Et la pièce numéro {n} ?", now=NOON + minutes(n))
        late = asked("Et pour un mineur ?", now=NOON)
        actions.look_at(late.pk, now=NOON + minutes(3))

        found = {
            measure.code: measure
            for measure in measures(self.perimeter(NOON), now=NOON + timedelta(hours=2))
        }

        assert found["ANSWER-VISITOR"].value == 120
        assert found["ANSWER-KEPT"].value == 5 / 6
        assert found["ANSWER-PASSED"].value == 1 / 6

    def test_each_department_by_itself(self):
        everybody()
        answered(now=NOON)
        answered(now=NOON, service=of_voirie().service, by=of_voirie())
        frame = frame_of(self.perimeter(NOON))
        assert {row.service.slug for row in by_service(frame, NOON)} == {"voirie", "etat-civil"}

    def test_a_figure_leads_to_its_questions_without_their_words(self, client):
        everybody()
        question = answered("Une question qui nomme quelqu’un ?", now=timezone.now())
        day = timezone.localdate().isoformat()
        days = {"first": day, "last": day}
        client.force_login(marc())

        page = client.get(reverse("quality:rows"), {**days, "rows": "questions"})
        csv = client.get(reverse("quality:export"), {**days, "rows": "questions"})
        services = client.get(reverse("quality:services"), days)
        table = client.get(reverse("quality:export"), {**days, "rows": "services"})

        assert reverse("departments:question", args=[question.pk]) in page.content.decode()
        for answer in (page, csv, services, table):
            text = b"".join(answer) if answer.streaming else answer.content
            assert "qui nomme" not in text.decode()
            assert "tat civil" in text.decode()
