"""The journal as it is read: who decided what, and never what speaks of people for everybody."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.models import JournalEntry
from parvis.privacy.queries.journal import OF_SETTINGS, Asked, journal_page, kinds
from tests.accounts.factories import AgentFactory, rozenn
from tests.cases.factories import nadia
from tests.contacts.factories import PersonFactory
from tests.privacy.factories import dpo, rule

pytestmark = pytest.mark.django_db
PAGE = reverse("privacy:journal")


def administrator() -> Agent:
    return AgentFactory.create(username="admin", roles=["ADM"])


def written() -> None:
    """A rule that Nadia kept, and somebody whom the officer looked up."""
    journal.record(nadia(), "privacy.rule_kept", rule())
    journal.record(dpo(), "privacy.person_looked_up", PersonFactory.create(), words="Kerdraon")


def test_the_officer_reads_who_did_what_in_words(client: Client):
    written()
    client.force_login(dpo())

    page = client.get(PAGE).content.decode()

    assert "Enregistrement" in page
    assert "Nadia" in page
    assert "Consultation" in page
    assert "Kerdraon" not in page
    assert "rule_kept" not in page


def test_the_administrator_reads_what_was_decided_and_nothing_of_people(client: Client):
    written()
    client.force_login(administrator())

    page = client.get(PAGE).content.decode()
    copy = client.get(reverse("privacy:journal-data")).content.decode()

    for told in (page, copy):
        assert "enregistrement" in told.lower()
        assert "consultation" not in told.lower()
    assert PAGE in client.get(reverse("organisations:home")).content.decode()


def test_nothing_of_people_is_among_what_the_administrator_reads():
    rooms = {label.partition(".")[0] for label in OF_SETTINGS}

    assert rooms.isdisjoint({"contacts", "feedback", "common"})
    assert OF_SETTINGS.isdisjoint({"cases.case", "cases.caseentry", "letters.letter"})
    assert {label for label, _words in kinds(administrator())} <= OF_SETTINGS


def test_the_journal_is_narrowed_by_who_what_and_when(client: Client):
    written()
    client.force_login(dpo())
    day = JournalEntry.objects.latest("pk").at.date().isoformat()

    by_nadia = client.get(PAGE, {"qui": nadia().pk}).content.decode()
    of_rules = client.get(PAGE, {"objet": "privacy.retentionrule", "du": day}).content.decode()
    before = client.get(PAGE, {"au": "2020-01-01"}).content.decode()

    assert "<td" in by_nadia
    assert "Consultation" not in by_nadia
    assert "<td" in of_rules
    assert "<td" not in before
    assert "Tout afficher" in before


def test_pages_of_the_journal_follow_each_other():
    kept, agent = rule(), dpo()
    for _n in range(60):
        journal.record(agent, "privacy.rule_kept", kept)

    first = journal_page(agent, Asked())
    second = journal_page(agent, Asked(), before=first.older)
    again = journal_page(agent, Asked(), after=second.newer)

    assert (len(first.lines), len(second.lines), second.older) == (50, 10, 0)
    assert again.lines == first.lines
    assert again.newer == 0


def test_the_journal_of_another_house_stays_there():
    written()

    assert journal_page(rozenn(), Asked()).lines == []


@pytest.mark.parametrize("rows", [1, 30])
def test_the_journal_costs_the_same_whatever_its_length(
    client: Client, rows: int, django_assert_max_num_queries: Any
):
    kept = rule()
    for n in range(rows):
        agent = AgentFactory.create(username=f"agent{n}", entry=None)
        journal.record(agent, "privacy.rule_kept", kept)
    client.force_login(dpo())

    with django_assert_max_num_queries(12):
        client.get(PAGE)


def test_an_address_that_makes_no_sense_shows_the_journal(client: Client):
    written()
    client.force_login(dpo())

    page = client.get(PAGE, {"avant": "x" * 40, "du": "hier", "qui": "0"})

    assert page.status_code == 200
