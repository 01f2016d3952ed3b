"""Displays: several per site, what they report, and how their manager reads it."""

import re
from typing import Any

import pytest
import time_machine

from parvis.queue import actions, queries
from parvis.queue.models import Screen
from tests.accounts.factories import ines
from tests.organisations.factories import TopicFactory, TopicFamilyFactory
from tests.queue.factories import MORNING, ScreenFactory, at, canteen, desk_of, town_hall

pytestmark = pytest.mark.django_db
ADDRESS = "/ecran/orvanne-mairie/"


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def desk() -> Any:
    return desk_of(town_hall())


def text(response: Any) -> str:
    return re.sub(r"[ \n]+", " ", response.content.decode())


def call(desk: Any, **more: Any) -> str:
    actions.issue_ticket(desk.site, desk.topics.get(), now=at(0), source="kiosk")
    called = actions.call_next(desk, agent=ines(), now=at(0), **more)
    assert called is not None
    return called.ticket.code


def test_a_display_for_some_topics_shows_these_only(client, desk):
    other = desk_of(desk.site, "Guichet 2", [canteen(desk.site)])
    screen = ScreenFactory(site=desk.site, slug="cantine", name="Cantine")
    screen.topics.set(other.topics.all())
    call(desk)
    actions.issue_ticket(desk.site, other.topics.get(), now=at(0), source="kiosk")

    part, whole = text(client.get(f"{ADDRESS}cantine/")), text(client.get(ADDRESS))

    assert "E\u00a01" in whole
    assert "E\u00a01" not in part
    assert "F\u00a01" not in part.partition("<aside")[0]
    assert "Cantine" in part


@pytest.mark.parametrize(
    ("language", "words", "desk_words"),
    [("ar", "حان دورك", "الشباك"), ("uk", "Ваша черга", "Вікно"), ("en", "Your turn", "Desk")],
)
def test_a_display_speaks_a_language_with_the_names_of_its_desks(
    client, desk, language, words, desk_words
):
    desk.other_names = {"ar": "الشباك 1", "uk": "Вікно 1"}
    desk.name_en = "Desk 1"
    desk.save()
    call(desk)

    page = text(client.get(f"{ADDRESS}?langue={language}"))

    assert words in page
    assert f"<span>{desk_words}</span> <strong>1</strong>" in page


def test_the_voice_says_a_call_in_the_languages_of_the_display(client, desk):
    ScreenFactory(site=desk.site, slug="principal", languages=["fr", "ar"])

    page = text(client.get(ADDRESS))

    assert "Ticket {code}, {desk}" in page
    assert "التذكرة {code}، {desk}" in page


def test_paper_numbers_of_a_breakdown_are_not_called_again(client, desk):
    code = call(desk)
    desk.site.tickets.update(source="paper", entered_at=at(60))

    assert code not in text(client.get(ADDRESS))


def test_paper_numbers_of_people_who_still_wait_are_called_like_others(client, desk):
    code = call(desk)
    desk.site.tickets.update(source="paper", entered_at=at(-1))

    assert code in text(client.get(ADDRESS))


def test_who_gave_the_place_back_or_did_not_come_is_sent_to_no_desk(client, desk):
    other = desk_of(desk.site, "Guichet 2")
    left = call(desk)
    actions.leave(desk.site.tickets.get(), now=at(1))
    absent = call(other)
    actions.mark_no_show(desk.site.tickets.latest("id"), agent=ines(), now=at(2))

    page = text(client.get(ADDRESS))

    assert left not in page
    assert absent not in page
    assert "Les appels s’affichent ici" in page


def test_the_large_panel_is_for_somebody_on_the_way_and_who_is_received_is_below(client, desk):
    code = call(desk)
    actions.start(desk.site.tickets.get(), agent=ines(), now=at(1))

    panel, _earlier, below = text(client.get(ADDRESS)).partition("data-parvis-earlier")

    assert code not in panel
    assert code in below


def test_every_wait_is_sent_to_the_display(desk):
    hall, topics = desk.site, []
    for n in range(7):
        family = TopicFamilyFactory.create(
            authority=hall.authority, slug=f"f{n}", name=f"Famille {n}", series="KLMNPRS"[n]
        )
        topics.append(TopicFactory.create(authority=hall.authority, family=family, slug=f"t{n}"))
    actions.sit_down(desk_of(hall, "Guichet 2", topics), agent=ines(), now=at(0))

    shown = queries.display_snapshot(hall, at(1))["waits"]

    assert len({wait["name"] for wait in shown}) == 7


def test_a_display_says_until_when_the_hall_is_open(client, desk):
    assert "Ouvert jusqu’à 17\u00a0h\u00a030" in text(client.get(ADDRESS))

    with time_machine.travel(at(12 * 60), tick=False):
        assert "Fermé. Ouvre mercredi 25 novembre" in text(client.get(ADDRESS))


# What displays report


def report(client: Any, slug: str = "principal", **said: Any) -> Any:
    return client.post(f"{ADDRESS}{slug}/etat/", {"version": "0", **said})


def health(minutes: float = 0) -> queries.Health:
    return queries.screen_health(Screen.objects.get(), now=at(minutes))


def test_the_display_of_the_whole_hall_shows_itself_to_the_manager(client, desk):
    answer = report(client)

    assert answer.json()["version"] == queries.hall_version(desk.site)
    assert Screen.objects.get().slug == "principal"
    assert health().kind == "well"


def test_a_silent_display_is_said_to_be_so_with_the_hour(client, desk):
    report(client)
    client.force_login(ines(roles=["MGR"]))

    assert health(4) == queries.Health("silent", at(0))
    with time_machine.travel(at(4), tick=False):
        page = text(client.get("/agent/salle/machines/"))
    assert "muet depuis le 24/11/2026 9\u00a0h\u00a000" in page


def test_a_display_that_stays_behind_shows_an_old_state(client, desk):
    call(desk)
    for minutes in (0, 1, 2):
        with time_machine.travel(at(minutes), tick=False):
            report(client, version="0")

    assert health(2) == queries.Health("behind", at(0))
    with time_machine.travel(at(2.5), tick=False):
        report(client, version=str(queries.hall_version(desk.site)))
    assert health(2.5).kind == "well"


def test_reports_that_say_nothing_new_are_not_written(client, desk):
    report(client)
    with time_machine.travel(at(0, 10), tick=False):
        report(client)

    assert Screen.objects.get().last_seen_at == at(0)


def test_the_languages_that_a_machine_cannot_speak_are_told(client, desk):
    report(client, voiceless="uk xx <b>")
    client.force_login(ines(roles=["MGR"]))

    assert Screen.objects.get().voiceless == ["uk"]
    assert "n’a pas de voix pour\u00a0: Українська" in text(client.get("/agent/salle/machines/"))


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_report_that_says_nothing_is_refused(client, desk, version):
    assert report(client, version=version).status_code == 400


def test_nobody_makes_displays_up(client, desk):
    assert report(client, slug="inconnu").status_code == 404
    assert not Screen.objects.exists()


def test_a_page_made_of_something_else_learns_it(client, desk):
    screen = ScreenFactory(site=desk.site)
    before = report(client, slug=screen.slug).json()["page"]
    actions.keep_screen(screen, topics=desk.topics.all(), agent=ines())

    after = report(client, slug=screen.slug).json()["page"]

    assert before != after
