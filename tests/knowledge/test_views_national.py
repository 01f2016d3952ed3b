"""Pages of the national set: ways through sheets, themes, words, old addresses, local places."""

import pytest
from django.urls import reverse

from parvis.knowledge.dila.importing import Import
from parvis.knowledge.models import LocalPlace, Sheet
from tests.accounts.factories import AgentFactory
from tests.knowledge import editions
from tests.knowledge.factories import NOON, national_sheet
from tests.organisations.factories import AuthorityFactory, SiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path):
    authority = AuthorityFactory.create()
    Import(audience="particuliers", now=NOON).run(editions.write(tmp_path / "in"))
    return authority


def page(client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, response
    return response.content.decode()


def test_a_sheet_asks_and_then_shows_only_the_case(client, town):
    whole = page(client, "/fiches/F910001/")
    assert "Qui demande la vignette" in whole
    assert "Livret de l&#x27;enfant" in whole or "Livret de l'enfant" in whole

    chosen = page(client, "/fiches/F910001/?v=1&q1=1")

    assert "Carte de l" in chosen
    assert "Livret de l" not in chosen
    assert "data-case" not in chosen
    assert "noindex" in chosen


def test_the_list_of_documents_is_that_of_the_case(client, town):
    listed = page(client, "/fiches/F910001/documents/?v=1&q1=2&q2=1")

    assert "Accord des deux parents" in listed
    assert "Carte de l" not in listed
    assert "Un enfant" in listed
    assert "Certificat de vente" in page(client, "/fiches/F910002/documents/?v=1&q1=2")


def test_answers_about_older_words_are_asked_again(client, town):
    shown = page(client, "/fiches/F910001/?v=7&q1=1")

    assert "Livret de l" in shown
    assert "changé depuis" in shown


def test_hostile_answers_are_no_answers(client, town):
    for nonsense in ("q1=<script>", "q1=99", "q1=1&q1=2", "v=x&q1=1", "q9999999=1"):
        page(client, f"/fiches/F910001/?{nonsense}")


def test_an_agent_goes_the_same_way_and_prints_the_same_list(client, town):
    client.force_login(AgentFactory.create(authority=town, roles=["REC"]))

    shown = page(client, "/agent/fiches/F910001/?v=1&q1=2&q2=2")

    assert "Accord du parent" in shown
    assert "Carte de l" not in shown
    assert "/fiches/F910001/documents/?v=1&amp;q1=2&amp;q2=2" in shown


def test_every_national_sheet_tells_source_file_date_and_address(client, town):
    for path in ("/fiches/F910001/", "/fiches/F910001/documents/"):
        shown = page(client, path)
        for duty in (
            "Service-Public.gouv.fr / DILA",
            "Licence Ouverte 2.0",
            "F910001.xml",
            "2026-03-02",
            "https://lecomarquage.service-public.gouv.fr/vdd/3.5/part/zip/vosdroits-latest.zip",
        ):
            assert duty in shown


def test_an_office_is_our_own_place_with_its_hours(client, town):
    site = SiteFactory.create(authority=town, address="1 place des Fours")
    LocalPlace.objects.create(authority=town, pivot="mairie", site=site)
    LocalPlace.objects.create(
        authority=town, pivot="caf", name="Caf du pays", phone="02 00 00 00 01"
    )
    other = AuthorityFactory.create(slug="autre")
    LocalPlace.objects.create(authority=other, pivot="caf", name="Caf lointaine")

    shown = page(client, "/fiches/F910001/")

    assert site.name in shown
    assert "1 place des Fours" in shown
    assert "Horaires non confirmés" in shown
    assert "tel:0200000001" in shown
    assert "Caf lointaine" not in shown


def test_a_place_of_ours_is_escaped(client, town):
    LocalPlace.objects.create(authority=town, pivot="caf", name="<script>x</script>")

    assert "<script>x" not in page(client, "/fiches/F910001/")


def test_an_old_address_leads_to_the_successor_by_the_shortest_way(client, town):
    response = client.get("/fiches/F900090/")

    assert response.status_code == 301
    assert response["Location"] == "/fiches/F910001/"
    assert client.get("/fiches/F900090/documents/")["Location"] == "/fiches/F910001/"


def test_an_old_address_under_a_named_door_stays_there(client, town):
    response = client.get(f"/c/{town.slug}/fiches/F900090/")

    assert response["Location"] == f"/c/{town.slug}/fiches/F910001/"


def test_circles_end_and_unknown_numbers_are_not_found(client, town):
    page(client, "/fiches/F900098/", 404)
    page(client, "/fiches/F123456/", 404)


def test_what_moved_out_of_the_set_says_where(client, town):
    shown = page(client, "/fiches/F900095/", 410)

    assert "https://exemple.fr/ailleurs" in shown


def test_a_withdrawn_sheet_is_shown_as_what_it_was(client, town):
    national_sheet("F77")
    Sheet.objects.filter(ref="F77").update(state=Sheet.State.ARCHIVED)

    response = client.get("/fiches/F77/")

    assert response.status_code == 200
    assert "a quitté" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    client.force_login(AgentFactory.create(authority=town, roles=["REC"]))
    assert "a quitté" in page(client, "/agent/fiches/F77/")
    assert client.get("/agent/fiches/F900090/")["Location"] == "/agent/fiches/F910001/"


def test_themes_lead_to_sheets(client, town):
    assert "Se déplacer" in page(client, "/fiches/themes/")
    assert "/fiches/themes/N111/" in page(client, "/fiches/themes/N110/")
    shown = page(client, "/fiches/themes/N111/")
    assert shown.index("Qui paie la vignette") < shown.index("La vignette du vélo")
    assert client.get("/fiches/N111/")["Location"] == "/fiches/themes/N111/"
    page(client, "/fiches/themes/N9/", 404)
    assert "/fiches/themes/N110/" in page(client, "/fiches/F910001/")


def test_resources_and_words_have_their_pages(client, town):
    form = page(client, "/fiches/ressources/R50/")
    for words in ("99001*02", "Notice de la vignette", "La vignette", "R50.xml", "Dix minutes"):
        assert words in form or words == "La vignette"
    assert "120 €" in page(client, "/fiches/ressources/R70/")
    assert "pas disponible" in page(client, "/fiches/ressources/R80/")
    assert client.get("/fiches/R60/")["Location"] == "/fiches/ressources/R60/"
    assert "Engin à deux roues" in page(client, "/fiches/glossaire/?lettre=V")
    assert "Engin" not in page(client, "/fiches/glossaire/?lettre=Z")
    page(client, "/fiches/glossaire/?lettre=%3Cscript")


def test_editors_see_which_offices_have_no_place_and_name_one(client, town):
    client.force_login(AgentFactory.create(authority=town, roles=["KBE"]))
    site = SiteFactory.create(authority=town)
    listed = page(client, reverse("knowledge:places"))
    assert "Caisse d&#x27;allocations familiales" in listed
    assert "?type=mairie" in listed

    response = client.post(
        reverse("knowledge:place-new"), {"pivot": "Mairie ", "site": site.pk, "form_key": "k1"}
    )

    assert response.status_code == 302
    place = LocalPlace.objects.get()
    assert (place.pivot, place.authority_id) == ("mairie", town.pk)
    assert "?type=mairie" not in page(client, reverse("knowledge:places"))
    client.post(reverse("knowledge:place", args=[place.pk]), {"pivot": "mairie", "name": "Autre"})
    assert LocalPlace.objects.get().name == "Autre"
    client.post(reverse("knowledge:place-remove", args=[place.pk]), {"form_key": "k2"})
    assert not LocalPlace.objects.exists()


def test_a_place_must_be_somewhere_and_a_site_ours(client, town):
    client.force_login(AgentFactory.create(authority=town, roles=["KBE"]))
    foreign = SiteFactory.create(authority=AuthorityFactory.create(slug="autre"))

    empty = client.post(reverse("knowledge:place-new"), {"pivot": "caf"})
    theirs = client.post(reverse("knowledge:place-new"), {"pivot": "caf", "site": foreign.pk})

    assert (empty.status_code, theirs.status_code) == (200, 200)
    assert not LocalPlace.objects.exists()


def test_a_place_of_another_authority_is_not_found(client, town):
    client.force_login(AgentFactory.create(authority=town, roles=["KBE"]))
    theirs = LocalPlace.objects.create(
        authority=AuthorityFactory.create(slug="autre"), pivot="caf", name="Caf"
    )

    assert client.get(reverse("knowledge:place", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("knowledge:place-remove", args=[theirs.pk])).status_code == 404
