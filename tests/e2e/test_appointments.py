"""An appointment from home to the desk: booked, moved, cancelled; checked in, and announced."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, OpenWindow
from tests.e2e.town import Town

SECRET = re.compile(r"/rendez-vous/[\w-]{32}/$")


def test_an_appointment_is_booked_moved_and_cancelled_without_a_script(
    window: OpenWindow, town: Town
):
    known = town.facts["expected"]
    page = window(PHONE, script=False)
    page.goto(f"/rendez-vous/a/{known['site']}/{known['topic']}/")

    page.locator(".pv-rdv-slots a").nth(3).click()
    page.get_by_label("Votre nom").fill("Yann Piquemalle")
    page.get_by_role("button", name="Prendre ce rendez-vous").click()
    expect(page).to_have_url(SECRET)
    before = page.get_by_role("heading", level=1).inner_text()
    code = page.locator(".pv-rdv-code").inner_text()

    page.get_by_role("link", name="Choisir un autre créneau").click()
    page.locator(".pv-rdv-slots button").nth(8).click()
    expect(page).to_have_url(SECRET)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(before)
    expect(page.locator(".pv-rdv-code")).to_have_text(code)

    page.get_by_role("button", name="Annuler le rendez-vous").click()
    expect(page.locator("main")).to_contain_text("Vous l’avez annulé")


def test_a_visitor_checks_in_and_the_colleague_sees_who_is_here(window: OpenWindow, town: Town):
    known = town.facts["expected"]
    kiosk = window(PHONE, script=False)
    kiosk.goto(f"/borne/{known['site']}/rendez-vous/?code={known['code'][:-1]}")

    kiosk.get_by_role("button", name=known["code"][-1], exact=True).click()
    kiosk.get_by_role("button", name="Signaler mon arrivée").first.click()
    expect(kiosk.get_by_role("heading", level=1)).to_have_text("Votre arrivée est notée")

    desk = window(username=known["agent"])
    desk.goto("/agent/rendez-vous/")
    expect(desk.locator("#visiteurs")).to_contain_text("Votre visiteur est là : Jeanne Tessandier")
