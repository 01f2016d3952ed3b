from pathlib import Path

from django.test import Client

from parvis.accounts.actions import create_token
from parvis.accounts.models import Agent
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.dila.publication import DOWNLOAD
from tests.accounts.factories import AgentFactory
from tests.interop.conftest import Api
from tests.knowledge import editions
from tests.knowledge.factories import NOON, local_sheet
from tests.knowledge.federation import adopted, federation, laid
from tests.organisations.factories import AuthorityFactory


def test_the_address_of_a_sheet_opens_it_whichever_authority_asks(
    api: Api, foreign_api: Api, client: Client
):
    ours = local_sheet()
    theirs = local_sheet(AuthorityFactory.create(slug="tremalon"), ref="TR-001")

    addresses = [api.get(f"sheets/{ours.ref}").json()["url"]]
    addresses += [foreign_api.get(f"sheets/{theirs.ref}").json()["url"]]
    found = foreign_api.get("sheets/search?q=acte+de+naissance").json()["results"]
    addresses += [hit["url"] for hit in found]

    assert len(addresses) == 3
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


def test_a_national_sheet_tells_its_origin_and_its_questions(api: Api, tmp_path: Path):
    edition = editions.write(tmp_path / "in")
    Import(audience="particuliers", now=NOON).run(edition)

    whole = api.get("sheets/F910001").json()
    chosen = api.get("sheets/F910001?q1=1").json()

    assert whole["attribution"] == {
        "source": "Service-Public.gouv.fr / DILA",
        "licence": "Licence Ouverte 2.0",
        "file": "F910001.xml",
        "file_date": "2026-03-02",
        "page_url": "https://www.service-public.gouv.fr/particuliers/vosdroits/F910001",
        "download_url": DOWNLOAD["particuliers"],
    }
    assert whole["questions"][0]["choices"] == ["Un adulte", "Un enfant"]
    assert "Livret" in str(whole["blocks"])
    assert "Livret" not in str(chosen["blocks"])
    assert "data-" not in str(whole["blocks"])


def test_a_number_that_was_quoted_leads_to_its_successor(api: Api, tmp_path: Path):
    Import(audience="particuliers", now=NOON).run(editions.write(tmp_path / "in"))

    moved = api.get("sheets/F900090")

    assert (moved.status_code, moved["Location"]) == (301, "/api/v1/sheets/F910001")
    assert api.get("sheets/F900098").status_code == 404


def test_local_words_are_told_to_their_own_house_only(api: Api, foreign_api: Api):
    made = federation()
    adopted(made)
    laid(made, "Au guichet bleu.", level="internal")
    theirs = Api(_token(made.neighbour))
    owner = Api(_token(made.owner))

    blocks = theirs.get("sheets/SO-012").json()["blocks"]
    local = [block for block in blocks if block["local"]]
    assert [block["html"] for block in local] == ["<p>Au guichet bleu.</p>"]
    assert all("Imprimante" not in block["html"] for block in blocks)
    assert theirs.get("sheets/SO-012").json()["shared_by"]
    assert [one["level"] for one in theirs.get("sheets/SO-012/overlays").json()] == ["internal"]
    assert [one["state"] for one in theirs.get("adoptions").json()] == ["adopted"]
    assert owner.get("sheets/SO-012/overlays").json() == []
    assert "guichet bleu" not in owner.get("sheets/SO-012").content.decode()


def _token(agent: Agent) -> str:
    admin = AgentFactory.create(
        authority=agent.authority, username=f"adm.{agent.username}", roles=["ADM"], entry=None
    )
    made = create_token(agent.authority, actor=admin, now=NOON, name="t", role="MGR")
    return str(made.secret)
