"""A real browser for the tests: the system's Chromium, driven by Playwright, judged by axe-core."""

import importlib.util
import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

import pytest
from playwright.sync_api import BrowserContext, Page

# Level A and AA up to WCAG 2.2, and what axe calls good practice: all of it, or it is a fault.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KNOWN_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
)
RUN_AXE = """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"]})"""
SKIP_SEEN_TEXT = Path(__file__).with_name("seen_text.js").read_text(encoding="utf-8")
WIDER_THAN_WINDOW = """() => {
    const width = document.documentElement.clientWidth;
    const scrolls = element => {
        for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) {
            if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) {
                return true;
            }
        }
        return false;
    };
    const sideways = document.scrollingElement.scrollWidth - width;
    if (sideways <= 0) return [];
    const sticksOut = element =>
        element.getBoundingClientRect().right > width + 1 ||
        (element.scrollWidth > width && getComputedStyle(element).overflowX === "visible");
    const guilty = [...document.body.querySelectorAll("*")].filter(
        element => sticksOut(element) && !scrolls(element));
    return [`the page is ${sideways} px wider than the window`].concat(
        guilty.slice(-5).map(element => element.outerHTML.slice(0, 120)));
}"""


class LaunchOptions(TypedDict):
    """What ``playwright.chromium.launch(**launch_options())`` takes."""

    executable_path: str
    headless: bool
    args: list[str]


def launch_options() -> LaunchOptions:
    """Returns how to start the browser, or fails the test with the remedy."""
    # Chromium's own sandbox needs rights that root in a container lacks.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": _chromium(), "headless": True, "args": [*QUIET, *sandbox]}


def bring_axe(context: BrowserContext) -> None:
    """Have axe in every page that these windows open: sending it at each visit takes longer."""
    context.add_init_script(_axe_source())


def axe_violations(page: Page, seen: set[str] | None = None) -> list[str]:
    """Returns one line per fault found by axe: rule, impact, explanation, first culprits.

    With ``seen``, which belongs to one look, a text whose ink, ground and size were found in
    order on an earlier page is not measured again. What another element laid over it would change
    is then not seen: pages that everybody meets are judged without ``seen``.
    """
    if not page.evaluate("() => 'axe' in window"):
        # Evaluated through the debugger, so that the strict content policy stays in force.
        page.evaluate(_axe_source())
    if seen is not None:
        page.evaluate(SKIP_SEEN_TEXT, sorted(seen))
    results: dict[str, Any] = page.evaluate(RUN_AXE, AXE_TAGS)
    faults = [_told(violation) for violation in results["violations"]]
    if seen is not None and not faults:
        seen |= set(page.evaluate("() => [...window.parvisFresh]"))
    return faults


def assert_no_axe_violation(page: Page) -> None:
    """Fails with every fault that axe found on the page."""
    found = axe_violations(page)
    assert not found, f"{page.url}\n" + "\n".join(found)


def assert_no_sideways_scroll(page: Page) -> None:
    """Fails when the page is wider than its window, naming the elements that stick out."""
    found: list[str] = page.evaluate(WIDER_THAN_WINDOW)
    assert not found, f"{page.url}\n" + "\n".join(found)


def _told(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    culprits = "; ".join(f"{node['target'][0]} {node['html'][:120]}" for node in nodes[:3])
    more = f" (and {len(nodes) - 3} more)" if len(nodes) > 3 else ""
    return f"{violation['id']} [{violation['impact']}] {violation['help']}: {culprits}{more}"


@cache
def _axe_source() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def _chromium() -> str:
    chosen = os.environ.get("PARVIS_CHROMIUM")
    found = chosen or next(filter(None, map(shutil.which, KNOWN_NAMES)), None)
    if found is None:
        pytest.fail(
            "No Chromium on this machine, so no page can be tested in a browser. Install it "
            "(as root: apt-get install chromium) or set PARVIS_CHROMIUM to its path."
        )
    return found
