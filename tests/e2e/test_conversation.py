"""Drills of the hand-over with two people: the person always knows what happens next."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.cable import Cable
from tests.e2e.conftest import PHONE, OpenWindow
from tests.e2e.town import Town
from tests.support.browser import assert_no_axe_violation, assert_no_sideways_scroll

SOON = 60_000  # milliseconds, for what comes back by itself
QUESTION = "Où déposer un vieux matelas ?"


def told(town: Town, *what: str) -> str:
    assert town.house is not None
    return town.house.run("-m", "tests.e2e.live_house", *what)


@pytest.fixture(scope="module")
def _open(town: Town) -> None:
    told(town, "open", str(town.facts["password"]))


@pytest.fixture
def cable(town: Town) -> Iterator[Cable]:
    cable = Cable(int(town.base.rpartition(":")[2]))
    yield cable
    cable.close()


@pytest.fixture
def agent(window: OpenWindow, _open: None) -> Page:
    """Awa takes conversations."""
    return on_duty(window(username="awa.kermor"))


def on_duty(page: Page) -> Page:
    page.goto("/agent/conversations/")
    switch = page.locator("button[name=on]")
    if switch.get_attribute("value") == "yes":
        switch.click()
    expect(page.locator("button[name=on][value=no]")).to_be_visible()
    return page


def asks(page: Page, base: str = "") -> Page:
    """Somebody asks a question, then for a person."""
    page.goto(f"{base}/c/vive-voix/assistant/")
    page.locator("#question").fill(QUESTION)
    page.locator("#demander button").click()
    page.locator("a[href$='/parler/']").first.click()
    page.locator("form[action$='/demander/'] button").click()
    expect(page.locator("[data-parvis-state=waiting]")).to_be_visible()
    return page


def lose_the_page(route: Route) -> None:
    """What is fetched when the state changes, and only that, is lost on its way."""
    if route.request.headers.get("hx-target") == "contenu":
        route.abort()
    else:
        route.continue_()


def takes(page: Page) -> None:
    page.goto("/agent/conversations/")
    page.locator("form[action$='/suivante/'] button").click()
    expect(page.locator("[data-parvis-state=mine]")).to_contain_text(QUESTION)


def says(page: Page, text: str) -> None:
    page.locator("#texte").fill(text)
    page.locator("#ecrire button").click()
    expect(page.locator("#tours")).to_contain_text(text)


def ends(page: Page) -> None:
    page.locator("#fin_topic").select_option(label="Tri des déchets")
    page.locator("form[action$='/terminer/'] button").click()
    expect(page).to_have_url(re.compile("/agent/conversations/$"))


def test_in_opening_hours_two_people_talk(agent: Page, window: OpenWindow, script: bool):
    person = asks(window(PHONE, script=script))
    takes(agent)
    if not script:
        person.reload()
    expect(person.locator("[data-parvis-state=taken]")).to_contain_text("Awa Kermor")
    says(person, "C’est pour demain")
    expect(agent.locator("#tours")).to_contain_text("C’est pour demain")
    says(agent, "À la déchèterie, jusqu’à 18 h")
    if not script:
        person.get_by_role("link", name="Nouveaux messages").click()
    expect(person.locator("#tours")).to_contain_text("À la déchèterie")
    if script:
        assert_no_axe_violation(person)
        assert_no_axe_violation(agent)
    assert_no_sideways_scroll(person)
    ends(agent)
    if not script:
        person.reload()
    expect(person.locator("[data-parvis-state=over]")).to_contain_text("terminée")
    expect(person.get_by_role("link", name="Écrire un message")).to_be_visible()


@pytest.mark.parametrize("is_renewed", [True, False], ids=["drawn anew", "cut while drawn anew"])
def test_what_is_typed_in_a_cut_is_sent_once(
    agent: Page, window: OpenWindow, cable: Cable, town: Town, is_renewed: bool
):
    person = asks(window(PHONE), f"http://127.0.0.1:{cable.port}")
    if not is_renewed:
        person.route("**/parler/", lose_the_page)
    takes(agent)
    expect(person.locator("[data-parvis-state=taken]")).to_be_visible()
    expect(person.locator("#texte")).to_be_visible()
    cable.cut()
    person.unroute("**/parler/")
    # What is written takes longer than the news: the page must not be drawn anew over it.
    person.route("**/ecrire/", lambda route: (person.wait_for_timeout(800), route.continue_()))
    person.locator("#texte").fill("Écrit sans réseau")
    person.locator("#ecrire button").click()
    expect(person.locator("[data-parvis-unsent]")).to_be_visible()
    expect(person.locator("[data-parvis-stale]")).to_be_visible(timeout=SOON)
    cable.mend()

    expect(agent.locator("#tours")).to_contain_text("Écrit sans réseau", timeout=SOON)
    expect(person.locator("[data-parvis-unsent]")).to_be_hidden()
    expect(person.locator("#texte")).to_have_value("")
    expect(agent.get_by_text("Écrit sans réseau")).to_have_count(1)
    ends(agent)


def test_an_agent_disappears_and_a_colleague_goes_on(agent: Page, window: OpenWindow, town: Town):
    colleague = on_duty(window(username="leo.kermor"))
    person = asks(window(PHONE))
    takes(agent)
    expect(person.locator("[data-parvis-state=taken]")).to_be_visible()
    agent.close()
    told(town, "agent-gone")

    expect(person.locator("[data-parvis-state=waiting]")).to_be_visible(timeout=SOON)
    expect(person.locator("#tours")).to_contain_text("en tête de la file")
    takes(colleague)
    expect(person.locator("[data-parvis-state=taken]")).to_contain_text("Léo Kermor")
    ends(colleague)


@pytest.fixture
def _open_again(town: Town) -> Iterator[None]:
    yield
    told(town, "open-again")


@pytest.mark.usefixtures("_open_again")
def test_closing_in_mid_conversation_is_told_before(agent: Page, window: OpenWindow, town: Town):
    person = asks(window(PHONE))
    takes(agent)
    expect(person.locator("[data-parvis-state=taken]")).to_be_visible()
    told(town, "closing")

    expect(person.locator("#tours")).to_contain_text("ferme à", timeout=SOON)
    says(agent, "Je ne peux pas finir ce soir")
    agent.locator("details summary").last.click()
    agent.locator("#demande_topic").select_option(label="Tri des déchets")
    agent.locator("#demande_text").fill("Enlèvement d’un matelas")
    agent.locator("form[action$='/demande/'] button").click()
    expect(person.locator("[data-parvis-state=over]")).to_contain_text("est suivie par")
    person.locator("form[action$='/parler/demande/'] button").click()
    expect(person).to_have_url(re.compile("/suivi/"))
