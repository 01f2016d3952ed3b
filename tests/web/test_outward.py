"""What search engines are told: the pages of one authority, and where they have no business."""

from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.urls import reverse

from parvis.web.views import outward
from tests.knowledge.factories import local_sheet, national_sheet
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def tree(client, address: str = "/sitemap.xml") -> Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    found: Element = fromstring(response.content)
    return found


def places(root: Element) -> list[str]:
    return [loc.text or "" for loc in root.iter(SPACE + "loc")]


def test_the_list_has_every_public_sheet_once_with_the_day_of_its_words(client, settings):
    settings.BASE_URL = "https://parvis.example"
    national_sheet()
    local_sheet(ref="F1427", title="Chez nous")
    local_sheet()
    local_sheet(ref="SO-090", is_public=False)
    local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1")

    root = tree(client)

    sheets = [place for place in places(root) if "/fiches/" in place and place[-8:] != "/fiches/"]
    assert sorted(sheets) == [
        "https://parvis.example/fiches/F1427/",
        "https://parvis.example/fiches/SO-012/",
    ]
    assert {one.text for one in root.iter(SPACE + "lastmod")} == {"2026-11-24T11:00:00+00:00"}
    assert "https://parvis.example/" in places(root)


def test_another_authority_on_the_same_host_has_its_own_list(client, settings):
    settings.BASE_URL = "https://parvis.example"
    local_sheet()
    local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1")

    found = places(tree(client, "/c/tremalon/sitemap.xml"))

    assert "https://parvis.example/c/tremalon/fiches/TR-1/" in found
    assert not any("SO-012" in place for place in found)


def test_too_many_pages_for_one_list_become_a_list_of_lists(client, monkeypatch):
    monkeypatch.setattr(outward, "MOST", 4)
    for number in range(3):
        local_sheet(ref=f"SO-{number}")

    root = tree(client)
    parts = [tree(client, place[place.index("/", 8) :]) for place in places(root)]

    assert root.tag == SPACE + "sitemapindex"
    assert [len(places(part)) for part in parts] == [4, 4, 2]
    assert client.get("/sitemap-9.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_a_list_is_not_sent_again_until_a_sheet_is_published(client):
    local_sheet()
    mark = client.get("/sitemap.xml").headers["ETag"]

    again = client.get("/sitemap.xml", headers={"If-None-Match": mark})
    local_sheet(ref="SO-013")
    changed = client.get("/sitemap.xml", headers={"If-None-Match": mark})

    assert (again.status_code, changed.status_code) == (304, 200)


def test_robots_are_kept_from_desks_and_secrets_and_find_every_list(client, settings):
    settings.BASE_URL = "https://parvis.example"
    AuthorityFactory.create()
    AuthorityFactory.create(slug="tremalon", name="Trémalon", hostname="tremalon.example")

    lines = client.get(reverse("web:robots")).content.decode().splitlines()

    for place in ("/agent/", "/ticket/", "/suivi/", "/api/"):
        assert f"Disallow: {place}" in lines
    assert lines[-2:] == [
        "Sitemap: https://parvis.example/sitemap.xml",
        "Sitemap: https://tremalon.example/sitemap.xml",
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_whatever_its_length(client, count, django_assert_max_num_queries):
    for number in range(count):
        local_sheet(ref=f"SO-{number}")

    with django_assert_max_num_queries(6):
        tree(client)
