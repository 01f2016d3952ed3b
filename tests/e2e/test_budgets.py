"""Seconds and interactions at the desk, counted in the browser: what J1 of the journeys allows.

An interaction is a key, a click, or a run of letters into one field.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.e2e.conftest import OpenWindow
from tests.e2e.test_desk import open_workstation, receive, sit_down, take, title
from tests.e2e.town import Town

Hall = dict[str, Any]
# Kept in the tab: a key that is quicker than the script makes a page of its own.
COUNT = """() => {
    const acts = [];
    const add = act => { acts.push(act); sessionStorage.acts = JSON.stringify(acts); };
    const typing = target => target.matches("input:not([type=radio], [type=checkbox]), textarea");
    sessionStorage.acts = "[]";
    addEventListener("keydown", event => {
        const letter = event.key.length === 1 && typing(event.target);
        const act = letter ? event.target.name : event.key;
        if (!letter || acts.at(-1) !== act) add(act);
    }, true);
    addEventListener("pointerdown", () => add("click"), true);
}"""
READ = "JSON.parse(sessionStorage.acts ?? '[]')"


@dataclass
class Spent:
    """What a task took."""

    interactions: int = 0
    seconds: float = 0.0


@contextmanager
def measured(page: Page, name: str, capsys: Any) -> Iterator[Spent]:
    spent = Spent()
    page.evaluate(COUNT)
    began = time.monotonic()
    yield spent
    spent.seconds = time.monotonic() - began
    acts = page.evaluate(READ)
    spent.interactions = len(acts)
    with capsys.disabled():
        print(f"\n{name}: {spent.seconds:.1f} s, {len(acts)} interactions {acts}")


@pytest.fixture
def desk(window: OpenWindow, hall: Hall, agent: str) -> Page:
    return sit_down(window, agent, hall["desks"][0])


def test_a_contact_is_logged_in_three_interactions(desk: Page, capsys: Any):
    with measured(desk, "log a contact", capsys) as spent:
        desk.keyboard.press("c")
        desk.keyboard.type("livret 2", delay=120)
        desk.keyboard.press("Enter")
        expect(desk.locator("#pv-status")).to_contain_text("Livret de famille")

    assert spent.interactions <= 3
    assert spent.seconds <= 10


def test_a_visit_with_a_ticket_is_logged_in_one(desk: Page, town: Town, hall: Hall, capsys: Any):
    receive(desk, take(town, hall))
    with measured(desk, "log a visit", capsys) as spent:
        desk.keyboard.press("1")
        expect(title(desk)).to_have_text("Personne au guichet")

    assert spent.interactions == 1


def test_the_next_person_is_called_with_one_key(desk: Page, town: Town, hall: Hall, capsys: Any):
    code = take(town, hall)
    expect(desk.locator("#file-liste").get_by_text(code)).to_be_visible()
    with measured(desk, "call next", capsys) as spent:
        desk.keyboard.press("n")
        expect(title(desk)).to_contain_text(code)

    assert spent.interactions == 1


def test_one_visit_ends_and_the_next_begins_with_two_keys(
    desk: Page, town: Town, hall: Hall, capsys: Any
):
    receive(desk, take(town, hall))
    following = take(town, hall)
    with measured(desk, "end and call next", capsys) as spent:
        desk.keyboard.press("n")
        expect(desk.locator("#suite-aide")).to_contain_text("aussitôt")
        desk.keyboard.press("1")
        expect(title(desk)).to_contain_text(following)

    assert spent.interactions == 2


def test_called_twice_again_in_vain_one_key_goes_on(
    desk: Page, town: Town, hall: Hall, capsys: Any
):
    first, second = take(town, hall), take(town, hall)
    desk.keyboard.press("n")
    expect(title(desk)).to_contain_text(first)
    for calls in ("2 appels", "3 appels"):
        desk.keyboard.press("r")
        expect(desk.locator("main").get_by_text(calls)).to_be_visible()
    with measured(desk, "absent, call next", capsys) as spent:
        desk.keyboard.press("n")
        expect(title(desk)).to_contain_text(second)

    assert spent.interactions == 1


def test_a_ticket_for_somebody_without_one(desk: Page, capsys: Any):
    with measured(desk, "ticket without one", capsys) as spent:
        desk.keyboard.press("F2")
        desk.keyboard.type("naiss", delay=120)
        desk.keyboard.press("Enter")
        expect(desk.locator("#pv-status")).to_contain_text("ticket donné")

    assert spent.interactions <= 3
    assert spent.seconds <= 6


def test_a_slip_of_the_fingers_costs_nothing_more(desk: Page, capsys: Any):
    with measured(desk, "ticket with a typo", capsys) as spent:
        desk.keyboard.press("F2")
        desk.keyboard.type("livrte", delay=120)
        expect(desk.locator("#motifs input:checked")).to_be_attached()
        desk.keyboard.press("Enter")
        expect(desk.locator("#pv-status")).to_contain_text("Livret de famille")

    assert spent.interactions <= 3


def test_a_first_useful_sheet_without_a_mouse(desk: Page, capsys: Any):
    with measured(desk, "search", capsys) as spent:
        desk.keyboard.press("/")
        desk.keyboard.type("naissance", delay=120)
        expect(desk.locator("#fiches .pv-results a").first).to_contain_text("naissance")

    assert spent.interactions <= 2
    assert spent.seconds <= 5


def test_the_session_opens_within_fifteen_seconds(
    window: OpenWindow, town: Town, hall: Hall, agent: str, capsys: Any
):
    page = window()
    page.goto("/connexion/?next=/agent/poste/")
    with measured(page, "open the session", capsys) as spent:
        page.get_by_label("Identifiant").click()
        page.keyboard.type(agent, delay=60)
        page.get_by_label("Mot de passe").click()
        page.keyboard.type(town.facts["password"], delay=60)
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Choisir un guichet").click()
        places = page.get_by_role("region", name=hall["name"], exact=True)
        places.get_by_role("button").first.click()
        expect(title(page)).to_have_text("Personne au guichet")

    assert spent.seconds <= 15


def test_colleagues_talk_without_disturbing_who_types(
    window: OpenWindow, town: Town, hall: Hall, agent: str, colleague: str
):
    mine = sit_down(window, agent, hall["desks"][0])
    other = sit_down(window, colleague, hall["desks"][1])
    mine.keyboard.press("/")
    mine.keyboard.type("acte")

    other.keyboard.press("m")
    other.keyboard.type("Qui a le tampon ?")
    other.keyboard.press("Enter")
    expect(other.locator("#mots-liste")).to_contain_text("Qui a le tampon")
    expect(other.locator("#mot-texte")).to_have_value("")

    expect(mine.locator("#mots-compte")).to_contain_text("1")
    expect(mine.locator("#recherche")).to_be_focused()
    mine.keyboard.press("Escape")
    mine.keyboard.press("m")
    expect(mine.locator("#collegues")).to_contain_text("Qui a le tampon")
    expect(mine.locator("#mots-compte")).to_have_text("")
    mine.keyboard.type("Moi")
    mine.keyboard.press("Enter")
    expect(other.locator("#mots-liste")).to_contain_text("Moi")


def test_an_answer_that_comes_late_never_says_unread_again(
    window: OpenWindow, town: Town, hall: Hall, agent: str, colleague: str
):
    mine = sit_down(window, agent, hall["desks"][0])
    other = sit_down(window, colleague, hall["desks"][1])
    asked: list[tuple[Route, APIResponse]] = []
    other.keyboard.press("m")
    other.keyboard.type("Qui a le tampon ?")
    other.keyboard.press("Enter")
    expect(mine.locator("#mots-compte")).to_contain_text("1")

    mine.route("**/mots/", lambda route: asked.append((route, route.fetch())))
    other.keyboard.type("Le tampon est revenu.")
    other.keyboard.press("Enter")
    mine.wait_for_timeout(1500)  # fetched while unread, and kept under way while it is read
    mine.keyboard.press("m")
    mine.wait_for_timeout(700)
    while asked:
        route, answer = asked.pop(0)
        route.fulfill(response=answer)
        mine.wait_for_timeout(200)
    mine.unroute("**/mots/")

    expect(mine.locator("#collegues")).to_contain_text("Le tampon est revenu.")
    mine.wait_for_timeout(500)
    expect(mine.locator("#mots-compte")).to_have_text("")


def test_status_is_changed_and_told_without_script(window: OpenWindow, hall: Hall, agent: str):
    page = window(username=agent, desk=hall["desks"][0], script=False)
    page.goto("/agent/poste/")

    page.locator("#poste-etat summary").click()
    page.get_by_role("button", name="Travailler en arrière-guichet").click()

    expect(title(page)).to_have_text("En arrière-guichet")


def test_notes_stand_at_the_top_of_every_desk(
    window: OpenWindow, hall: Hall, agent: str, colleague: str, script: bool
):
    writer = window(username=agent, desk=hall["desks"][0], script=script)
    writer.goto(f"/agent/poste/salle/{hall['site']}/")
    writer.get_by_label("Note pour les collègues").fill("Marché déplacé")
    writer.get_by_role("button", name="L’afficher à chaque guichet").click()
    other = window(username=colleague, desk=hall["desks"][1], script=script)
    if script:
        open_workstation(other)
    else:
        other.goto("/agent/poste/")

    expect(other.locator("#poste-notes")).to_contain_text("Marché déplacé")
    writer.get_by_role("button", name="Ce n’est plus vrai").click()
    other.reload()
    expect(other.locator("#poste-notes")).not_to_contain_text("Marché déplacé")
