from datetime import UTC, datetime, timedelta

import pytest

from parvis.mail import rules
from parvis.mail.rules import Evidence, Found, Thread

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
ODETTE = "odette@example.org"


def thread(case_id: int = 1, found: Found = Found.IN_REPLY_TO) -> Thread:
    return Thread(case_id, found, frozenset({ODETTE}))


def test_only_a_party_of_the_case_gets_into_it():
    known = rules.sort(Evidence(ODETTE, threads=(thread(),)))
    unknown = rules.sort(Evidence("x@example.net", threads=(thread(),)))

    assert (known.state, known.case_id) == ("threaded", 1)
    assert (unknown.state, unknown.reason, unknown.case_id) == ("quarantined", "stranger", 1)


def test_what_names_two_cases_is_for_somebody_to_decide():
    assert rules.sort(Evidence(ODETTE, threads=(thread(1), thread(2)))).reason == "two_cases"


@pytest.mark.parametrize(
    "given",
    [
        {"auto_submitted": "auto-replied"}, {"by_machine": True}, {"null_sender": True},
        {"precedence": "auto_reply"}, {"is_list": True}, {"precedence": "bulk"}, {"is_ours": True},
        {"is_report": True}, {"sender": "postmaster@example.net"},
    ],
)  # fmt: skip
def test_no_machine_is_ever_answered(given: dict[str, object]):
    verdict = rules.sort(Evidence(**{"sender": ODETTE, **given}))  # type: ignore[arg-type]

    assert not verdict.may_answer
    assert verdict.state in {"automatic", "bounce"}


def test_a_machine_gets_no_message_into_a_case():
    verdict = rules.sort(Evidence(ODETTE, auto_submitted="auto-replied", threads=(thread(),)))

    assert (verdict.state, verdict.case_id) == ("automatic", 1)


@pytest.mark.parametrize(
    "address",
    [
        "no-reply@x.fr", "noreply@x.fr", "ne-pas-repondre@x.fr", "donotreply@x.fr",
        "service.noreply@x.fr", "nepasrepondre@x.fr",
    ],
)  # fmt: skip
def test_an_address_that_says_no(address: str):
    assert rules.is_no_reply(address)
    assert not rules.sort(Evidence(address)).may_answer


@pytest.mark.parametrize("address", ["accueil@x.fr", "reply@x.fr", "nora.reply@x.fr", "noel@x.fr"])
def test_an_address_that_does_not(address: str):
    assert not rules.is_no_reply(address)


@pytest.mark.parametrize(
    ("action", "status", "dead"),
    [
        ("failed", "5.1.1", True), ("failed", "5.2.1", True), ("failed", "5.2.2", False),
        ("failed", "5.7.1", False), ("failed", "4.1.1", False), ("delayed", "5.1.1", False),
        ("failed", "5.1.10", True), ("failed", "", False),
    ],
)  # fmt: skip
def test_which_reports_kill_an_address(action: str, status: str, dead: bool):
    assert rules.kills_the_address(action, status) == dead


def test_one_arrival_is_told_each_day():
    assert rules.may_answer(None, NOON)
    assert not rules.may_answer(NOON, NOON + timedelta(hours=23))
    assert rules.may_answer(NOON, NOON + timedelta(hours=24))


def test_a_chain_keeps_its_beginning_and_its_end():
    chain = rules.chain([f"<{n}@x>" for n in range(50)], "<last@x>")

    assert (chain[0], chain[-1], len(chain)) == ("<0@x>", "<last@x>", 20)
    assert rules.chain(["<a@x>", "<a@x>"], "") == ["<a@x>"]


@pytest.mark.parametrize("state", [rules.WAITING, rules.QUARANTINED])
def test_what_waits_may_be_sorted_and_not_taken_up(state: str):
    assert rules.may_be_sorted(state)
    assert not rules.may_be_taken_up(state)
