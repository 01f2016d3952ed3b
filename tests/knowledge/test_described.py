"""What machines read of a public sheet: schema.org twice, the canonical address, the languages."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import extruct
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pyld import jsonld

from parvis.knowledge import actions
from parvis.knowledge.actions import OtherWords
from tests.knowledge.factories import NOON, block, editor, local_sheet
from tests.organisations.factories import (
    ClosureFactory,
    DeskFactory,
    SeasonFactory,
    SiteFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db
SCHEMA = "https://schema.org/"
OURS = {"@context": {"@vocab": SCHEMA, "url": {"@type": "@id"}}}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


def open_sheet() -> Any:
    topic, site = TopicFactory.create(), SiteFactory.create(address="1 place du Parvis")
    DeskFactory.create(site=site, topics=[topic])
    today = timezone.localdate()
    SeasonFactory.create(
        site=site, valid_from=today - timedelta(9), valid_through=today + timedelta(300)
    )
    ClosureFactory.create(
        site=site, first_day=today + timedelta(3), last_day=today + timedelta(4), reason="Fêtes"
    )
    return local_sheet(topics=[topic])


def document(client: Client, ref: str = "SO-012") -> dict[str, Any]:
    response = client.get(reverse("knowledge:description", args=[ref]))
    assert response.headers["Content-Type"] == "application/ld+json"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_the_sheet_is_a_service_of_the_house_with_the_places_that_receive_for_it(client):
    open_sheet()

    service, questions = document(client)["@graph"]

    office = service["availableChannel"][0]["serviceLocation"]
    assert service["@type"] == "GovernmentService"
    assert service["provider"]["name"] == "Sainte-Orvanne"
    assert service["serviceOperator"]["name"] == "État civil"
    assert (office["@type"], office["address"]) == ("GovernmentOffice", "1 place du Parvis")
    assert questions["@type"] == "FAQPage"
    assert questions["mainEntity"][0] == {
        "@type": "Question",
        "name": "Copie d’acte de naissance",
        "acceptedAnswer": {
            "@type": "Answer",
            "text": "C’est gratuit. Nous remettons la copie tout de suite.",
        },
    }


def test_hours_are_given_with_their_days_and_what_is_unusual(client):
    open_sheet()

    office = document(client)["@graph"][0]["availableChannel"][0]["serviceLocation"]

    [week] = office["openingHoursSpecification"]
    assert (week["opens"], week["closes"]) == ("08:30", "17:30")
    assert len(week["dayOfWeek"]) == 5
    assert week["validFrom"] == timezone.localdate().isoformat()
    closed = {
        one["validFrom"]
        for one in office["specialOpeningHoursSpecification"]
        if one["opens"] == one["closes"] == "00:00"
    }
    today = timezone.localdate()
    assert {(today + timedelta(n)).isoformat() for n in (3, 4)} <= closed


def test_hours_that_ran_out_are_not_given(client):
    sheet = open_sheet()
    site = sheet.topics.get().desks.get().site
    site.seasons.update(
        valid_from=timezone.localdate() - timedelta(9),
        valid_through=timezone.localdate() - timedelta(1),
    )

    office = document(client)["@graph"][0]["availableChannel"][0]["serviceLocation"]

    assert "openingHoursSpecification" not in office


def test_every_term_is_a_word_of_schema_org_and_both_forms_say_the_same(client):
    open_sheet()

    graph = document(client)["@graph"]
    page = client.get(reverse("knowledge:sheet", args=["SO-012"])).content.decode()

    expanded = jsonld.expand({**OURS, "@graph": graph})
    assert _terms(expanded)
    assert all(term.startswith(SCHEMA) for term in _terms(expanded))
    found = extruct.extract(page, syntaxes=["microdata"], uniform=False)["microdata"]
    assert [_plain(one) for one in found] == [_flat(one) for one in graph]


def _terms(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(_terms, node))
    if not isinstance(node, dict):
        return set()
    terms = {key for key in node if not key.startswith("@")} | set(node.get("@type", []))
    return terms.union(*(map(_terms, node.values())))


def _plain(item: Any) -> Any:
    """Microdata as extruct gives it."""
    if isinstance(item, list):
        return [_plain(one) for one in item]
    if not isinstance(item, dict):
        return " ".join(str(item).split())
    held = {key: _plain(value) for key, value in item["properties"].items()}
    return {"@type": item["type"].removeprefix(SCHEMA), **held}


def _flat(node: Any) -> Any:
    """JSON-LD as microdata can say it: a list of one is the one."""
    if isinstance(node, list):
        return _flat(node[0]) if len(node) == 1 else [_flat(one) for one in node]
    if not isinstance(node, dict):
        return " ".join(str(node).split())
    return {key: _flat(value) for key, value in node.items() if key != "@id"}


def test_nothing_internal_is_described(client):
    local_sheet()

    text = json.dumps(document(client), ensure_ascii=False)

    assert "filigrane" not in text
    assert "Imprimante" not in text


def test_a_page_names_its_address_its_summary_and_its_languages(client, settings):
    settings.BASE_URL = "https://parvis.example"
    sheet = local_sheet()
    words = OtherWords("Birth certificate", "It is free.", [block("<p>Free.</p>")])
    text = actions.keep_text(
        sheet, words, kind="translation", language="en", agent=editor(), now=NOON, revision=0
    )
    actions.show_text(text, agent=editor(), shown=True)

    page = client.get(reverse("knowledge:sheet", args=["SO-012"])).content.decode()
    english = client.get(reverse("knowledge:sheet", args=["SO-012"]) + "?langue=en")

    home = "https://parvis.example/fiches/SO-012/"
    assert f'<link rel="canonical" href="{home}">' in page
    assert f'hreflang="en" href="{home}?langue=en"' in page
    assert '<meta name="description" content="C’est gratuit.' in page
    assert f'<link rel="canonical" href="{home}?langue=en">' in english.content.decode()


def test_the_canonical_address_is_on_the_host_of_the_authority(client, settings):
    settings.BASE_URL = "https://parvis.example"
    sheet = local_sheet()
    sheet.authority.hostname = "orvanne.example"
    sheet.authority.save()

    page = client.get("/c/orvanne/fiches/SO-012/").content.decode()

    assert '<link rel="canonical" href="https://orvanne.example/fiches/SO-012/">' in page


def test_a_page_that_was_kept_is_sent_again_when_the_house_or_its_hours_change(client):
    sheet = open_sheet()
    address = reverse("knowledge:sheet", args=["SO-012"])

    def still_holds() -> Callable[[], int]:
        etag = client.get(address).headers["ETag"]
        cache.clear()  # what is remembered for half a minute
        return lambda: int(client.get(address, headers={"If-None-Match": etag}).status_code)

    unchanged = still_holds()
    assert unchanged() == 304
    closed = still_holds()
    ClosureFactory.create(
        site=sheet.topics.get().desks.get().site,
        first_day=timezone.localdate(),
        last_day=date.max - timedelta(9),
    )
    assert closed() == 200
    phone = still_holds()
    sheet.service.phone = "02 00 00 00 00"
    sheet.service.save()
    assert phone() == 200
    renamed = still_holds()
    sheet.authority.name = "Sainte-Orvanne-sur-Mer"
    sheet.authority.save()
    assert renamed() == 200
