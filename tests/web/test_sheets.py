"""A conditional sheet beside the visitor: its questions, its documents, the same desk."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from parvis.common.models import OutgoingText
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.models import LocalPlace
from tests.knowledge import editions
from tests.knowledge.factories import NOON, national_sheet
from tests.web.scenes import Scene, hall

pytestmark = pytest.mark.django_db

PAGE = "/agent/poste/"
CHILD = "fiche=F910001&v=1&q1=2"


@pytest.fixture
def scene(client: Client, tmp_path: Path) -> Scene:
    cache.clear()
    made = hall()
    Import(audience="particuliers", now=NOON).run(editions.write(tmp_path / "in"))
    made.sign_in(client)
    return made


def page(client: Client, query: str, address: str = PAGE) -> str:
    response = client.get(f"{address}?{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_desk_asks_and_then_shows_only_the_case(client: Client, scene: Scene):
    scene.waits()
    scene.at_desk()
    whole = page(client, "q=vignette&fiche=F910001")
    chosen = page(client, f"q=vignette&{CHILD}")

    assert "Qui demande la vignette" in whole
    assert "Carte de l" in whole
    assert "Carte de l" not in chosen
    assert "Livret de l" in chosen
    assert "data-case" not in whole + chosen


def test_the_search_and_the_sheet_stay_while_the_questions_are_answered(
    client: Client, scene: Scene
):
    shown = page(client, f"q=vignette&{CHILD}")

    assert '<input type="hidden" name="q" value="vignette">' in shown
    assert '<input type="hidden" name="fiche" value="F910001">' in shown
    assert '<input type="hidden" name="q1" value="2">' in shown
    assert f'href="{PAGE}?q=vignette&amp;fiche=F910001"' in shown  # takes the answer back


def test_what_is_printed_is_the_list_of_the_case(client: Client, scene: Scene):
    address = reverse("web:documents", args=["F910001"])
    assert f'href="{address}?v=1&amp;q1=2"' in page(client, CHILD)

    listed = page(client, "v=1&q1=2&q2=1", address)

    assert "Accord des deux parents" in listed
    assert "Un enfant" in listed
    assert "Carte de l" not in listed


def test_what_is_sent_is_the_list_of_the_case(client: Client, scene: Scene):
    address = reverse("web:send-documents", args=["F910001"])

    client.post(f"{address}?v=1&q1=2", {"to": "06 12 34 56 78"})

    text = OutgoingText.objects.get().text
    assert "Livret de l" in text
    assert "Carte de l" not in text


def test_documents_that_stand_inside_a_part_are_given_too(client: Client, scene: Scene):
    listed = page(client, "v=1&q1=2", reverse("web:documents", args=["F910002"]))

    assert "Certificat de vente" in listed


def test_the_place_of_the_authority_stands_for_the_kind_of_office(client: Client, scene: Scene):
    LocalPlace.objects.create(authority=scene.site.authority, pivot="caf", name="Caf de la place")

    assert "Caf de la place" in page(client, CHILD)


def test_a_link_to_another_sheet_stays_at_the_desk(client: Client, scene: Scene):
    html = '<p><a href="/fiches/F910002/">Qui paie</a> <a href="/fiches/F1/">Ailleurs</a></p>'
    national_sheet(
        ref="F920001",
        blocks=[{"kind": "explanation", "title": "", "html": html, "level": "public"}],
    )

    shown = page(client, "fiche=F920001")

    assert f'href="{PAGE}?fiche=F910002"' in shown
    assert 'href="https://www.service-public.gouv.fr/particuliers/vosdroits/F1"' in shown


def test_the_questions_cost_a_handful_of_queries(
    client: Client, scene: Scene, django_assert_max_num_queries: DjangoAssertNumQueries
):
    scene.waits()
    scene.at_desk()
    page(client, CHILD)

    with django_assert_max_num_queries(48):
        page(client, CHILD)
