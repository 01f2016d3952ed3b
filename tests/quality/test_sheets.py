"""The coverage of the reception by sheets: what is counted, hidden, and listed behind a share."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.contacts.models import ContactSheet
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority, Topic
from parvis.quality.queries import sheets
from parvis.quality.queries.perimeter import Perimeter, frame_of
from tests.accounts.factories import AgentFactory, ines
from tests.contacts.factories import ContactFactory
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import AuthorityFactory, TopicFactory
from tests.quality.factories import at

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 31)


@pytest.fixture
def house() -> Authority:
    return AuthorityFactory.create()


@pytest.fixture
def covered(house: Authority) -> Topic:
    topic: Topic = TopicFactory.create(authority=house)
    return topic


@pytest.fixture
def bare(house: Authority) -> Topic:
    topic: Topic = TopicFactory.create(
        authority=house, slug="medaille", name="Médaille de la ville"
    )
    return topic


def measured(house: Authority) -> dict[str, tuple[int, int]]:
    frame = frame_of(Perimeter(house, date(2026, 3, 1), TODAY))
    whole = sheets.service_rows(frame, TODAY)[0]
    return {one.indicator.code: (one.tally.successes, one.tally.total) for one in whole.shares}


def came(topic: Topic, times: int, sheet: Sheet | None = None) -> None:
    for minute in range(times):
        moment = at(30, 10, minute)
        contact = ContactFactory.create(
            authority=topic.authority, topic=topic, started_at=moment, ended_at=moment
        )
        if sheet is not None:
            ContactSheet.objects.create(contact=contact, version=sheet.current)


def test_topics_weigh_as_much_as_people_come_for_them(
    house: Authority, covered: Topic, bare: Topic
) -> None:
    sheet = local_sheet(house, topics=[covered])
    came(covered, 6, sheet)
    came(covered, 2)
    came(bare, 2)

    told = measured(house)

    assert told["SHEET-COVERAGE"] == (8, 10)
    assert told["SHEET-USED"] == (6, 10)
    assert told["SHEET-TOPICS"] == (1, 2)


def test_a_sheet_past_its_date_or_without_a_keeper_is_lacking(
    house: Authority, covered: Topic
) -> None:
    ones = [local_sheet(house, ref=f"SO-{n}", title=f"Fiche {n}") for n in range(6)]
    Sheet.objects.update(review_due_on=TODAY)
    Sheet.objects.filter(pk=ones[0].pk).update(review_due_on=date(2026, 3, 30))
    Sheet.objects.filter(pk=ones[1].pk).update(keeper=ines(authority=house))
    frame = frame_of(Perimeter(house, date(2026, 3, 1), TODAY))

    told = measured(house)

    assert told["SHEET-FRESHNESS"] == (5, 6)
    assert told["SHEET-KEEPER"] == (1, 6)
    late = sheets.behind(frame, "SHEET-FRESHNESS", None, TODAY)
    assert [line.ref for line in late] == ["SO-0"]
    assert len(sheets.behind(frame, "SHEET-KEEPER", None, TODAY)) == 5


def test_the_topics_behind_are_those_that_people_come_for(
    house: Authority, covered: Topic, bare: Topic
) -> None:
    local_sheet(house, topics=[covered])
    came(bare, 3)
    frame = frame_of(Perimeter(house, date(2026, 3, 1), TODAY))

    [line] = sheets.behind(frame, "SHEET-COVERAGE", None, TODAY)

    assert (line.title, line.detail) == (bare.label, 3)
    assert sheets.behind(frame, "SHEET-COVERAGE", covered.service_id + 999, TODAY) == []


def test_few_contacts_are_not_told(client: Client, house: Authority, covered: Topic) -> None:
    local_sheet(house, topics=[covered])
    came(covered, 4)
    client.force_login(AgentFactory.create(authority=house, roles=["QUA"]))

    table = client.get(
        reverse("quality:sheets-export"), {"first": "2026-03-01", "last": "2026-03-31"}
    ).content.decode()

    coverage = next(line for line in table.splitlines() if "SHEET-COVERAGE" in line)
    assert ";;<5;" in coverage


def test_another_house_is_not_counted(house: Authority, covered: Topic) -> None:
    other = AuthorityFactory.create(slug="tremalon")
    local_sheet(other, ref="XX-1")
    came(TopicFactory.create(authority=other), 6)

    assert measured(house)["SHEET-COVERAGE"] == (0, 0)


def test_the_page_the_lines_behind_and_the_table(
    client: Client, house: Authority, covered: Topic, django_assert_max_num_queries: Any
) -> None:
    local_sheet(house, topics=[covered])
    came(covered, 6)
    client.force_login(AgentFactory.create(authority=house, roles=["QUA"]))
    query = {"first": "2026-03-01", "last": "2026-03-31"}
    client.get(reverse("quality:sheets"), query)

    with django_assert_max_num_queries(18):
        page = client.get(reverse("quality:sheets"), query).content.decode()

    assert page.count("6 sur 6") == 2  # the house and its one service
    for code in ("SHEET-COVERAGE", "SHEET-USED", "SHEET-FRESHNESS", "SHEET-KEEPER"):
        address = reverse("quality:sheets-behind")
        assert client.get(address, {**query, "code": code}).status_code == 200
    assert client.get(reverse("quality:sheets-behind"), {"code": "X"}).status_code == 404
    table = client.get(reverse("quality:sheets-export"), query).content.decode()
    assert "SHEET-COVERAGE;" in table
