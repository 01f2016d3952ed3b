import itertools
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.common.codes import (
    ALPHABET,
    LENGTH,
    check_sign,
    format_reference,
    hash_secret,
    new_reference,
    new_secret,
    parse_reference,
)

BODIES = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)
REFERENCES = BODIES.map(lambda body: body + check_sign(body))


def test_the_alphabet_has_no_sign_taken_for_another() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 19
    assert not set(ALPHABET) & set("01AEIOUQDZSBGVNCT")


@given(REFERENCES)
def test_a_printed_reference_is_read_back(reference: str) -> None:
    printed = format_reference(reference)

    assert len(printed) == 9
    assert printed[4] == "-"
    assert parse_reference(printed) == reference


@given(REFERENCES)
def test_every_wrong_sign_shows(reference: str) -> None:
    for place, sign in itertools.product(range(LENGTH), ALPHABET):
        if sign != reference[place]:
            assert parse_reference(reference[:place] + sign + reference[place + 1 :]) is None


@given(REFERENCES)
def test_every_exchange_of_two_signs_shows(reference: str) -> None:
    for one, other in itertools.combinations(range(LENGTH), 2):
        signs = list(reference)
        signs[one], signs[other] = signs[other], signs[one]
        if reference[one] != reference[other]:
            assert parse_reference("".join(signs)) is None


def test_no_pair_of_weights_lets_a_mistake_through() -> None:
    # Exhaustive over places and signs: the sum is linear, so the rest of the code cannot matter.
    size = len(ALPHABET)
    weights = range(1, LENGTH + 1)
    changes = range(1, size)

    assert all(weight * change % size for weight in weights for change in changes)
    assert all(
        (one - other) * change % size
        for one, other in itertools.permutations(weights, 2)
        for change in changes
    )


@given(
    REFERENCES,
    st.sampled_from(["{0}{1}", "{0} {1}", "{0}\u2013{1}", " {0}.{1}\u202f", "{0}\u2014{1}"]),
)
def test_spaces_dashes_and_small_letters_are_forgiven(reference: str, shape: str) -> None:
    typed = shape.format(reference[:4], reference[4:]).lower()

    assert parse_reference(typed) == reference
    assert parse_reference("\u2009".join(reference)) == reference


@pytest.mark.parametrize(
    ("written", "meant"),
    ["A4", "Z2", "S5", "B8", "G6", "IL", "1L", "NM", "VY", "TP", "lL"],
)
def test_a_common_confusion_is_put_right(written: str, meant: str) -> None:
    body = meant + "23456X"
    reference = body + check_sign(body)

    assert parse_reference(written + reference[1:]) == reference


@pytest.mark.parametrize("text", ["", "2345", "2345-67890", "OOOO-OOOO", "é234-5678", "2345 678?"])
def test_what_cannot_be_a_reference_is_refused(text: str) -> None:
    assert parse_reference(text) is None


@given(st.text(max_size=20))
def test_whatever_is_typed_gives_a_valid_reference_or_none(text: str) -> None:
    found = parse_reference(text)

    assert found is None or parse_reference(format_reference(found)) == found


@given(st.integers(0, 19**7 - 1))
def test_a_drawn_reference_is_valid(drawn: int) -> None:
    reference = new_reference(lambda bits: drawn)

    assert len(reference) == LENGTH
    assert parse_reference(reference) == reference


def test_different_draws_give_different_references() -> None:
    seen = {new_reference(partial(lambda draw, bits: draw, n)) for n in range(5_000)}

    assert len(seen) == 5_000


def test_a_draw_beyond_the_last_code_is_drawn_again() -> None:
    draws = iter([19**7, 2**30 - 1, 0])

    assert new_reference(lambda bits: next(draws)) == "22222222"


def test_a_secret_holds_192_bits_and_is_stored_as_its_hash() -> None:
    secrets = {new_secret() for _ in range(100)}

    assert len(secrets) == 100
    assert all(len(secret) == 32 and secret.isascii() for secret in secrets)
    assert hash_secret("abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180, example B.1
    )
