import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from parvis.cases import actions as cases
from parvis.organisations.models import Authority, HoursException, Site
from parvis.web import queries
from tests.accounts.factories import AgentFactory
from tests.knowledge.factories import BLOCKS, block, local_sheet
from tests.organisations.factories import (
    AuthorityFactory,
    ClosureFactory,
    DeskFactory,
    SeasonFactory,
    SiteFactory,
    TopicFactory,
)
from tests.web.scenes import hall

pytestmark = pytest.mark.django_db
TUESDAY_NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
LAST_YEAR = datetime(2027, 1, 5, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


def town(*names: str) -> Authority:
    authority: Authority = AuthorityFactory.create()
    for name in names or ["Mairie"]:
        site = SiteFactory.create(authority=authority, slug=name, name=name)
        SeasonFactory.create(site=site)
        DeskFactory.create(site=site)
    return authority


def test_a_place_is_open_until_its_closing_time():
    place = queries.places_now(town(), TUESDAY_NOON)[0]

    assert place.state.open
    assert place.until is not None
    assert (place.until.hour, place.until.minute) == (17, 30)


def test_after_the_season_nothing_is_claimed():
    place = queries.places_now(town(), LAST_YEAR)[0]

    assert not place.state.open
    assert not place.state.confirmed


def test_a_wait_is_only_given_where_somebody_receives():
    scene = hall()
    known = queries.places_now(scene.site.authority, scene.now)[0]

    assert known.wait is None or known.state.open


def test_a_coming_closure_is_announced():
    authority = town()
    ClosureFactory.create(site=authority.sites.get())

    early = queries.notices(authority, TUESDAY_NOON)
    near = queries.notices(authority, TUESDAY_NOON + timedelta(days=20))

    assert early == []
    assert [notice.reason for notice in near] == ["Fêtes de fin d’année"]


def test_the_telephone_is_not_said_to_be_open_without_hours():
    assert queries.human_exit(town(), TUESDAY_NOON)["open_now"] is None


def test_the_front_door_asks_what_is_looked_for(client: Client):
    town()

    page = client.get("/").content.decode()

    assert "Que cherchez-vous" in page
    assert 'name="q"' in page
    assert "02 61 91 00 10" in page


def test_every_link_of_the_front_door_leads_somewhere(client: Client):
    hall()
    page = client.get("/").content.decode()
    addresses = {part.split('"')[0] for part in page.split('href="/')[1:]}
    pages = {f"/{one}" for one in addresses if not one.startswith(("static/", "habillage/"))}

    assert {address: client.get(address).status_code for address in pages} == dict.fromkeys(
        pages, 200
    )


def test_examples_are_sheets_of_the_authority(client: Client):
    scene = hall()
    scene.topic.on_kiosk = True
    scene.topic.save()
    local_sheet(scene.site.authority, topics=[scene.topic])

    assert "Copie d’acte de naissance" in client.get("/").content.decode()


@pytest.mark.parametrize(
    "typed", ["{key}", " {key} ", "https://sainte-orvanne.example/suivi/{key}/"]
)
def test_the_code_of_a_request_opens_its_page(client: Client, typed: str):
    town()
    key = "Qw3rTyUiOpAsDfGhJkLz-x_1"

    answer = client.post("/suivi/", {"code": typed.format(key=key)})

    assert answer.headers["Location"] == f"/suivi/{key}/"


def test_half_a_code_is_asked_again(client: Client):
    town()

    page = client.post("/suivi/", {"code": "Qw3r"}).content.decode()

    assert 'aria-invalid="true"' in page


def test_each_authority_has_its_own_door(client: Client):
    AuthorityFactory.create()
    AuthorityFactory.create(slug="tremalon", name="Trémalon")

    assert "Trémalon" in client.get("/c/tremalon/").content.decode()
    assert client.get("/c/nulle-part/").status_code == 404


def neighbour() -> Authority:
    """A second authority on the host of the first, with sheets that name each other."""
    AuthorityFactory.create(directory_is_public=True)
    hall()
    tremalon: Authority = AuthorityFactory.create(
        slug="tremalon", name="Trémalon", directory_is_public=True
    )
    other = local_sheet(tremalon, ref="TR-002", title="Acte de mariage")
    see = block(f'<p>Voir aussi <a href="/fiches/{other.ref}/">le mariage</a>.</p>')
    topic = TopicFactory.create(authority=tremalon, slug="actes", on_kiosk=True)
    local_sheet(tremalon, ref="TR-001", blocks=(*BLOCKS, see), topics=[topic])
    SiteFactory.create(authority=tremalon, slug="hall")
    return tremalon


def links(page: str) -> set[str]:
    """Where a page leads to by link, and by forms other than that of the language."""
    found = re.findall(r'(?:href|action|data-hx-get)="(/[^"#?]*)', page)
    return {one for one in found if not one.startswith(("/static/", "/habillage/", "/langue/"))}


def walk(client: Client, start: str) -> dict[str, str]:
    """Every page that can be reached by links from there."""
    seen: dict[str, str] = {}
    ahead = {start}
    while ahead:
        address = ahead.pop()
        answer = client.get(address)
        if answer.status_code == 405:  # a form that only takes what is sent
            seen[address] = ""
            continue
        assert answer.status_code == 200, address
        seen[address] = answer.content.decode()
        ahead |= links(seen[address]) - set(seen)
    return seen


def test_a_walk_through_the_second_authority_of_a_host_stays_there(client: Client):
    neighbour()

    seen = walk(client, "/c/tremalon/")

    assert {one for one in seen if not one.startswith("/c/tremalon/")} == set()
    assert {one for one, page in seen.items() if "Sainte-Orvanne" in page} == set()
    assert {one.removeprefix("/c/tremalon") for one in seen} >= {
        "/", "/horaires/", "/annuaire/", "/suivi/", "/accessibilite/", "/affichage/",
        "/donnees-personnelles/", "/mentions-legales/", "/fiches/", "/fiches/TR-001/",
        "/fiches/TR-001/documents/", "/fiches/TR-002/",
    }  # fmt: skip


def test_a_search_at_the_second_authority_finds_its_sheets_there(client: Client):
    neighbour()

    page = client.get("/c/tremalon/fiches/?q=acte+de+mariage").content.decode()

    assert "/c/tremalon/fiches/TR-002/" in links(page)


def test_the_authority_of_the_host_keeps_its_short_addresses(client: Client):
    neighbour()

    assert not {one for one in walk(client, "/") if one.startswith("/c/")}


@pytest.mark.parametrize("address", ["/c/tremalon/fiches/RIEN/", "/c/tremalon/rien/"])
def test_an_unknown_page_of_an_authority_leads_back_to_it(client: Client, address: str):
    neighbour()

    answer = client.get(address)

    assert answer.status_code == 404
    assert not {one for one in links(answer.content.decode()) if "/c/tremalon/" not in one}


def test_the_choices_of_display_lead_back_to_the_same_authority(client: Client):
    neighbour()
    choices = {"theme": "dark", "contrast": "system", "shortcuts": "on", "language": "fr"}

    answer = client.post("/c/tremalon/affichage/", choices)

    assert answer.headers["Location"] == "/c/tremalon/affichage/"


def test_a_secret_page_leads_to_the_authority_it_belongs_to(client: Client):
    tremalon = neighbour()
    topic = TopicFactory.create(authority=tremalon, slug="demandes")
    agent = AgentFactory.create(authority=tremalon, username="rozenn", entry=None)
    opened = cases.open_case(
        topic=topic, channel="desk", description="Un acte.", now=timezone.now(), agent=agent
    )

    found = links(client.get(f"/suivi/{opened.secret}/").content.decode())

    assert "/c/tremalon/horaires/" in found
    assert "/horaires/" not in found


@pytest.mark.parametrize("address", ["/", "/horaires/"])
def test_the_pages_cost_the_same_for_one_place_and_for_six(
    client: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
):
    town("Mairie", "Nord", "Sud", "Est", "Ouest", "CCAS")
    client.get(address)

    with django_assert_max_num_queries(20):
        client.get(address)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("address", "french"),
    [
        ("/", "Bonjour"),
        ("/horaires/", "Lieux et horaires"),
        ("/accessibilite/", "Pas encore audité"),
        ("/donnees-personnelles/", "Ce qui est gardé"),
        ("/mentions-legales/", "Éditeur"),
    ],
)
def test_both_languages(client: Client, address: str, french: str, language: str):
    town()
    client.cookies["django_language"] = language

    page = client.get(address).content.decode()

    assert (french in page) is (language == "fr")


def test_the_page_on_data_tells_the_delays_of_the_code(client: Client):
    town()

    page = client.get("/donnees-personnelles/").content.decode()

    assert "14 jours" in page
    assert "48 heures" in page
    assert "12 heures" in page


def test_hours_that_overlap_are_told_as_one_and_as_the_week_tells_them(client: Client):
    site = Site.objects.get(authority=town())
    for opens, closes in [("08:30", "12:30"), ("10:50", "17:05"), ("13:30", "17:30")]:
        HoursException.objects.create(
            site=site,
            channel="desk",
            date=TUESDAY_NOON.date(),
            opens=opens,
            closes=closes,
            reason="Portes ouvertes",
        )

    (notice,) = queries.notices(site.authority, TUESDAY_NOON)
    ((_place, weeks),) = queries.weeks(site.authority, TUESDAY_NOON)

    assert notice.hours == [(time(8, 30), time(17, 30))]
    assert list(weeks[0].days[1].hours) == notice.hours
