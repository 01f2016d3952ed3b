"""A passkey instead of a password, with a key that the browser makes up."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenWindow
from tests.e2e.town import Town
from tests.support.browser import assert_no_axe_violation, assert_no_sideways_scroll

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def judge(page: Page) -> None:
    assert_no_axe_violation(page)
    assert_no_sideways_scroll(page)


def give_key(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def prove(page: Page, town: Town) -> None:
    """Before a key changes, it is asked who is there."""
    page.get_by_label("Mot de passe").fill(town.facts["password"])
    page.get_by_role("button", name="Continuer").click()


def test_somebody_adds_a_passkey_signs_in_with_it_and_removes_it(
    window: OpenWindow, town: Town, agent: str
):
    page = window()
    give_key(page)
    # A passkey belongs to a name, never to a number.
    home = town.base.replace("127.0.0.1", "localhost")
    page.goto(f"{home}/connexion/?next=/agent/compte/securite/cles/nouvelle/")
    page.get_by_label("Identifiant").fill(agent)
    page.get_by_label("Mot de passe").fill(town.facts["password"])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    prove(page, town)
    page.get_by_label("Nom de la clé").fill("Clé bleue")
    page.get_by_label("Se connecter avec cette seule clé").check()
    page.get_by_role("button", name="Ajouter cette clé").click()
    expect(page).not_to_have_url(re.compile("/nouvelle/"))

    page.locator(".pv-menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page).to_have_url(re.compile("/agent/"))

    page.goto(f"{home}/agent/compte/securite/cles/")
    judge(page)
    page.get_by_role("link", name="Renommer Clé bleue").click()
    prove(page, town)
    judge(page)
    page.get_by_label("Nom de la clé").fill("Clé verte")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("link", name="Retirer Clé verte").click()
    judge(page)
    page.get_by_role("button", name="Retirer la clé").click()
    expect(page.locator("main")).not_to_contain_text("Clé verte")
