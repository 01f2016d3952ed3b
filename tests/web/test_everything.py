"""The one box of the desk: people, procedures, cases and streets beside the sheets."""

import pytest

from parvis.common.errors import Refused
from parvis.knowledge import actions, queries
from parvis.knowledge.rules import streets as rules
from parvis.web.queries.everything import others
from tests.accounts.factories import AgentFactory
from tests.organisations.factories import AuthorityFactory, DirectoryEntryFactory, ServiceFactory

pytestmark = pytest.mark.django_db
TABLE = """street;from;to;side;subject;service;site;body;contact
Rue des Lavandières;1;39;impair;École de secteur;;;École Jules-Verne;02 61 91 00 31
Rue des Lavandières;2;40;pair;École de secteur;;;École des Tilleuls;02 61 91 00 32
Place du Général-Leclerc;;;;Déchets;;;Communauté Orvanne et Plateaux;
"""


@pytest.fixture
def agent():
    return AgentFactory.create(roles=["REC"])


def found(agent, words):
    return {kind.key: [one.title for one in kind.found] for kind in others(agent, words)}


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ("12 rue des Lavandières", ["École des Tilleuls"]),
        ("13, r. des lavandieres", ["École Jules-Verne"]),
        ("41 rue des lavandières", []),
        ("lavandi", ["École Jules-Verne", "École des Tilleuls"]),
        ("pl gal leclerc", ["Communauté Orvanne et Plateaux"]),
        ("rue", []),
        ("12", []),
    ],
)
def test_an_address_leads_to_who_answers_for_it(agent, typed, answers):
    actions.import_streets(agent, TABLE)

    assert [row.body for row in queries.streets_for(agent, typed)] == answers


def test_a_neighbours_streets_are_not_ours(agent):
    actions.import_streets(agent, TABLE)
    neighbour = AgentFactory.create(
        username="voisine", authority=AuthorityFactory.create(slug="tremalon")
    )

    assert queries.streets_for(neighbour, "lavandières") == []


@pytest.mark.parametrize(
    "table",
    ["", "rue;quoi\n", "street;subject\n;École\n", "street;subject;from\nRue;École;dix\n",
     "street;subject;service\nRue;École;nulle-part\n"],
)  # fmt: skip
def test_a_table_that_cannot_be_read_changes_nothing(agent, table):
    actions.import_streets(agent, TABLE)

    with pytest.raises(Refused):
        actions.import_streets(agent, table)

    assert len(queries.streets_for(agent, "lavandières")) == 2


def test_short_forms_of_a_street_are_written_out():
    assert rules.folded("Bd du Gal. Leclerc") == "boulevard du general leclerc"
    assert rules.address("3 bis av. Foch") == rules.Address(("avenue", "foch"), 3)


def test_colleagues_are_found_by_name_function_and_service(agent):
    planning = ServiceFactory.create(authority=agent.authority, slug="urba", name="Urbanisme")
    DirectoryEntryFactory.create(
        authority=agent.authority, service=planning, first_name="Élodie", last_name="Kermarrec",
        function="Instructrice", is_active=True,
    )  # fmt: skip

    assert found(agent, "kerm")["people"] == ["Élodie Kermarrec"]
    assert found(agent, "elodie urban")["people"] == ["Élodie Kermarrec"]
    assert "people" not in found(agent, "elodie voirie")


def test_who_may_not_read_the_directory_or_cases_finds_none_here(agent, monkeypatch):
    monkeypatch.setattr(type(agent), "may", lambda _agent, _capability: False)

    assert found(agent, agent.entry.last_name) == {}
