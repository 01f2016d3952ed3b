"""A request that goes on: its page behind a secret link, and the people who follow it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenWindow
from tests.e2e.town import Town
from tests.support.browser import assert_no_axe_violation

NADIA = "nadia.amrani"


@pytest.fixture
def request_of_yann(town: Town) -> dict[str, Any]:
    """Opened by a program, as the API describes it."""
    topic = town.facts["halls"][0]["topics"]["declaration-prealable"]
    return town.api(
        "cases",
        {
            "topic": topic,
            "channel": "desk",
            "description": "Je change une fenêtre côté cour.",
            "person": {"first_name": "Yann", "last_name": "Essai", "phone": "06 39 98 01 42"},
        },
    )


@pytest.fixture
def followed(request_of_yann: dict[str, Any], window: OpenWindow) -> dict[str, Any]:
    """Somebody of the service is named; Nadia, of the same service, may answer too."""
    return {**request_of_yann, "nadia": window(username=NADIA)}


def test_a_person_reads_who_follows_and_writes_and_is_answered(
    window: OpenWindow, followed: dict[str, Any], script: bool
):
    person, nadia = window(PHONE, script=script), followed["nadia"]
    person.goto(followed["tracking_url"])
    expect(person.locator("#t-who")).to_have_text(followed["referent"]["name"])

    person.get_by_label("Votre message").fill("Faut-il un plan ?")
    person.get_by_role("button", name=re.compile("Envoyer", re.IGNORECASE)).last.click()
    expect(person.locator(".pv-trace")).to_contain_text("Faut-il un plan ?")

    act(nadia, followed["reference"], "Écrire", "Oui, une photo du plan suffit.")
    person.reload()
    expect(person.locator(".pv-trace")).to_contain_text("Oui, une photo du plan suffit.")
    expect(person.locator(".pv-trace")).to_contain_text("Nadia Amrani")


def test_a_person_says_thank_you_and_the_team_reads_it(
    window: OpenWindow, followed: dict[str, Any], script: bool
):
    person, nadia = window(PHONE, script=script), followed["nadia"]
    words = f"Merci pour la patience ({'avec' if script else 'sans'})"
    act(nadia, followed["reference"], "Écrire", "Je m’en occupe.")
    person.goto(followed["tracking_url"])

    person.get_by_label("Vos mots").fill(words)
    person.get_by_role("button", name="Dire merci").click()
    expect(person.locator(".pv-status")).to_contain_text(re.compile("merci", re.IGNORECASE))

    nadia.goto("/agent/merci/")
    expect(nadia.locator("main")).to_contain_text(words)


def test_what_is_not_solved_is_reopened_by_the_person(
    window: OpenWindow, followed: dict[str, Any], script: bool
):
    person, nadia = window(PHONE, script=script), followed["nadia"]
    act(nadia, followed["reference"], "Répondre et clore", "C’est accordé.")
    person.goto(followed["tracking_url"])
    expect(person.get_by_text("C’est accordé.").first).to_be_visible()

    person.get_by_label("Non, pas encore").check()
    person.get_by_label(re.compile("Que manque-t-il")).fill("Le numéro de la rue est faux.")
    person.get_by_role("button", name="Envoyer ma réponse").click()

    expect(person.locator(".pv-trace")).to_contain_text("Le numéro de la rue est faux.")
    nadia.goto(f"/agent/dossiers/{followed['reference']}/")
    expect(nadia.locator("main")).to_contain_text("Le numéro de la rue est faux.")


def act(nadia: Page, reference: str, tab: str, text: str) -> None:
    """What a referent does with the composer of the case."""
    nadia.goto(f"/agent/dossiers/{reference}/")
    tabs = nadia.locator("#act .pv-tabs")
    tabs.get_by_role("link", name=tab).click()
    assert_no_axe_violation(nadia)
    nadia.locator("#act textarea").first.fill(text)
    nadia.locator("#act form button[type=submit]").click()
    expect(nadia.locator(".pv-trace")).to_contain_text(text)
