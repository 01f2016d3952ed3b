from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.contacts import rules
from tests.contacts.factories import NOON

RECEPTION = rules.Actor(frozenset({"REC", "ADV", "MGR"}), service_id=1)
REFERENT = rules.Actor(frozenset({"REF"}), service_id=1)


def test_reception_settles_level_one():
    assert rules.may_resolve(level=1, owning_service_id=1, actor=RECEPTION)


def test_reception_does_not_settle_level_two_even_within_the_service():
    assert not rules.may_resolve(level=2, owning_service_id=1, actor=RECEPTION)


def test_a_referent_of_the_owning_service_settles_level_two():
    assert rules.may_resolve(level=2, owning_service_id=1, actor=REFERENT)


def test_a_referent_of_another_service_does_not():
    assert not rules.may_resolve(level=2, owning_service_id=2, actor=REFERENT)


def test_only_a_resolved_contact_is_beyond_level():
    outcomes = ["resolved", "passed_on", "case_opened", "abandoned"]

    beyond = [
        rules.is_beyond_level(outcome=o, level=2, owning_service_id=2, actor=RECEPTION)
        for o in outcomes
    ]

    assert beyond == [True, False, False, False]


def test_ten_seconds_to_take_back_and_not_one_more():
    assert rules.may_undo(recorded_at=NOON, now=NOON + timedelta(seconds=10))
    assert not rules.may_undo(recorded_at=NOON, now=NOON + timedelta(seconds=10.1))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("02 61 91 00 10", "0261910010"),
        ("02.61.91.00.10", "0261910010"),
        ("+33 2 61 91 00 10", "0261910010"),
        ("+33 (0)2 61 91 00 10", "0261910010"),
        ("0033261910010", "0261910010"),
        ("33261910010", "0261910010"),
        ("+44 20 7946 0018", "+442079460018"),
        ("3939", "3939"),
        ("0", ""),
        ("ask my son", ""),
        ("０２ ６１ ９１ ００ １０", "0261910010"),
    ],
)
def test_one_telephone_number_has_one_spelling(typed: str, kept: str):
    assert rules.normal_phone(typed) == kept


@given(st.text(max_size=40))
def test_a_normal_number_stays_as_it_is(typed: str):
    once = rules.normal_phone(typed)

    assert rules.normal_phone(once) == once


@given(st.emails())
def test_a_normal_address_stays_as_it_is(typed: str):
    once = rules.normal_email(typed)

    assert rules.normal_email(once) == once


def test_accents_and_hyphens_do_not_make_another_name():
    assert rules.plain("  Le  Goff-Hervé ") == rules.plain("le goff herve")


ODETTE = rules.Known(1, "Odette", "Kerdraon")
YANN = rules.Known(2, "Yann", "Kerdraon")


def test_the_same_telephone_and_name_is_the_same_person():
    chosen = rules.choose_person([ODETTE], first_name="odette", last_name="KERDRAON")

    assert chosen == ODETTE


def test_another_name_on_the_same_telephone_is_another_person():
    assert rules.choose_person([ODETTE], first_name="Yann", last_name="Kerdraon") is None


def test_details_without_a_name_are_enough_when_one_person_has_them():
    assert rules.choose_person([ODETTE], first_name="", last_name="") == ODETTE


def test_two_people_on_one_telephone_are_not_guessed_between():
    assert rules.choose_person([ODETTE, YANN], first_name="", last_name="Kerdraon") is None


TOPICS = [(1, "Acte de naissance"), (2, "Carte d’identité"), (3, "Cantine"), (4, "Acte de décès")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("can", [3]),
        ("act", [1, 4]),
        ("naiss", [1]),
        ("a dec", [4]),
        ("ide", [2]),
        ("acte de naissance", [1]),
        ("xyz", []),
        ("", []),
    ],
)
def test_two_or_three_letters_name_a_topic(typed: str, meant: list[int]):
    assert rules.choose_topic(typed, TOPICS) == meant
