from datetime import date

import pytest

from parvis.letters.rules import (
    Block,
    Lack,
    Sheet,
    address_lines,
    blocks,
    certificate_due_on,
    gaps,
    lacking,
    may_sign,
    merged,
    unknown_fields,
)

WHOLE = Sheet("free", "Objet", "Texte", "Odette Garnier", "12, rue des Lilas")


def test_fields_with_a_value_are_put_in_and_the_others_stay_to_be_filled_in():
    text = merged("{personne}, votre demande {objet}", {"personne": "Madame"})

    assert (text, gaps(text)) == ("Madame, votre demande {objet}", ["{objet}"])


def test_braces_around_anything_else_are_no_field():
    assert unknown_fields("{objet} {nom} {2+2} {objet}") == ["{nom}", "{2+2}"]


def test_a_value_is_never_read_as_a_field_again():
    assert merged("{objet}", {"objet": "{personne}", "personne": "X"}) == "{personne}"


def test_empty_lines_make_paragraphs_marks_make_headings_and_lists():
    found = blocks("Bonjour,\nvoici :\n- un\n- deux\n\n## Le droit\nArticle 1")

    assert found == [
        Block("para", ("Bonjour,", "voici :")),
        Block("list", ("un", "deux")),
        Block("heading", ("Le droit",)),
        Block("para", ("Article 1",)),
    ]


def test_a_whole_letter_lacks_nothing():
    assert lacking(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        ({"subject": " "}, Lack.SUBJECT),
        ({"body": ""}, Lack.BODY),
        ({"recipient": ""}, Lack.RECIPIENT),
        ({"address": ""}, Lack.ADDRESS),
        ({"gaps": ["{echeance}"]}, Lack.GAPS),
        ({"kind": "certificate"}, Lack.DELEGATION),
        ({"kind": "motives"}, Lack.DELEGATION),
        ({"kind": "refusal", "has_delegation": True}, Lack.DECISION),
        ({"kind": "receipt", "receipt_is_whole": False}, Lack.RECEIPT),
    ],
)
def test_whatever_is_missing_keeps_a_letter_here(change: dict[str, object], lack: Lack):
    assert lacking(Sheet(**{**vars(WHOLE), **change})) == [lack]  # type: ignore[arg-type]


def test_a_letter_handed_over_needs_no_address():
    assert lacking(Sheet(**{**vars(WHOLE), "address": ""}), "handed") == []


@pytest.mark.parametrize(
    ("on", "may"),
    [
        (date(2026, 1, 4), False),
        (date(2026, 1, 5), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_delegation_holds_from_its_first_to_its_last_day(on: date, may: bool):
    days = {"valid_from": date(2026, 1, 5), "valid_through": date(2026, 6, 30)}

    assert may_sign(**days, on=on) is may


def test_the_house_promises_a_certificate_within_a_fortnight():
    assert certificate_due_on(date(2026, 2, 20)) == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("12, rue des Lilas, 79999 Sainte-Orvanne", "12, rue des Lilas\n79999 Sainte-Orvanne"),
        ("Le Bourg 79999 Trémalon", "Le Bourg\n79999 Trémalon"),
        ("12 rue des Lilas", "12 rue des Lilas"),
        ("", ""),
    ],
)
def test_an_address_stands_on_paper_with_the_town_on_its_own_line(typed: str, lines: str):
    assert address_lines(typed) == lines
