"""Every page, in every look: nothing that axe, the browser or the HTML checker has to say."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request
from playwright.sync_api import Page as Window

from tests.e2e.conftest import LOOKS, NIGHT, PHONE, Look, context_of
from tests.e2e.pages import EXTRA, MAIN, NOT_PAGES, PAGES, TWINS, Page
from tests.e2e.town import Town
from tests.support.browser import assert_no_sideways_scroll, axe_violations, bring_axe
from tests.support.html import assert_valid_html
from tests.test_permissions import ROUTES

EVERYTHING = [*PAGES, *EXTRA]
CASES = [
    pytest.param(page, look, id=f"{page.name}-{look.name}")
    for look in LOOKS
    for page in EVERYTHING
    if page.name in MAIN
]
# All others are opened once, every second one in English, and turned where they stand from the
# small bright window to the large dark one: what costs most of a second visit is the visit.
SMALL = (PHONE, replace(PHONE, language="en"))
ONCE = [
    pytest.param(page, SMALL[place % 2], id=f"{page.name}-{SMALL[place % 2].language}")
    for place, page in enumerate(page for page in EVERYTHING if page.name not in MAIN)
]
# Pages whose form comes back, with what is missing, when it is sent empty. All are made of the same
# fields: every second one is enough for each day, EVERY_FORM=1 sends them all.
_EACH = 1 if os.environ.get("EVERY_FORM") else 2
FORMS = [
    page
    for page in PAGES
    if any(route.methods.get("post") in (200, 422) for route in ROUTES if route.name == page.route)
][::_EACH]
SEND_EMPTY = """() => {
    const form = document.querySelector("main form[method=post]:not([hidden])");
    form.noValidate = true;
    for (const field of form.querySelectorAll("input:not([type=hidden], [type=color]), textarea")) {
        field.type === "checkbox" || field.type === "radio"
            ? (field.checked = false) : (field.value = "");
    }
    form.requestSubmit();
}"""
ZOOMED = {"width": 720, "height": 450}  # what 200 % leaves of 1440 x 900
# The language, how many headings of the first level; and the focus on the skip link.
BASICS = """() => {
    document.querySelector(".pv-skip").focus();
    return [document.documentElement.lang, document.querySelectorAll("h1").length];
}"""
# Where the focus is, seen from what a skip link promises.
IN_CONTENT = """() => {
    const target = document.querySelector(document.querySelector('.pv-skip').hash);
    return target !== null && target.contains(document.activeElement);
}"""
_FETCHED: dict[str, dict[Page, str]] = {}
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass
class Witness:
    """What a window says and asks for while it shows a page."""

    window: Window
    base: str
    said: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # texts that were found readable in this look
    at_night: set[str] = field(default_factory=set)  # and once the window was turned

    def __post_init__(self) -> None:
        self.window.on("console", self._console)
        self.window.on("pageerror", lambda error: self.said.append(f"script: {error}"))
        self.window.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # That the page itself answers 404 or 403 is told as an error too.
        is_page = message.location.get("url") == self.window.url
        is_status = is_page and message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not is_status:
            self.said.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.said.append(f"request to {request.url}")


@pytest.fixture(scope="module")
def witnesses(browser: Browser, town: Town) -> Iterator[dict[str, Witness]]:
    """A window for every look; who is signed in changes from page to page."""
    contexts = {look.name: context_of(browser, town, look) for look in [*LOOKS, SMALL[1]]}
    for context in contexts.values():
        bring_axe(context)
    yield {name: Witness(context.new_page(), town.base) for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(("page", "look"), CASES)
def test_a_page_can_be_used_by_everybody(
    page: Page, look: Look, witnesses: dict[str, Witness], town: Town
):
    witness = witnesses[look.name]
    window = witness.window

    basics = visit(witness, page, look, town)

    faults = [*axe_violations(window), *witness.said, *basics]
    assert not faults, f"{window.url}\n" + "\n".join(faults)
    assert_no_sideways_scroll(window)
    if look.width > PHONE.width:
        window.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        try:
            assert_no_sideways_scroll(window)
        finally:
            window.set_viewport_size({"width": look.width, "height": look.height})


@pytest.mark.parametrize(("page", "look"), ONCE)
def test_a_page_can_be_used_small_and_bright_large_and_dark(
    page: Page, look: Look, witnesses: dict[str, Witness], town: Town
):
    witness = witnesses[look.name]
    window = witness.window

    basics = visit(witness, page, look, town)

    faults = [*axe_violations(window, witness.seen), *basics]
    assert not faults, f"{window.url}\n" + "\n".join(faults)
    assert_no_sideways_scroll(window)
    try:
        turn(window, NIGHT)
        faults = [*axe_violations(window, witness.at_night), *witness.said]
        assert not faults, f"{window.url} at night\n" + "\n".join(faults)
        assert_no_sideways_scroll(window)
        window.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
        assert_no_sideways_scroll(window)
    finally:
        turn(window, look)


def visit(witness: Witness, page: Page, look: Look, town: Town) -> list[str]:
    """Open a page as who may; gives back what is wrong with its frame."""
    be(witness.window, town, page.role)
    witness.said.clear()
    answer = witness.window.goto(town.address(page.name))
    assert answer is not None
    assert answer.status == page.status
    return basic_faults(witness.window, page.language or look.language)


def turn(window: Window, look: Look) -> None:
    """Give the window the size and the light of this look, on the page where it is."""
    window.emulate_media(color_scheme=look.theme)  # type: ignore[arg-type]
    window.set_viewport_size({"width": look.width, "height": look.height})


@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.name)
def test_a_refused_form_can_be_used_by_everybody(
    page: Page, witnesses: dict[str, Witness], town: Town
):
    witness = witnesses[PHONE.name]
    window = witness.window
    be(window, town, page.role)
    window.goto(town.address(page.name))
    witness.said.clear()

    with window.expect_navigation():
        window.evaluate(SEND_EMPTY)

    basics = basic_faults(window, PHONE.language)
    faults = [*axe_violations(window, witness.seen), *witness.said, *basics]
    assert not faults, f"{window.url}\n" + "\n".join(faults)
    assert_no_sideways_scroll(window)


def be(window: Window, town: Town, role: str) -> None:
    """Become somebody with this role."""
    window.context.clear_cookies(name="parvis")
    window.context.add_cookies(town.cookies(role))  # type: ignore[arg-type]


def basic_faults(window: Window, expected: str) -> list[str]:
    """Language, one heading of the first level, a skip link that leads to the content."""
    faults = []
    language, headings = window.evaluate(BASICS)
    if language != expected:
        faults.append(f"lang is {language}")
    if headings != 1:
        faults.append(f"{headings} headings of the first level")
    window.keyboard.press("Enter")
    if not window.evaluate(IN_CONTENT):
        faults.append("the skip link does not lead to the content")
    return faults


def fetch(town: Town, language: str) -> dict[Page, str]:
    """Every page as the server sends it; whoever asks first in a language asks for all."""
    found = _FETCHED.setdefault(language, {})
    for page in EVERYTHING:
        if page not in found:
            cookies = {one["name"]: one["value"] for one in town.cookies(page.role)}
            cookies["django_language"] = language
            town.client.cookies = httpx.Cookies(cookies)
            found[page] = town.client.get(town.address(page.name)).text
    town.client.cookies.clear()
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_is_valid_html(town: Town, language: str):
    assert_valid_html({page.name: html for page, html in fetch(town, language).items()})


def test_every_page_has_a_title_of_its_own(town: Town):
    pages = fetch(town, "fr")
    titles = Counter(
        match[1].strip()
        for page, html in pages.items()
        if page in PAGES and not _is_twin(page.name) and (match := TITLE.search(html))
    )

    assert [title for title, count in titles.items() if count > 1] == []


def _is_twin(name: str) -> bool:
    """The same page at another address, or in the frame of another site."""
    return name.endswith("-of") or "-frame" in name


def test_no_page_of_the_tables_is_left_out():
    shown = {route.name for route in ROUTES if route.methods.get("get") == 200}

    assert shown - {page.route for page in PAGES} - set(NOT_PAGES) - set(TWINS) == set()
