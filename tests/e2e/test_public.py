"""From home, and from the office of the head of reception."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, OpenWindow
from tests.e2e.town import Town


def test_an_answer_is_found_in_three_steps(window: OpenWindow, script: bool):
    page = window(PHONE, script=script)
    page.goto("/")

    page.get_by_label("Votre question").fill("acte de naissance")
    page.get_by_role("button", name="Chercher").click()
    page.locator(".pv-answers h3 a").first.click()

    expect(page).to_have_url(re.compile("/fiches/[^?]+/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("naissance", re.IGNORECASE)
    )


def test_where_nothing_is_known_a_person_is_named(window: OpenWindow, script: bool):
    page = window(PHONE, script=script)

    page.goto("/fiches/?q=xylophone+quantique")

    expect(page.locator("#parler")).to_contain_text(re.compile(r"0\d( \d\d){4}"))


def test_the_language_is_one_touch_away(window: OpenWindow, script: bool):
    page = window(PHONE, script=script)
    page.goto("/fiches/?q=naissance")

    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"/fiches/\?q=naissance$"))


@pytest.mark.parametrize("role", ["MGR"])
def test_the_head_of_reception_reads_three_indicators(window: OpenWindow, town: Town, role: str):
    page = window(username=town.username(role))

    page.goto("/agent/jour/")

    metrics = page.locator(".pv-metrics .pv-metric")
    expect(metrics).to_have_count(3)
    for title in ("Attente", "premier contact", "satisfaites"):
        expect(page.locator(".pv-metrics").get_by_role("heading", name=title)).to_be_visible()
    metrics.first.get_by_role("link", name="Définition").click()
    expect(page.locator(":target")).to_be_visible()
