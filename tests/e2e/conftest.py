"""One town, one server and one browser for all journeys; each test has windows of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e import town as towns
from tests.e2e.town import Town
from tests.support.browser import launch_options

PATIENCE = 15_000  # milliseconds: a loaded machine is no fault of the page
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Look:
    """How somebody reads a page."""

    width: int
    height: int
    theme: str
    language: str
    contrast: str = "no-preference"

    @property
    def name(self) -> str:
        more = "-contrast" if self.contrast == "more" else ""
        return f"{self.width}-{self.theme}-{self.language}{more}"

    def options(self) -> dict[str, Any]:
        return {
            "viewport": {"width": self.width, "height": self.height},
            "color_scheme": self.theme,
            "contrast": self.contrast,
            "reduced_motion": "reduce",
            "locale": {"fr": "fr-FR", "en": "en-GB"}[self.language],
        }


PHONE = Look(320, 640, "light", "fr")
NIGHT = Look(1440, 900, "dark", "en")
DESKTOP = Look(1440, 900, "light", "fr")
LOOKS = [
    PHONE,
    NIGHT,
    DESKTOP,
    Look(320, 640, "dark", "en"),
    Look(1440, 900, "light", "fr", contrast="more"),
    Look(320, 640, "dark", "fr", contrast="more"),
]

OpenWindow = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with towns.running(tmp_path_factory.mktemp("town")) as town:
        yield town


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


def context_of(browser: Browser, town: Town, look: Look, *, script: bool = True) -> BrowserContext:
    context = browser.new_context(base_url=town.base, java_script_enabled=script, **look.options())
    context.set_default_timeout(PATIENCE)
    chosen = {"name": "django_language", "value": look.language, "url": town.base}
    context.add_cookies([chosen])  # type: ignore[list-item]
    return context


@pytest.fixture
def window(browser: Browser, town: Town) -> Iterator[OpenWindow]:
    """Opens windows, each of somebody else: another telephone, another desk, another screen."""
    opened: list[BrowserContext] = []

    def open_one(
        look: Look = DESKTOP, *, script: bool = True, username: str = "", desk: str = ""
    ) -> Page:
        context = context_of(browser, town, look, script=script)
        opened.append(context)
        if username:
            context.add_cookies(town.sign_in(username, desk=desk))  # type: ignore[arg-type]
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Every public journey is made twice: with JavaScript and without."""
    return bool(request.param)


@pytest.fixture(scope="session")
def _halls(town: Town) -> Iterator[dict[str, Any]]:
    return iter(town.facts["halls"][1:])


@pytest.fixture
def hall(_halls: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """A hall that is nobody else's: its site, its desks, its topics."""
    return next(_halls)


@pytest.fixture(scope="session")
def _agents(town: Town) -> Iterator[str]:
    return iter(town.facts["agents"])


@pytest.fixture
def agent(_agents: Iterator[str]) -> str:
    """The user name of somebody of the reception who sits nowhere yet."""
    return next(_agents)


@pytest.fixture
def colleague(_agents: Iterator[str]) -> str:
    """Somebody else."""
    return next(_agents)
