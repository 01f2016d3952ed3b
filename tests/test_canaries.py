"""A line that is not public never reaches the public: every way out is walked for canaries."""

import io
import zipfile

import pytest
from django.core.cache import cache
from django.test import Client

from parvis.interop.api import api as ninja
from parvis.knowledge import rules, search
from tests.interop.conftest import token_of
from tests.knowledge.factories import editor
from tests.organisations.factories import AuthorityFactory
from tests.support import canaries
from tests.support.canaries import Aviary
from tests.test_permissions import ROUTES

pytestmark = pytest.mark.django_db
CALLS = [path for path, methods in ninja.get_openapi_schema()["paths"].items() if "get" in methods]


@pytest.fixture
def aviary(tmp_path, settings) -> Aviary:
    settings.FILES = settings.VAR = tmp_path
    cache.clear()
    made = Aviary(
        AuthorityFactory.create(),
        AuthorityFactory.create(slug="tremalon", name="Trémalon"),
    )
    for plant in canaries.of_rooms("PLANTED"):
        plant(made)
    search.rebuild()
    return made


def test_no_public_page_of_the_address_list_shows_a_canary(aviary: Aviary, client: Client):
    pages = [*canaries.by_name(ROUTES, client), *canaries.by_guess(aviary, client)]

    assert canaries.leaks(pages, aviary) == []
    assert sum(page.status == 200 for page in pages) > len(pages) / 8


def test_no_link_leads_to_a_canary(aviary: Aviary, client: Client):
    pages = list(canaries.by_links("/", client))

    assert canaries.leaks(pages, aviary) == []
    assert any("/fiches/CA-1/" in page.where for page in pages)


def test_what_the_rooms_answer_elsewhere_has_no_canary(aviary: Aviary, client: Client):
    pages = [page for answer in canaries.of_rooms("SURFACES") for page in answer(aviary, client)]

    assert canaries.leaks(pages, aviary) == []


def test_a_program_without_a_token_reads_no_canary(aviary: Aviary, client: Client):
    pages = [canaries.get(client, address) for path in CALLS for address in _filled(path, aviary)]

    assert canaries.leaks(pages, aviary) == []


def test_a_program_of_another_town_reads_none_of_ours(aviary: Aviary):
    aviary.places = {w: p for w, p in aviary.places.items() if not p.startswith("theirs")}
    client = Client(headers={"Authorization": f"Bearer {token_of('tremalon', 'Trémalon')}"})

    pages = [canaries.get(client, address) for path in CALLS for address in _filled(path, aviary)]
    pages += [
        canaries.get(client, f"/api/v1/sheets/search?q={word}") for word in aviary.neighbours()
    ]

    told = [one for one in canaries.leaks(pages, aviary) if not one.startswith(canaries.MARK)]
    assert told == []


def test_ours_read_nothing_that_the_other_town_keeps_inside(aviary: Aviary):
    # What is said to whoever asks crosses with a shared sheet; notes of the house never do.
    said = ("theirs, public", "theirs, shared, asked", "theirs, shared, title of asked")
    aviary.places = {
        word: place
        for word, place in aviary.places.items()
        if place.startswith("theirs") and not place.startswith(said)
    }
    token = token_of("orvanne", "Sainte-Orvanne", role="KBE")
    client = Client(headers={"Authorization": f"Bearer {token}"})
    agent = Client()
    agent.force_login(editor())

    pages = [canaries.get(client, address) for path in CALLS for address in _filled(path, aviary)]
    pages += [canaries.get(agent, f"/agent/fiches/{ref}/") for ref in aviary.refs]
    pages += [
        canaries.get(agent, address)
        for address in ("/agent/sans-reseau/dossier.html", "/agent/fiches/?q=fiche",
                        "/agent/fiches/echange/sortir/?perimetre=whole")
    ]  # fmt: skip

    told = [one for one in canaries.leaks(pages, aviary) if not one.startswith(canaries.MARK)]
    assert told == []


def _filled(path: str, aviary: Aviary) -> list[str]:
    """The address of a call for everything that it may name."""
    query = "?q=fiche" if path.endswith("search") else ""
    if "{ref}" in path:
        return [path.replace("{ref}", ref) + query for ref in aviary.refs]
    return ["/".join("1" if part.startswith("{") else part for part in path.split("/")) + query]


def test_a_planted_leak_is_found(aviary: Aviary, client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "is_public", lambda block, today: True)

    leaks = canaries.leaks([canaries.get(client, "/fiches/CA-1/")], aviary)

    for level in ("asked", "internal", "embargo"):
        assert f"public sheet, {level} explanation: /fiches/CA-1/ (200)" in leaks


def test_a_canary_is_found_in_an_archive_and_in_a_header(aviary: Aviary):
    packed = canaries.Page("x.zip", 200, _archive("zqxcanarib in a file"))
    said = canaries.Page("y", 302, b"", "{'Location': '/ZQXcanaric/'}")

    assert canaries.found(packed) == {"zqxcanarib"}
    assert canaries.found(said) == {"zqxcanaric"}


def _archive(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text)
    return held.getvalue()
