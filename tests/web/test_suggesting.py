"""The copilot at the desk: what lies ready, the colleague, the question, the sign of who waits."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.assistant.models import Suggestion
from parvis.knowledge import search
from parvis.knowledge.models import Sheet
from parvis.queue.models import Ticket
from tests.accounts.factories import marc
from tests.assistant.factories import waiting
from tests.departments.factories import clara
from tests.knowledge.factories import local_sheet
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db
PAGE = "/agent/poste/"


@pytest.fixture
def scene(client: Client) -> Scene:
    cache.clear()
    made = hall()
    clara()
    made.sign_in(client)
    return made


@pytest.fixture
def visit(scene: Scene) -> Ticket:
    """Somebody for a birth certificate, for which two sheets lie ready."""
    for ref, title in (("SO-012", "Copie d’acte de naissance"), ("SO-021", "Livret perdu")):
        local_sheet(ref=ref, title=title).topics.add(scene.topic)
    search.rebuild()
    scene.waits()
    return scene.at_desk()


def page(client: Client, **query: str) -> str:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode()


def row() -> Suggestion:
    return Suggestion.objects.get()


def test_what_lies_ready_says_why_and_who_answers_else(client: Client, visit: Ticket):
    shown = page(client)

    assert "Sans doute" in shown
    assert "fiche de ce motif" in shown
    assert "Clara Mercadal" in shown
    assert 'id="a-apporter"' in shown  # the documents of the first one
    assert [one["ref"] for one in row().proposed] == ["SO-012", "SO-021"]
    assert (row().place, row().helpful) == ("visit", None)


def test_words_change_what_lies_ready_and_are_kept_without_names(client: Client, visit: Ticket):
    shown = page(client, q="livret perdu kerouanton")

    assert shown.index('id="fiche-SO-021"') < shown.index('id="fiche-SO-012"')
    assert row().words == "livret perdu"


def test_the_question_begins_with_topic_visit_sheet_service_and_words(
    client: Client, visit: Ticket
):
    shown = page(client, q="livret perdu", question="oui", service=str(visit.topic.service_id))

    assert f'name="ticket" value="{visit.pk}"' in shown
    assert f'name="topic" value="{visit.topic_id}"' in shown
    assert 'name="sheet" value="SO-021" form="question-forme"' in shown
    assert 'value="livret perdu" autocomplete="off" maxlength="500"' in shown
    assert f'<option value="{visit.topic.service_id}" selected>' in shown


def test_opening_a_sheet_helps_by_deed(client: Client, visit: Ticket):
    page(client)
    page(client, fiche="SO-021")

    assert (row().position, row().deed, row().helpful) == (2, "opened", True)


def test_the_list_of_documents_helps_by_deed(client: Client, visit: Ticket):
    page(client)
    client.get(reverse("web:documents", args=["SO-012"]))

    assert (row().position, row().deed) == (1, "given")


def test_a_visit_that_ends_with_a_sheet_was_helped_by_it(client: Client, visit: Ticket):
    page(client)
    client.post(reverse("web:use-sheet", args=[visit.pk]), {"sheet": "SO-021"})
    client.post(reverse("web:finish", args=[visit.pk]), {"outcome": "resolved"})

    assert (row().position, row().deed) == (2, "used")


def test_one_key_says_whether_it_was_useful(client: Client, visit: Ticket):
    page(client)
    address = reverse("web:suggestion-opinion", args=[row().pk])

    shown = client.post(address, {"helpful": "no"}, follow=True).content.decode()

    assert row().helpful is False
    assert 'id="utile-non" name="helpful" value="no" aria-pressed="true"' in shown
    client.force_login(marc(authority=visit.site.authority))
    assert client.post(address, {"helpful": "yes"}).status_code == 404  # of a colleague


def test_a_name_that_is_looked_for_lays_nothing_ready(client: Client, visit: Ticket):
    shown = page(client, q="kerouanton")

    assert "Sans doute" not in shown
    assert not Suggestion.objects.exists()


def test_who_waits_online_is_seen_from_the_desk(client: Client, scene: Scene):
    assert 'data-parvis-key="o"' not in page(client)
    waiting(now=timezone.now())

    for shown in (page(client), client.get(reverse("web:line")).content.decode()):
        assert '<div class="d-grid" id="en-ligne" role="status"><a' in shown
        assert "1 en ligne" in shown


def test_a_sheet_for_colleagues_is_marked(client: Client, visit: Ticket):
    Sheet.objects.filter(ref="SO-021").update(is_public=False)

    assert "pv-chip-attention" in page(client).split('id="fiche-SO-021"')[1].split("</a>")[0]


def test_what_lies_ready_costs_a_handful_of_queries(
    client: Client, visit: Ticket, django_assert_max_num_queries: DjangoAssertNumQueries
):
    page(client, q="livret perdu")

    with django_assert_max_num_queries(52):
        page(client, q="livret perdu")
