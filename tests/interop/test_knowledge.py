from django.test import Client

from tests.interop.conftest import Api
from tests.knowledge.factories import local_sheet
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
