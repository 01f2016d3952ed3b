"""Whoever reads English is quoted an English text where one says what the sheet says today."""

from collections.abc import Callable
from typing import Any

import pytest

from parvis.assistant import actions
from parvis.assistant.models import Turn
from parvis.knowledge import actions as sheets
from parvis.knowledge.actions import OtherWords
from parvis.knowledge.models import Sheet, SheetText
from tests.assistant.factories import NOON, started
from tests.knowledge.factories import block, editor, local_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def translated(sure: Callable[..., None]) -> SheetText:
    words = OtherWords(
        "Birth certificate", "You get it at once.", [block("<p>A week.</p>", kind="delay")]
    )
    text = sheets.keep_text(
        local_sheet(), words, kind="translation", language="en", agent=editor(), now=NOON,
        revision=0,
    )  # fmt: skip
    sure()
    return sheets.show_text(text, agent=editor(), shown=True)


def told(question: str, language: str = "en") -> dict[str, Any]:
    conversation = started(language=language).conversation
    answer = actions.ask(conversation, question, now=NOON)[-1]
    assert answer.kind == Turn.Kind.ANSWER
    return dict(answer.data)


def test_the_quote_is_english(translated: SheetText):
    data = told("copie acte de naissance")

    assert data["passages"][0]["quote"] == "You get it at once."
    assert (data["sheet"]["language"], data["sheet"]["title"]) == ("en", "Birth certificate")


def test_who_reads_french_is_quoted_french(translated: SheetText):
    data = told("copie acte de naissance", "fr")

    assert data["sheet"]["language"] == "fr"
    assert data["passages"][0]["quote"].startswith("C’est gratuit.")


def test_what_the_translation_does_not_say_the_sheet_says(translated: SheetText):
    data = told("combien coûte une copie d’acte de naissance ?")

    assert (data["passages"][0]["quote"], data["sheet"]["language"]) == ("Gratuit.", "fr")


def test_a_translation_older_than_the_sheet_is_named_and_not_quoted(translated: SheetText):
    version = Sheet.objects.get().current
    assert version is not None
    version.pk, version.number, version.short_answer = None, 9, "Cela coûte 5 €."
    version.save()
    Sheet.objects.update(current=version)

    data = told("copie acte de naissance")

    assert (data["sheet"]["language"], data["sheet"]["has_older"]) == ("fr", True)
    assert data["passages"][0]["quote"] == "Cela coûte 5 €."
