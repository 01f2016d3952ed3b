"""What paper says is said to everybody: PDF/UA, the same bytes, and whose letter it is."""

import io
from typing import Any

import pikepdf
import pytest

from parvis.letters import papers, queries
from parvis.letters.models import Kind
from tests.letters.factories import a_case, a_letter, claire, refused, with_clock
from tests.support import pdfua

pytestmark = pytest.mark.django_db


def words(content: bytes) -> str:
    return pdfua.text(content)


def letter_of(kind: str) -> dict[str, Any]:
    if kind == Kind.REFUSAL:
        case = a_case()
        return queries.as_it_is(a_letter(case, kind, decision=refused(case)))
    return queries.as_it_is(a_letter(with_clock(), kind))


@pytest.mark.parametrize("kind", ["receipt", "items", "referent", "free", "refusal", "forwarded"])
def test_every_letter_passes_and_names_institution_service_and_person(kind: str):
    made = papers.pdf("letter", letter_of(kind))

    said = words(made)
    assert pdfua.faults(made) == []
    assert all(name in said for name in ("Sainte-Orvanne", "Urbanisme", "Nadia Amrani"))
    assert "02 61 91 00 42" in said


@pytest.mark.parametrize("kind", Kind.values)
def test_every_wording_as_delivered_passes_with_invented_people(kind: str):
    wording = queries.standard()[kind]
    shown = queries.sample(a_case().authority, kind, wording["subject"], wording["body"])

    made = papers.pdf("slip" if kind == Kind.SLIP else "letter", shown)

    assert pdfua.faults(made) == []
    assert "{" not in words(made)


def test_the_slip_passes_with_its_code_to_scan():
    shown = queries.slip(with_clock(), on=a_case().received_on, address="https://x.example/s/1")

    made = papers.pdf("slip", shown)

    assert pdfua.faults(made) == []
    assert "Nadia Amrani" in words(made)
    assert pdfua.figures(made) == ["Code qui ouvre la page de la demande"]


def test_the_same_words_are_the_same_bytes():
    shown = queries.as_it_is(a_letter(a_case()))

    assert papers.pdf("letter", shown) == papers.pdf("letter", dict(reversed(shown.items())))


def test_signs_that_no_font_draws_do_not_stop_a_letter():
    shown = queries.as_it_is(a_letter(a_case()))
    shown["subject"] = "Łódź, Привет 👍🏽 漢字 \u202eabc"

    made = papers.pdf("letter", shown)

    assert pdfua.faults(made) == []
    assert "Łódź, Привет □" in words(made)


def test_what_is_typed_is_never_code():
    shown = queries.as_it_is(a_letter(a_case()))
    shown["blocks"] = [{"kind": "para", "lines": ['#panic("x") $1/0$ \\ *gras* @ref <l> `x`']}]

    assert '#panic("x") $1/0$' in words(papers.pdf("letter", shown))


def test_a_decision_names_who_signs_and_by_which_act():
    case = a_case()
    shown = queries.as_it_is(a_letter(case, "refusal", decision=refused(case, delegation=claire())))

    said = words(papers.pdf("letter", shown))

    assert "Pour le maire et par délégation" in said
    assert "Claire Martin" in said
    assert "arrêté n° 2026-12" in said


def test_the_check_finds_what_is_wrong():
    plain = pikepdf.new()
    plain.add_blank_page()
    written = io.BytesIO()
    plain.save(written)

    assert {"not tagged", "no language", "no title shown", "not PDF/UA"} <= set(
        pdfua.faults(written.getvalue())
    )
