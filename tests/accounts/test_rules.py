from datetime import UTC, datetime, timedelta

import pytest

from parvis.accounts import rules
from parvis.accounts.models import Role
from parvis.accounts.rules import PinProblem, SessionState

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
IDLE = timedelta(minutes=30)


def state(*, hours=1.0, quiet=1.0, locked=False):
    return rules.session_state(
        signed_in_at=NOON - timedelta(hours=hours),
        seen_at=NOON - timedelta(minutes=quiet),
        locked=locked,
        idle=IDLE,
        now=NOON,
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, SessionState.OPEN),
        ({"quiet": 30}, SessionState.OPEN),
        ({"quiet": 31}, SessionState.LOCKED),
        ({"locked": True}, SessionState.LOCKED),
        ({"hours": 12}, SessionState.OPEN),
        ({"hours": 12.1}, SessionState.OVER),
        ({"hours": 12.1, "locked": True}, SessionState.OVER),
    ],
)
def test_a_session_locks_when_left_alone_and_ends_with_the_day(given, expected):
    assert state(**given) is expected


@pytest.mark.parametrize(
    ("pin", "problem"),
    [
        ("12345", PinProblem.TOO_SHORT),
        ("12345a", PinProblem.NOT_DIGITS),
        ("１２３４５６", PinProblem.NOT_DIGITS),
        ("123456", PinProblem.TOO_EASY),
        ("987654", PinProblem.TOO_EASY),
        ("111111", PinProblem.TOO_EASY),
        ("121212", PinProblem.TOO_EASY),
        ("480915", None),
    ],
)
def test_a_pin_has_six_digits_that_nobody_guesses(pin, problem):
    assert rules.pin_problem(pin) is problem


def test_every_role_of_the_house_has_its_line_in_the_table():
    assert set(rules.CAPABILITIES) == set(Role.values)


def test_the_head_of_reception_gives_the_roles_of_the_hall_and_no_others():
    head = rules.capabilities_of(["MGR"])

    assert {"REC", "ADV", "REF", "LIA", "MGR"} <= rules.grantable(head)
    assert not rules.RESERVED & rules.grantable(head)


def test_the_administrator_gives_every_role_and_a_receptionist_none():
    assert rules.grantable(rules.capabilities_of(["ADM"])) == set(rules.CAPABILITIES)
    assert rules.grantable(rules.capabilities_of(["REC"])) == set()


def test_the_head_does_not_touch_the_account_of_an_administrator():
    head = rules.capabilities_of(["MGR"])

    assert rules.may_manage(head, ["REC", "REF"])
    assert not rules.may_manage(head, ["REC", "ADM"])


def test_the_administrator_cannot_read_cases():
    assert not {"cases.read", "contacts.read"} & rules.capabilities_of(["ADM"])
