from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.feedback import rules
from tests.contacts.factories import NOON

DAY = timedelta(days=1)


def test_one_may_think_again_for_a_day():
    assert rules.may_change(answered_at=NOON, now=NOON + DAY, via="ticket")
    assert not rules.may_change(answered_at=NOON, now=NOON + DAY * 2, via="ticket")


def test_a_kiosk_never_overrules_an_answer():
    assert not rules.may_change(answered_at=NOON, now=NOON, via="kiosk")


def test_a_case_closed_since_asks_the_question_anew():
    assert rules.may_change(
        answered_at=NOON, now=NOON + DAY * 40, via="tracking", closed_at=NOON + DAY * 39
    )


@pytest.mark.parametrize("typed", ["E 42", "e42", "E-042", " E\u00a042 ", "Ｅ４２"])
def test_a_ticket_code_in_any_spelling(typed: str):
    assert rules.ticket_code(typed) == ("E", 42)


@pytest.mark.parametrize("typed", ["", "42", "E", "E 0", "EEE 4", "E 42; drop", "E 12345"])
def test_what_is_no_ticket_code(typed: str):
    assert rules.ticket_code(typed) is None


@given(st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused(typed: str):
    code = rules.ticket_code(typed)

    assert code is None or (code[0].isalpha() and code[1] > 0)
