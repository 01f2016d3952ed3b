"""Numbers of the paper roll, written down after the breakdown."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from parvis.contacts.models import Contact
from parvis.quality.queries import Perimeter, measures
from parvis.queue import queries
from parvis.queue.models import Leg, Ticket
from tests.accounts.factories import ines, marc
from tests.queue.factories import at, desk_of, town_hall

pytestmark = pytest.mark.django_db
ADDRESS = "/agent/salle/papier/"
LINE = {"topic": "acte-naissance", "outcome": "resolved"}


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(at(180), tick=False):
        yield


@pytest.fixture
def desk() -> Any:
    return desk_of(town_hall())


@pytest.fixture
def agent(client: Any, desk: Any) -> Any:
    found = ines()
    client.force_login(found)
    return found


def sheet(*rows: dict[str, str], **head: Any) -> dict[str, Any]:
    typed = {"day": "2026-11-24", **head}
    for index, row in enumerate(rows):
        typed |= {f"{name}-{index}": value for name, value in {**LINE, **row}.items()}
    return typed


def times(number: int, arrived: str, called: str, ended: str, **more: str) -> dict[str, str]:
    return {"number": str(number), "arrived": arrived, "called": called, "ended": ended, **more}


def text(response: Any) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


def test_a_visit_is_kept_with_the_times_at_which_it_was(client, agent, desk):
    response = client.post(ADDRESS, sheet(times(12, "905", "9h20", "9:35"), desk=desk.pk))

    ticket = Ticket.objects.get()
    assert response.status_code == 302
    assert (ticket.code, ticket.source, ticket.state) == ("P\u00a012", "paper", "done")
    assert (ticket.issued_at, ticket.called_at, ticket.ended_at) == (at(5), at(20), at(35))
    assert (ticket.entered_at, ticket.day, ticket.desk) == (at(180), date(2026, 11, 24), desk)
    assert [(event.kind, event.at) for event in queries.events_of(ticket)] == [
        ("issued", at(5)),
        ("called", at(20)),
        ("finished", at(35)),
    ]


def test_its_contact_and_its_leg_are_of_that_time_too(client, agent, desk):
    client.post(ADDRESS, sheet(times(1, "905", "920", "935")))

    contact, leg = Contact.objects.get(), Leg.objects.get()
    assert (contact.started_at, contact.ended_at) == (at(20), at(35))
    assert (contact.agent, contact.channel, contact.site) == (agent, "desk", desk.site)
    assert contact.recorded_at == at(180)
    assert (leg.waiting_since, leg.called_at, leg.ended_by) == (at(5), at(20), "finished")
    assert leg.contact == contact


def test_figures_count_it_like_everything_else(client, agent, desk):
    rows = [times(n, f"9{n:02}", f"9{10 + n}", f"9{20 + n}") for n in range(1, 7)]
    client.post(ADDRESS, sheet(*rows))

    day = Perimeter(desk.site.authority, date(2026, 11, 24), date(2026, 11, 24), site=desk.site)
    found = {one.code: one for one in measures(day, now=at(180))}
    assert found["FCR-D"].denominator == 6
    assert found["WAIT-P50"].value == 600
    assert found["SERVICE-TIME"].value == 600


def test_who_left_and_who_did_not_come_are_no_exchange(client, agent):
    left = {"number": "1", "arrived": "900", "outcome": "left", "ended": "930"}
    absent = {"number": "2", "arrived": "905", "called": "915", "outcome": "no_show"}
    client.post(ADDRESS, sheet(left, absent))

    states = list(Ticket.objects.order_by("number").values_list("state", flat=True))
    assert states == ["left", "no_show"]
    assert not Contact.objects.exists()


def test_a_colleague_who_received_is_named(client, agent):
    colleague = marc()
    client.post(ADDRESS, sheet(times(1, "900", "910", "920"), agent=colleague.pk))

    assert Contact.objects.get().agent == colleague


def test_a_number_entered_twice_is_told_with_its_hour(client, agent):
    client.post(ADDRESS, sheet(times(1, "900", "910", "920")))
    page = text(client.post(ADDRESS, sheet(times(1, "930", "940", "950"))))

    assert "P\u00a01 de ce jour est déjà saisi\u00a0: arrivée à 9\u00a0h\u00a000." in page
    assert 'value="930"' in page
    assert Ticket.objects.count() == 1


def test_one_wrong_line_keeps_everything_typed_and_nothing_is_half_kept(client, agent):
    rows = [times(1, "900", "910", "920"), times(2, "9x", "940", "")]
    page = text(client.post(ADDRESS, sheet(*rows)))

    assert "«\u00a09x\u00a0» n’est pas une heure" in page
    assert 'value="910"' in page
    assert 'value="9x"' in page
    assert not Ticket.objects.exists()


def test_an_unusual_order_is_asked_about_once(client, agent):
    rows = [times(1, "920", "925", "930"), times(2, "900", "931", "940")]
    page = text(client.post(ADDRESS, sheet(*rows)))

    assert "pourtant plus petit" in page
    assert 'name="is_meant"' in page
    client.post(ADDRESS, sheet(*rows, is_meant="on"))
    assert Ticket.objects.count() == 2


def test_a_sheet_with_nothing_on_it_says_where_to_begin(client, agent):
    assert "commencez par l’heure d’arrivée" in text(client.post(ADDRESS, sheet()))


@pytest.mark.parametrize("day", ["2026-11-25", "2026-10-01", "", "x"])
def test_a_day_that_cannot_be_is_refused(client, agent, day):
    page = client.post(ADDRESS, sheet(times(1, "900", "910", "920"), day=day))

    assert page.status_code == 200
    assert not Ticket.objects.exists()


def test_the_next_number_is_ready(client, agent):
    client.post(ADDRESS, sheet(times(41, "900", "910", "920")))

    assert 'name="number-0" value="42"' in text(client.get(ADDRESS))


def test_a_sent_sheet_is_kept_once(client, agent):
    for _tap in range(2):
        client.post(ADDRESS, sheet(times(1, "900", "910", "920"), form_key="once"))

    assert Ticket.objects.count() == 1


def test_the_roll_has_the_numbers_asked_for(client, agent):
    page = text(client.get(f"{ADDRESS}rouleau/?de=5&a=7"))

    assert [f"P\u00a0{number}</strong>" in page for number in (4, 5, 7, 8)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert client.get(f"{ADDRESS}rouleau/?de=x&a=99999").status_code == 200


def test_two_desks_hand_in_their_slips_after_the_night_on_which_clocks_change(client, agent, desk):
    other = Client()
    other.force_login(marc())
    night = {"day": "2026-10-25", "desk": desk.pk}
    evening = {"day": "2026-10-24", "desk": desk.pk}
    first = [times(7, "0:05", "1:50", "2:20"), times(8, "2:30", "2:45", "3:05")]

    client.post(ADDRESS, sheet(times(6, "23:50", "23:58", "23:59"), **evening))
    client.post(ADDRESS, sheet(*first, **night))
    again = other.post(ADDRESS, sheet(first[0], **night))
    other.post(ADDRESS, sheet(times(9, "3:10", "3:20", "3:30"), **night))

    assert again.status_code != 302
    kept = {ticket.number: ticket for ticket in Ticket.objects.all()}
    assert sorted(kept) == [6, 7, 8, 9]
    assert [str(kept[number].day) for number in (6, 7, 8, 9)] == ["2026-10-24", *3 * ["2026-10-25"]]
    for ticket in kept.values():
        assert ticket.issued_at <= ticket.called_at <= ticket.ended_at
