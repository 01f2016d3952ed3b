"""The assistant over HTTP: lines of sheets, honest refusals, and a person."""

from typing import Any

import pytest

from parvis.assistant.models import Conversation, LanguageModel, Setup, Turn
from parvis.assistant.rules import deciding
from parvis.knowledge import search
from parvis.organisations.models import Authority
from tests.interop.conftest import Api
from tests.knowledge.factories import local_sheet
from tests.support.model_server import serving


@pytest.fixture
def sheet(api: Api, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One sheet in a collection so small that the usual certainty says nothing: it is sure."""
    made = local_sheet(Authority.objects.get(slug="orvanne"))
    search.rebuild()
    monkeypatch.setattr(deciding, "probability", lambda found, weights: 0.9)
    return made


def test_a_question_is_answered_with_lines_of_the_sheet(api: Api, sheet: Any):
    told = api.post("assistant/questions", {"question": "copie acte de naissance"}).json()

    assert told["answered"] is True
    assert told["passages"][0]["ref"] == "SO-012"
    assert told["passages"][0]["quote"] == sheet.current.short_answer
    assert told["passages"][0]["url"].endswith("/fiches/SO-012/")
    assert told["person"]["service"] == "Civil status" or told["person"]["service"] == "État civil"
    assert told["person"]["phone"] == "02 61 91 00 20"
    assert told["automatic"] is True


def test_the_conversation_goes_on(api: Api, sheet: Any):
    first = api.post("assistant/questions", {"question": "copie acte de naissance"}).json()

    again = api.post(
        "assistant/questions",
        {"question": "combien ça coûte ?", "conversation": first["conversation"]},
    ).json()

    assert again["conversation"] == first["conversation"]
    assert [one["quote"] for one in again["passages"]] == ["Gratuit."]
    assert Conversation.objects.get().place == "api"


def test_the_words_of_a_model_stand_beside_the_passages(
    api: Api, sheet: Any, settings: Any, django_capture_on_commit_callbacks: Any
):
    with serving() as model:
        settings.LANGUAGE_MODEL = {"ALLOWED": [model.address], "KEYS": []}
        LanguageModel.objects.create(
            authority=sheet.authority, is_on=True, endpoint=model.address, name="petit", seconds=10
        )
        with django_capture_on_commit_callbacks(execute=True):
            api.post("assistant/questions", {"question": "copie acte de naissance"})

        told = api.post("assistant/questions", {"question": "copie acte de naissance"}).json()

    assert "Nous vous remettons" in told["rewordings"][0]["text"]
    assert told["rewordings"][0]["ref"] == told["passages"][0]["ref"]
    assert told["passages"][0]["quote"] == sheet.current.short_answer


def test_nothing_known_is_said_and_the_person_offered(api: Api, db: None):
    told = api.post("assistant/questions", {"question": "xyzzy plugh"}).json()

    assert (told["answered"], told["passages"]) == (False, [])
    assert told["person"]["phone"] == "02 61 91 00 10"


def test_personal_data_is_not_kept(api: Api, db: None):
    told = api.post("assistant/questions", {"question": "je suis jean@exemple.fr"}).json()

    assert told["masked"] == ["email"]
    assert not Turn.objects.filter(text__contains="exemple").exists()


def test_another_authority_does_not_go_on_with_it(api: Api, foreign_api: Api, db: None):
    first = api.post("assistant/questions", {"question": "bonjour"}).json()

    answer = foreign_api.post(
        "assistant/questions", {"question": "bonjour", "conversation": first["conversation"]}
    )

    assert answer.status_code == 404


def test_an_assistant_that_is_off_says_so(api: Api, db: None):
    Setup.objects.create(authority=Authority.objects.get(slug="orvanne"), is_on=False)

    assert api.post("assistant/questions", {"question": "bonjour"}).status_code == 409


def test_the_same_key_asks_once(api: Api, db: None):
    first = api.post("assistant/questions", {"question": "bonjour"}, key="k1").json()
    again = api.post("assistant/questions", {"question": "bonjour"}, key="k1").json()

    assert first == again
    assert Conversation.objects.count() == 1
