"""In the hall: the kiosk, the ticket in the hand, the screen on the wall, the way out."""

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cable import Cable
from tests.e2e.conftest import PHONE, OpenWindow
from tests.e2e.town import Town

Hall = dict[str, Any]
AT_ONCE = 1.0  # seconds from the call to the screen


def take(town: Town, hall: Hall, topic: str = "acte-naissance") -> dict[str, Any]:
    return town.api(f"sites/{hall['site_id']}/tickets", {"topic": hall["topics"][topic]})


def call(town: Town, hall: Hall) -> dict[str, Any]:
    called: dict[str, Any] = town.api(f"desks/{hall['desks'][0]}/call-next")["ticket"]
    return called


def receive(town: Town, hall: Hall) -> dict[str, Any]:
    """A whole visit: its ticket, with the page that the person keeps."""
    taken = take(town, hall)
    called = call(town, hall)
    town.api(f"tickets/{called['id']}/start")
    town.api(f"tickets/{called['id']}/finish", {"outcome": "resolved"})
    return taken


def test_a_ticket_is_taken_in_two_taps(window: OpenWindow, hall: Hall, script: bool):
    kiosk = window(script=script)
    kiosk.goto(f"/borne/{hall['site']}/")

    kiosk.get_by_role("link", name="Copie d’acte").click()
    kiosk.get_by_role("button", name="Prendre mon ticket").click()

    expect(kiosk.locator(".pv-hall-code")).to_have_text(re.compile(r"^\s*E\s1\s*$"))
    expect(kiosk.get_by_role("heading", level=1)).to_have_text("Votre ticket")
    expect(kiosk.get_by_role("img", name=re.compile("ticket"))).to_be_visible()


def test_the_page_of_a_ticket_tells_the_place_then_the_desk(
    window: OpenWindow, town: Town, hall: Hall, script: bool
):
    take(town, hall)
    mine = take(town, hall)
    telephone = window(PHONE, script=script)
    telephone.goto(mine["page_url"])
    expect(telephone.get_by_text("1 personne avant vous")).to_be_visible()

    call(town, hall)
    read_again(telephone, script)
    expect(telephone.get_by_text("C’est bientôt à vous")).to_be_visible()
    receive_the_present(town, hall)
    read_again(telephone, script)

    expect(telephone.get_by_text("Guichet 1")).to_be_visible()
    expect(telephone.get_by_text("C’est votre tour")).to_be_visible()


def receive_the_present(town: Town, hall: Hall) -> None:
    desk = hall["desks"][0]
    town.api(f"desks/{desk}/call-next", {"finish": {"outcome": "resolved"}})


def read_again(telephone: Page, script: bool) -> None:
    """With JavaScript the page follows by itself; without, a link reads it again."""
    if not script:
        telephone.get_by_role("link", name="Relire ma place").click()


def test_a_place_is_given_back(window: OpenWindow, town: Town, hall: Hall, script: bool):
    telephone = window(PHONE, script=script)
    telephone.goto(take(town, hall)["page_url"])

    telephone.get_by_role("button", name="rendre ma place").click()

    expect(telephone.locator("#etat")).to_contain_text("Votre place est rendue")


@pytest.fixture
def cable(town: Town) -> Iterator[Cable]:
    cable = Cable(int(town.base.rpartition(":")[2]))
    yield cable
    cable.close()


def test_the_screen_shows_a_call_at_once_and_survives_a_cut(
    window: OpenWindow, town: Town, hall: Hall, cable: Cable
):
    screen = window()
    screen.goto(f"http://127.0.0.1:{cable.port}/ecran/{hall['site']}/")
    shown = screen.locator("[data-parvis-now] .pv-ticket")
    waiting = screen.locator("[data-parvis-next] .pv-ticket")
    lost = screen.locator("[data-parvis-lost]")
    first, second = take(town, hall), take(town, hall)
    expect(waiting).to_have_text([first["code"], second["code"]])

    call(town, hall)
    began = time.monotonic()
    expect(shown).to_have_text(first["code"])
    assert time.monotonic() - began < AT_ONCE

    cable.cut()
    expect(lost).to_be_visible()
    receive_the_present(town, hall)
    cable.mend()
    expect(shown).to_have_text(second["code"], timeout=30_000)
    expect(lost).to_be_hidden()


def test_the_screen_works_without_script(window: OpenWindow, town: Town, hall: Hall):
    code = take(town, hall)["code"]
    call(town, hall)
    screen = window(script=False)

    screen.goto(f"/ecran/{hall['site']}/")

    expect(screen.locator("main .pv-ticket").first).to_have_text(code)
    expect(screen.locator("noscript meta[http-equiv=refresh]")).to_have_count(1)


def test_whoever_was_not_helped_says_so_and_is_followed(
    window: OpenWindow, town: Town, hall: Hall, script: bool
):
    telephone = window(PHONE, script=script)
    telephone.goto(receive(town, hall)["page_url"])

    telephone.get_by_label("Non, pas encore").check()
    telephone.get_by_label(re.compile("Que manque-t-il")).fill("Il manque la copie intégrale.")
    telephone.get_by_role("button", name="Envoyer ma réponse").click()

    expect(telephone).to_have_url(re.compile("/suivi/"))
    telephone.locator("summary", has_text="telle qu’elle a été notée").click()
    expect(telephone.get_by_text("Il manque la copie intégrale.")).to_be_visible()


def test_the_kiosk_asks_on_the_way_out(window: OpenWindow, town: Town, hall: Hall, script: bool):
    code = receive(town, hall)["code"]
    kiosk = window(script=script)
    kiosk.goto(f"/borne/{hall['site']}/")
    kiosk.get_by_role("link", name=re.compile("Votre visite")).click()

    for sign in code.replace(" ", "").replace("\u202f", "").replace("\u00a0", ""):
        kiosk.get_by_role("button", name=sign, exact=True).click()
    kiosk.get_by_role("button", name="Oui").click()

    expect(kiosk.get_by_role("heading", level=1)).to_have_text(re.compile("Merci"))
