"""One's ticket on a telephone: what can be done with it, with and without JavaScript."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenWindow
from tests.e2e.test_hall import Hall, call, receive_the_present, take
from tests.e2e.town import Town


def fits(page: Page) -> bool:
    """Nothing sticks out of a small telephone, once the page has settled."""
    # By hand: without JavaScript the browser answers such a question once, it never asks again.
    for _one in range(50):
        if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
            return True
        page.wait_for_timeout(100)
    return False


def test_a_place_is_lent_given_back_and_taken_up_again(
    window: OpenWindow, town: Town, hall: Hall, script: bool
):
    mine, *_others = [take(town, hall) for _one in range(4)]
    telephone = window(PHONE, script=script)
    telephone.goto(mine["page_url"])
    assert fits(telephone)

    telephone.get_by_role("link", name="laisser passer deux personnes").click()
    expect(telephone.get_by_text("2 personnes avant vous")).to_be_visible()
    assert fits(telephone)
    telephone.get_by_role("button", name="Les laisser passer").click()
    expect(telephone.locator("#etat").get_by_text("2 personnes avant vous")).to_be_visible()

    telephone.get_by_role("button", name="rendre ma place").click()
    expect(telephone.get_by_text("Votre place est rendue")).to_be_visible()
    telephone.get_by_role("button", name="Finalement je reste").click()
    expect(telephone.locator("#etat").get_by_text("2 personnes avant vous")).to_be_visible()


def test_an_address_is_left_and_forgotten(window: OpenWindow, town: Town, hall: Hall, script: bool):
    mine = [take(town, hall) for _one in range(5)][-1]
    telephone = window(PHONE, script=script)
    telephone.goto(mine["page_url"])

    telephone.get_by_role("link", name="Me prévenir quand mon tour approche").click()
    telephone.get_by_label("Par SMS, à ce numéro").fill("06 12")
    telephone.get_by_role("button", name="M’envoyer un SMS").click()
    expect(telephone.get_by_text("Ce n’est pas un numéro de téléphone")).to_be_visible()
    expect(telephone.get_by_label("Par SMS, à ce numéro")).to_have_value("06 12")
    assert fits(telephone)
    telephone.get_by_label("Par courriel, à cette adresse").fill("personne@exemple.invalid")
    telephone.get_by_role("button", name="M’envoyer un courriel").click()

    expect(telephone.get_by_text("Un courriel vous préviendra")).to_be_visible()
    telephone.get_by_role("button", name="Plus besoin").click()
    expect(telephone.get_by_text("Un courriel vous préviendra")).to_have_count(0)


def test_the_page_rings_when_it_is_ones_turn(window: OpenWindow, town: Town, hall: Hall):
    mine = take(town, hall)
    telephone = window(PHONE)
    telephone.context.grant_permissions(["notifications"])
    telephone.add_init_script(
        "window.rung = []; navigator.vibrate = (how) => window.rung.push(how);"
    )
    telephone.goto(mine["page_url"])
    telephone.get_by_role("button", name="Sonner sur ce téléphone").click()

    call(town, hall)

    expect(telephone.locator("#etat").get_by_text("Présentez-vous")).to_be_visible()
    expect(telephone).to_have_title(re.compile("^C’est votre tour"))
    assert telephone.evaluate("window.rung.length") == 1


def test_the_question_comes_with_the_end_of_the_visit(window: OpenWindow, town: Town, hall: Hall):
    mine = take(town, hall)
    telephone = window(PHONE)
    telephone.goto(mine["page_url"])
    expect(telephone.get_by_role("button", name="Sonner sur ce téléphone")).to_be_visible()

    call(town, hall)
    expect(telephone.locator("#etat").get_by_text("Présentez-vous")).to_be_visible()
    receive_the_present(town, hall)

    expect(telephone.locator("#etat").get_by_text("Votre visite est terminée")).to_be_visible()
    expect(telephone.get_by_role("heading", name="Est-ce réglé")).to_be_visible()
    expect(telephone.get_by_role("button", name="Sonner sur ce téléphone")).to_have_count(0)
    expect(telephone.get_by_role("link", name="Relire ma place")).to_have_count(0)


def test_the_page_speaks_the_language_of_its_owner(
    window: OpenWindow, town: Town, hall: Hall, script: bool
):
    mine = take(town, hall)
    telephone = window(PHONE, script=script)
    telephone.goto(mine["page_url"])

    telephone.get_by_role("button", name="العربيّة").click()

    expect(telephone.locator("html")).to_have_attribute("dir", "rtl")
    assert fits(telephone)
