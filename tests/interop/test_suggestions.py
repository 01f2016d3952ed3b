"""What lies ready at the desk, over HTTP."""

import pytest

from parvis.assistant.models import Suggestion
from parvis.knowledge import search
from parvis.organisations.models import Authority, Topic
from tests.interop.conftest import Api
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import TopicFactory


@pytest.fixture
def topic(api: Api) -> Topic:
    town = Authority.objects.get(slug="orvanne")
    topic = TopicFactory.create(authority=town)
    local_sheet(town).topics.add(topic)
    search.rebuild()
    return topic


def test_a_topic_gives_sheets_documents_and_a_colleague(api: Api, topic: Topic):
    told = api.post("assistant/suggestions", {"topic": str(topic.pk)}).json()

    assert [one["ref"] for one in told["sheets"]] == ["SO-012"]
    assert told["sheets"][0]["whys"] == ["topic"]
    assert told["documents"] == ["Une pièce d’identité", "Un justificatif"]
    assert told["colleague"]["phone"] == topic.service.phone
    assert Suggestion.objects.get(pk=told["id"]).place == "api"


def test_words_are_enough(api: Api, topic: Topic):
    told = api.post("assistant/suggestions", {"words": "copie acte naissance"}).json()

    assert told["sheets"][0]["whys"][0] == "words"
    assert api.post("assistant/suggestions", {}).status_code == 422


def test_whether_it_helped_is_told_by_whom_it_was_shown(api: Api, foreign_api: Api, topic: Topic):
    made = api.post("assistant/suggestions", {"topic": str(topic.pk)}).json()
    address = f"assistant/suggestions/{made['id']}/opinion"

    assert foreign_api.post(address, {"helpful": True}).status_code == 404
    told = api.post(address, {"helpful": True, "sheet": "SO-012"}).json()
    assert told == {"id": made["id"], "helpful": True, "position": 1}


def test_the_topic_of_another_authority_is_not_there(foreign_api: Api, topic: Topic):
    assert foreign_api.post("assistant/suggestions", {"topic": str(topic.pk)}).status_code == 404
