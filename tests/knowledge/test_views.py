from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.knowledge.models import Sheet
from tests.accounts.factories import ines
from tests.knowledge.factories import NOON, block, local_sheet, national_sheet
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page(client, name: str, *arguments: str, **options) -> str:
    response = client.get(reverse(f"knowledge:{name}", args=arguments), **options)
    assert response.status_code == 200
    return response.content.decode()


def test_the_public_reads_the_answer_its_origin_and_nothing_internal(client):
    local_sheet()

    html = page(client, "sheet", "SO-012")

    for words in ("C’est gratuit", "Gratuit.", "Un justificatif", "État civil", "3 novembre 2026"):
        assert words in html
    for secret in ("filigrane", "Imprimante"):
        assert secret not in html


def test_a_national_sheet_names_its_source_its_file_and_its_address(client):
    AuthorityFactory.create()
    sheet = national_sheet(source_note="Service-Public.gouv.fr / DILA · F1427.xml · 2026-01-05")

    html = page(client, "sheet", "F1427")

    assert sheet.source_note in html
    assert sheet.source_url in html


def test_a_sheet_past_its_check_says_so(client):
    local_sheet(review_due_on=date(2026, 5, 1))

    assert "1er mai 2026" in page(client, "sheet", "SO-012")


def test_an_embargo_lifts_on_its_day_and_not_before(client):
    blocks = [block("<p>Borne neuve.</p>", level="embargo", until="2026-12-01")]
    local_sheet(blocks=blocks)
    assert "Borne neuve" not in page(client, "sheet", "SO-012")

    with time_machine.travel("2026-12-01T09:00Z", tick=False):
        assert "Borne neuve" in page(client, "sheet", "SO-012")


def test_links_lead_to_sheets_held_here_or_to_the_national_site(client):
    AuthorityFactory.create()
    html = '<p><a href="/fiches/F2/">ici</a> <a href="/fiches/F3/">ailleurs</a></p>'
    national_sheet("F1", blocks=(block(html),))
    national_sheet("F2")

    shown = page(client, "sheet", "F1")

    assert 'href="/fiches/F2/"' in shown
    assert 'href="https://www.service-public.gouv.fr/particuliers/vosdroits/F3"' in shown


def test_words_smuggled_past_the_import_are_cleaned_again_when_shown(client):
    sheet = local_sheet()
    sheet.current.blocks[0]["html"] = "<p>Bon<script>alert(1)</script></p><img src=x onerror=y>"
    sheet.current.save()

    html = page(client, "sheet", "SO-012")

    assert "alert(1)" not in html
    assert "onerror" not in html


def test_two_tables_scroll_under_two_names(client):
    table = "<table><caption>Frais</caption><tbody><tr><td>1</td></tr></tbody></table>"
    local_sheet(blocks=[block(table * 2)])

    html = page(client, "sheet", "SO-012")

    assert html.count('role="region" tabindex="0"') == 2
    assert 'aria-label="Tableau 1' in html
    assert 'aria-label="Tableau 2' in html


def test_the_list_of_documents_stands_alone_for_printing(client):
    local_sheet()

    html = page(client, "documents", "SO-012")

    assert "Un justificatif" in html
    assert "data-parvis-print" in html
    assert "Gratuit." not in html


def test_a_sheet_without_documents_has_no_list_to_print(client):
    local_sheet(blocks=[])

    assert client.get(reverse("knowledge:documents", args=["SO-012"])).status_code == 404


def test_a_page_seen_before_is_not_sent_again_until_something_changes(client):
    sheet = local_sheet()
    address = reverse("knowledge:sheet", args=["SO-012"])
    first = client.get(address)
    etag = first.headers["ETag"]

    again = client.get(address, headers={"If-None-Match": etag})
    english = client.get(address, headers={"If-None-Match": etag, "Accept-Language": "en"})
    sheet.reviewed_on = date(2026, 11, 24)
    sheet.save(update_fields=["reviewed_on"])
    changed = client.get(address, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert english.status_code == changed.status_code == 200
    assert "public" not in first.headers["Cache-Control"]
    assert "Last-Modified" in first.headers


def test_a_question_is_answered_with_the_passage(client):
    local_sheet()

    html = page(client, "search", data={"q": "copie acte de naissance"})

    assert "<mark>acte</mark>" in html
    assert reverse("knowledge:sheet", args=["SO-012"]) in html


def test_a_question_nobody_can_answer_shows_the_way_to_a_person(client):
    local_sheet()

    html = page(client, "search", data={"q": "zxcvbn qwerty"})

    assert 'href="#parler"' in html
    assert "SO-012" not in html


def test_without_a_question_the_procedures_of_the_authority_are_listed(client):
    local_sheet()
    local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1", title="Non")

    html = page(client, "search")

    assert "SO-012" in html
    assert "TR-1" not in html


def test_what_was_typed_is_escaped_everywhere(client):
    local_sheet()

    html = page(client, "search", data={"q": '"><script>alert(1)</script> acte'})

    assert "<script>alert" not in html


def test_a_front_door_by_host_name_shows_its_own_sheets(client):
    local_sheet()
    neighbour = AuthorityFactory.create(
        slug="tremalon", name="Trémalon", hostname="tremalon.localhost"
    )
    local_sheet(neighbour, title="Acte de naissance à Trémalon")

    html = page(client, "sheet", "SO-012", headers={"Host": "localhost"})

    assert "Trémalon" not in html


def test_the_agent_reads_every_block_with_its_level(client):
    local_sheet()
    client.force_login(ines())

    html = page(client, "agent-sheet", "SO-012")

    for words in ("filigrane", "Imprimante", "Si on le demande", "Interne", "Public"):
        assert words in html


def test_the_desk_finds_by_internal_words(client):
    local_sheet()
    client.force_login(ines())

    html = page(client, "agent-search", data={"q": "imprimante sécurisée"})

    assert reverse("knowledge:agent-sheet", args=["SO-012"]) in html


@pytest.mark.parametrize(
    ("name", "arguments", "data"),
    [("agent-search", (), {"q": "acte"}), ("agent-sheet", ("SO-012",), {})],
)
def test_another_page_may_take_in_a_part_of_ours(client, name, arguments, data):
    local_sheet()
    client.force_login(ines())
    part = {"HX-Request": "true", "HX-Target": "fiches"}

    fragment = page(client, name, *arguments, data=data, headers=part)

    assert "<html" not in fragment
    assert "<h1" not in fragment
    assert "SO-012" in fragment


def test_the_public_search_gives_a_part_while_somebody_types(client):
    local_sheet()
    part = {"HX-Request": "true", "HX-Target": "reponses"}

    fragment = page(client, "search", data={"q": "acte naiss"}, headers=part)

    assert "<html" not in fragment
    assert 'data-hx-swap-oob="innerHTML"' in fragment


@pytest.mark.parametrize("name", ["search", "agent-search"])
def test_a_list_costs_the_same_whatever_its_length(client, name):
    client.force_login(ines())
    address = reverse(f"knowledge:{name}")
    costs = []
    for count, first in ((1, 0), (30, 100)):
        for n in range(count):
            local_sheet(ref=f"SO-{first + n}")
        client.get(address, {"q": "acte"})  # builds the index
        for data in ({}, {"q": "acte"}):
            with CaptureQueriesContext(connection) as counted:
                client.get(address, data)
            costs.append(len(counted))

    assert costs[:2] == costs[2:]


def test_a_sheet_costs_the_same_with_one_link_and_with_thirty(client):
    AuthorityFactory.create()
    costs = []
    for ref, count in (("F1", 1), ("F2", 30)):
        links = "".join(f'<p><a href="/fiches/F{n}/">x</a></p>' for n in range(count))
        national_sheet(ref, blocks=(block(links),))
        client.get(reverse("knowledge:sheet", args=[ref]))
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("knowledge:sheet", args=[ref]))
        costs.append(len(counted))

    assert costs[0] == costs[1]


def test_kinds_of_sheets_are_said_in_words_that_a_reader_knows(client):
    for ref, kind in [("F1", "Fiche Question-réponse"), ("F2", "Mémo de la maison")]:
        Sheet.objects.filter(pk=local_sheet(ref=ref).pk).update(kind=kind)
    client.cookies["django_language"] = "en"

    page = client.get(reverse("knowledge:search"), {"q": "acte"}).content.decode()

    assert ">Short answers</a>" in page
    assert "Fiche Question" not in page
    assert 'lang="fr">Mémo de la maison</a>' in page
