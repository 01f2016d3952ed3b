"""The kiosk in four languages, for several topics, by switch, and under a child's fist."""

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from parvis.queue import actions
from parvis.queue.models import HallRules, PrintJob, Ticket
from parvis.queue.views.kiosk import COOKIE
from tests.accounts.factories import ines
from tests.organisations.factories import TopicFactory
from tests.queue.factories import MORNING, PrinterFactory, at, canteen, desk_of, town_hall

pytestmark = pytest.mark.django_db
HOME = "/borne/orvanne-mairie/"
TAKE = f"{HOME}ticket/"
TOPIC = {"topic": "acte-naissance"}


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def site() -> Any:
    return town_hall()


@pytest.fixture
def desk(site: Any) -> Any:
    names = {"ar": "شهادة الميلاد", "uk": "Свідоцтво про народження"}
    TopicFactory(authority=site.authority, on_kiosk=True, other_names=names)
    return desk_of(site)


def text(response: Any) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


# Languages


@pytest.mark.parametrize(
    ("language", "direction", "greeting", "name"),
    [
        ("ar", "rtl", "ما سبب زيارتك؟", "شهادة الميلاد"),
        ("uk", "ltr", "З чим ви прийшли?", "Свідоцтво про народження"),
    ],
)
def test_the_kiosk_speaks_the_language_of_who_stands_there(
    client, desk, language, direction, greeting, name
):
    page = text(client.get(f"{HOME}?langue={language}"))

    assert f'<html lang="{language}" dir="{direction}"' in page
    assert greeting in page
    assert name in page
    assert f"/motif/acte-naissance/?langue={language}" in page


def test_arabic_reads_from_right_to_left_with_its_own_layout(client, desk):
    assert "bootstrap.rtl.min.css" in text(client.get(f"{HOME}?langue=ar"))
    assert "bootstrap.rtl.min.css" not in text(client.get(HOME))


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(1, "شخص واحد قبلك."), (2, "شخصان قبلك."), (3, "3 أشخاص قبلك."), (11, "11 شخصًا قبلك.")],
)
def test_arabic_counts_people_as_arabic_does(client, desk, ahead, words):
    for minutes in range(ahead):
        actions.issue_ticket(desk.site, desk.topics.get(), now=at(-minutes), source="kiosk")

    page = text(client.post(f"{TAKE}?langue=ar", TOPIC, follow=True))

    assert words in page


def test_the_language_goes_with_the_ticket_to_the_telephone(client, desk):
    response = client.post(f"{TAKE}?langue=ar", TOPIC)
    secret = response.url.rpartition("?")[0].rstrip("/").rpartition("/")[2]

    page = text(Client().get(f"/ticket/{secret}/"))

    assert Ticket.objects.get().language == "ar"
    assert '<html lang="ar" dir="rtl"' in page
    assert "أنت التالي" in page


def test_a_language_that_the_site_does_not_offer_is_not_spoken(client, desk):
    HallRules.objects.create(site=desk.site, languages=["fr", "uk"])

    page = text(client.get(f"{HOME}?langue=ar"))

    assert '<html lang="fr"' in page
    assert "العربيّة" not in page
    assert "Українська" in page


@pytest.mark.parametrize("language", ["ar", "uk"])
def test_a_refusal_is_said_in_the_language_too(client, desk, language):
    response = client.post(f"{TAKE}?langue={language}", {**TOPIC, "priority": "mayor"})

    words = {"ar": "هذه الأولوية ليست في القائمة.", "uk": "Цього пріоритету немає у списку."}
    assert response.status_code == 409
    assert words[language] in text(response)


def test_a_page_of_agents_is_never_arabic(client, desk):
    client.force_login(ines())
    client.cookies["django_language"] = "ar"

    page = text(client.get("/agent/salle/machines/?langue=ar"))

    assert '<html lang="fr" dir="ltr"' in page


# Manner


def test_high_contrast_stays_until_the_person_goes(client, desk):
    page = text(client.get(f"{HOME}motif/acte-naissance/?contraste=plus"))

    assert 'data-contrast="more"' in page
    assert f'data-parvis-kiosk="{HOME}"' in page
    assert f'href="{HOME}?contraste=plus"' in page


def test_switches_belong_to_the_machine(client, desk):
    page = text(client.get(f"{HOME}motif/acte-naissance/?balayage=1&langue=uk"))

    assert 'data-parvis-scan="1"' in page
    assert f'data-parvis-kiosk="{HOME}?balayage=1"' in page
    assert "queue/scan.js" in page


def test_a_manner_that_makes_no_sense_is_left_out(client, desk):
    page = text(client.get(f"{HOME}?balayage=9&imprimante=x&contraste=<b>"))

    assert "data-parvis-scan" not in page
    assert f'data-parvis-kiosk="{HOME}"' in page


# Under the fist


def test_a_button_hammered_thirty_times_a_second_gives_one_ticket(client, desk):
    client.get(HOME)
    addresses = set()
    for hit in range(30):
        with time_machine.travel(at(0, hit / 30), tick=False):
            addresses.add(client.post(TAKE, {**TOPIC, "form_key": f"page-{hit // 10}"}).url)

    assert Ticket.objects.count() == 1
    assert len(addresses) == 1


def test_hammering_without_any_key_gives_one_ticket_too(client, desk):
    statuses = {client.post(TAKE, TOPIC).status_code for _hit in range(30)}

    assert Ticket.objects.count() == 1
    assert statuses == {302, 429}


def test_the_next_person_has_a_ticket_of_their_own(client, desk):
    first = client.post(TAKE, TOPIC)
    with time_machine.travel(at(0, 4), tick=False):
        second = client.post(TAKE, TOPIC)

    assert first.url != second.url
    assert Ticket.objects.count() == 2


def test_the_next_person_is_quick_and_comes_for_something_else(client, desk, site):
    desk.topics.add(canteen(site))

    answers = [client.post(TAKE, {"topic": slug}) for slug in ("acte-naissance", "cantine")]

    assert len({answer.url for answer in answers}) == 2
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Ce n’est plus proposé ici"),
        ("en", "This is not offered here any more"),
        ("ar", "لم يعد هذا متاحًا هنا"),
        ("uk", "Тут цього більше немає"),
    ],
)
def test_what_is_not_there_any_more_is_told_at_the_kiosk_itself(client, desk, language, words):
    manner = f"?langue={language}"
    answers = [
        client.get(f"{HOME}motif/nexiste/{manner}"),
        client.get(f"{HOME}famille/nexiste/{manner}"),
        client.get(f"{HOME}ticket/nexiste/{manner}"),
        client.post(f"{TAKE}{manner}", {"topic": "nexiste"}),
    ]

    for answer in answers:
        page = text(answer)
        assert answer.status_code == 404
        assert words in page
        assert f'data-parvis-kiosk="{HOME}"' in page
        assert f'href="{HOME}{manner}"' in page


def test_two_kiosks_behind_one_address_do_not_wait_for_each_other(desk):
    for _kiosk in range(2):
        kiosk = Client()
        kiosk.get(HOME)
        assert kiosk.cookies[COOKIE]["path"] == "/borne/"
        kiosk.post(TAKE, TOPIC)

    assert Ticket.objects.count() == 2


# Printing


def test_a_slip_is_queued_with_the_ticket_and_the_page_does_not_wait_for_it(client, desk):
    printer = PrinterFactory(site=desk.site)

    page = text(client.post(TAKE, TOPIC, follow=True))

    slip = PrintJob.objects.get()
    assert (slip.printer, slip.title) == (printer, "E\u00a01")
    assert "/ticket/" in slip.url
    assert "Votre ticket s’imprime." in page


def test_a_printer_that_fails_is_said_and_the_number_is_there(client, desk):
    PrinterFactory(site=desk.site, failing_since=at(-60))

    page = text(client.post(TAKE, TOPIC, follow=True))

    assert "L’imprimante ne fonctionne pas en ce moment." in page
    assert "E\u00a01" in page
    assert "data:image/svg+xml" in page


def test_each_kiosk_may_have_its_own_printer(client, desk):
    PrinterFactory(site=desk.site)
    beside = PrinterFactory(site=desk.site, name="Étage")

    client.post(f"{TAKE}?imprimante={beside.pk}", TOPIC)

    assert PrintJob.objects.get().printer == beside


# Several topics


def test_a_second_reason_is_kept_in_the_address_only(client, desk, site):
    desk.topics.add(canteen(site))

    first = text(client.get(f"{HOME}motif/acte-naissance/"))
    start = text(client.get(f"{HOME}?avec=acte-naissance"))
    second = text(client.get(f"{HOME}motif/cantine/?avec=acte-naissance"))

    assert f"{HOME}?avec=acte-naissance" in first
    assert "Quel est votre autre motif" in start
    assert "Déjà choisi" in second
    assert f"{TAKE}?avec=acte-naissance" in second


# Coming back


def test_who_went_away_finds_their_number_and_nobody_elses_forgotten_one(client, desk):
    issued = actions.issue_ticket(desk.site, desk.topics.get(), now=at(-5), source="kiosk")
    old = actions.issue_ticket(
        desk.site, desk.topics.get(), now=at(-90), source="agent", actor=ines()
    )
    actions.leave(issued.ticket, now=at(-4))
    actions.leave(old.ticket, now=at(-80))

    page = text(client.get(f"{HOME}retour/"))

    assert f'value="{issued.ticket.pk}"' in page
    assert f'value="{old.ticket.pk}"' not in page
    assert "/retour/" in text(client.get(HOME))


def test_a_number_that_may_not_come_back_is_not_found(client, desk):
    issued = actions.issue_ticket(desk.site, desk.topics.get(), now=at(-5), source="kiosk")

    for wanted in (str(issued.ticket.pk), "0", "x", "9" * 30):
        assert client.post(f"{HOME}retour/reprendre/", {"ticket": wanted}).status_code == 404


def test_one_ticket_serves_for_two_reasons(client, desk, site):
    desk.topics.add(canteen(site))

    page = text(client.post(f"{TAKE}?avec=acte-naissance", {"topic": "cantine"}, follow=True))

    ticket = Ticket.objects.get()
    assert ticket.topic.slug == "acte-naissance"
    assert [leg.topic.slug for leg in ticket.legs.all()] == ["acte-naissance", "cantine"]
    assert "Cantine" in page


def test_who_is_back_takes_the_place_up_again(client, desk):
    issued = actions.issue_ticket(desk.site, desk.topics.get(), now=at(-5), source="kiosk")
    actions.leave(issued.ticket, now=at(-4))

    page = text(
        client.post(f"{HOME}retour/reprendre/", {"ticket": str(issued.ticket.pk)}, follow=True)
    )

    issued.ticket.refresh_from_db()
    assert issued.ticket.state == "waiting"
    assert "Vous avez repris place dans la file" in page
    assert issued.secret not in page
