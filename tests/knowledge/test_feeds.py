"""News of the public sheets: Atom as RFC 4287 has it, of one authority, and only what is public."""

from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import feedparser
import pytest
from defusedxml.ElementTree import fromstring
from django.urls import reverse

from parvis.knowledge import actions
from tests.knowledge.factories import NOON, block, local_sheet, national_sheet
from tests.organisations.factories import (
    AuthorityFactory,
    ServiceFactory,
    TopicFactory,
    TopicFamilyFactory,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Any, name: str = "feed", *args: str) -> Any:
    response = client.get(reverse(f"knowledge:{name}", args=args))
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    return response


def entries(client: Any, name: str = "feed", *args: str) -> list[str]:
    found = feedparser.parse(feed(client, name, *args).content)
    assert not found.bozo
    return [entry.title for entry in found.entries]


def text(parent: Element, name: str) -> str:
    [child] = parent.findall(ATOM + name)
    assert child.text
    return child.text


def test_the_feed_has_everything_that_the_rfc_demands(client):
    local_sheet()
    local_sheet(ref="SO-013", title="Autre & <autre>", short_answer="a < b & c")

    root = fromstring(feed(client).content)

    assert root.tag == ATOM + "feed"
    links = {link.get("rel"): link.get("href") for link in root.findall(ATOM + "link")}
    assert links["self"].endswith("/fiches/flux.atom")
    assert text(root.find(ATOM + "author"), "name") == "Sainte-Orvanne"
    ids = [text(root, "id")]
    for one in [root, *root.findall(ATOM + "entry")]:
        assert text(one, "title")
        assert datetime.fromisoformat(text(one, "updated")).tzinfo is not None
    for entry in root.findall(ATOM + "entry"):
        ids.append(text(entry, "id"))
        [alternate] = entry.findall(ATOM + "link")
        assert (alternate.get("rel"), alternate.get("href", "")[:4]) == ("alternate", "http")
        assert len(entry.findall(ATOM + "summary")) == 1
        assert text(entry, "published") <= text(entry, "updated")
    assert len(set(ids)) == 3
    assert all(one.startswith("urn:uuid:") for one in ids)


def test_a_new_version_is_news_and_keeps_the_name_of_the_sheet(client):
    sheet = local_sheet()
    local_sheet(ref="SO-013", title="Autre fiche")
    before = feedparser.parse(feed(client).content).entries
    later = NOON + timedelta(days=1)

    actions.publish_version(
        sheet, now=later, author="", title="Acte de naissance", short_answer="Oui.", blocks=[]
    )

    first = feedparser.parse(feed(client).content).entries[0]
    assert first.title == "Acte de naissance"
    assert first.id in {entry.id for entry in before}
    assert datetime.fromisoformat(first.updated) == later
    assert datetime.fromisoformat(first.published) == NOON


def test_a_feed_holds_only_the_public_sheets_of_its_authority(client):
    national_sheet()
    local_sheet()
    local_sheet(ref="SO-090", title="Interne", is_public=False)
    local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1", title="Là")

    assert entries(client) == ["Copie d’acte de naissance"]
    assert entries(client, "feed-of", "tremalon") == ["Là"]


def test_a_family_and_a_service_have_feeds_of_their_own(client):
    family = TopicFamilyFactory.create(slug="famille", name="Famille", series="F")
    canteen = TopicFactory.create(slug="cantine", name="Cantine", family=family)
    other = ServiceFactory.create(slug="education", name="Éducation")
    local_sheet()
    local_sheet(ref="SO-013", title="Cantine", topics=[canteen], service=other)

    assert entries(client, "feed-family", "famille") == ["Cantine"]
    assert entries(client, "feed-service", "education") == ["Cantine"]
    assert entries(client, "feed-service", "etat-civil") == ["Copie d’acte de naissance"]
    assert client.get("/fiches/flux/services/nulle-part.atom").status_code == 404


def test_a_feed_without_news_is_not_sent_again(client):
    local_sheet()
    first = feed(client)

    again = client.get(reverse("knowledge:feed"), headers={"If-None-Match": first["ETag"]})
    local_sheet(ref="SO-013")
    changed = client.get(reverse("knowledge:feed"), headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, changed.status_code) == (304, 200)


def test_an_empty_feed_is_a_feed(client):
    AuthorityFactory.create()

    assert entries(client) == []


@pytest.mark.parametrize("count", [2, 30])
def test_a_feed_costs_the_same_whatever_its_length(client, count, django_assert_max_num_queries):
    for number in range(count):
        local_sheet(ref=f"SO-{number}", blocks=[block("<p>a</p>")])

    with django_assert_max_num_queries(6):
        feed(client)
