"""The machines of a hall, as whoever manages it keeps them."""

import re
from typing import Any

import pytest

from parvis.common.models import JournalEntry
from parvis.organisations.models import Site
from parvis.queue import queries
from parvis.queue.forms import RulesForm
from parvis.queue.models import HallRules, Printer, PrintJob, Screen
from tests.accounts.factories import ines, rozenn
from tests.queue.factories import PrinterFactory, ScreenFactory, at, desk_of, town_hall

pytestmark = pytest.mark.django_db
HOME = "/agent/salle/machines/"


@pytest.fixture
def site() -> Any:
    found = town_hall()
    desk_of(found)
    return found


@pytest.fixture
def manager(client: Any, site: Any) -> Any:
    client.force_login(ines(roles=["MGR"]))
    return client


def text(response: Any) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


def test_a_display_is_added_with_its_topics_and_languages(manager, site):
    topic = site.desks.get().topics.get()
    manager.post(
        "/agent/salle/afficheurs/nouveau/",
        {"name": "État civil", "topics": [topic.pk], "languages": ["uk", "fr"]},
    )

    screen = Screen.objects.get()
    assert (screen.slug, screen.languages) == ("etat-civil", ["fr", "uk"])
    assert list(screen.topics.all()) == [topic]
    assert JournalEntry.objects.filter(verb="queue.screen_added").exists()


def test_two_displays_of_one_name_have_addresses_of_their_own(manager, site):
    for _display in range(2):
        manager.post("/agent/salle/afficheurs/nouveau/", {"name": "Hall"})

    assert sorted(Screen.objects.values_list("slug", flat=True)) == ["hall", "hall-2"]


def test_a_display_out_of_use_shows_nothing(manager, site):
    screen = ScreenFactory(site=site)
    manager.post(f"/agent/salle/afficheurs/{screen.pk}/usage/")

    assert manager.get(f"/ecran/{site.slug}/{screen.slug}/").status_code == 404


@pytest.mark.parametrize("host", ["http://printer", "a b", "printer:9100", "-x", ""])
def test_an_address_that_no_printer_can_have_is_refused_kindly(manager, site, host):
    where = {"name": "Borne", "host": host, "port": 9100, "width": 42}
    page = manager.post("/agent/salle/imprimantes/nouvelle/", where)

    assert page.status_code == 200
    assert not Printer.objects.exists()


def test_a_printer_is_added_and_tried(manager, site):
    where = {"name": "Borne", "host": "192.168.1.60", "port": 9100, "width": 42}
    manager.post("/agent/salle/imprimantes/nouvelle/", where)
    printer = Printer.objects.get()

    manager.post(f"/agent/salle/imprimantes/{printer.pk}/essai/")

    assert PrintJob.objects.get().title == "TEST"


def test_a_printer_that_fails_is_said_with_its_hour_and_reason(manager, site):
    PrinterFactory(site=site, last_printed_at=at(0), failing_since=at(5), error="no paper")

    page = text(manager.get(HOME))

    assert "n’a pas imprimé depuis le 24/11/2026 9\u00a0h\u00a000" in page
    assert "no paper" in page


def test_the_rules_of_a_hall_are_decided_by_its_manager(manager, site):
    given = {
        "languages": ["fr", "ar"],
        "phone_limit": 5,
        "phone_per_day": 1,
        "back_minutes": 10,
        "lets_past": 1,
        "pause_minutes": 25,
        "early_minutes": 30,
        "late_minutes": 15,
    }
    manager.post("/agent/salle/regles/", given)

    rules = HallRules.objects.get()
    assert (rules.languages, rules.phone_open, rules.phone_limit) == (["fr", "ar"], False, 5)
    assert rules.pause_minutes == 25
    assert queries.languages_of(site) == ["fr", "ar"]


def test_every_rule_of_a_hall_may_be_decided_and_is_explained():
    form = RulesForm()

    assert set(form.fields) == {field.name for field in HallRules._meta.fields} - {"site"}
    assert all(field.help_text for field in form.fields.values())


@pytest.mark.parametrize(
    ("minutes", "said"), [(20, "comme une arrivée 20 minutes plus tôt"), (0, "Personne ne passe")]
)
def test_the_page_of_the_hall_says_the_order_in_words(manager, site, minutes: int, said: str):
    Site.objects.filter(pk=site.pk).update(fairness_minutes=minutes)

    assert said in text(manager.get(HOME))


def test_an_agent_sees_the_machines_and_changes_none(client, site):
    ScreenFactory(site=site)
    client.force_login(ines(roles=["REC"]))

    page = text(client.get(HOME))

    assert "Étage" in page
    assert "afficheurs/nouveau" not in page
    assert client.get("/agent/salle/afficheurs/nouveau/").status_code == 403


def test_the_poster_is_made_printed_and_made_anew(manager, site):
    address = "/agent/salle/affiche/"
    manager.post(address, {"do": "renew"})
    first = queries.poster_of(site)
    sheet = text(manager.get(f"{address}imprimer/"))
    manager.post(address, {"do": "renew"})

    assert first is not None
    assert f"/entrer/{first.secret}/" in sheet
    assert "<svg" in sheet
    second = queries.poster_of(site)
    assert second is not None
    assert second != first


def test_another_authoritys_hall_is_nowhere(client, site):
    client.force_login(rozenn(roles=["MGR"]))

    assert client.get(f"{HOME}?site={site.slug}").status_code == 404
