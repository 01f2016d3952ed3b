"""At the desk: a whole visit from the keyboard, as somebody does it a hundred times a day."""

import re
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import OpenWindow
from tests.e2e.town import Town
from tests.support.browser import assert_no_axe_violation

Hall = dict[str, Any]
FOCUS = """() => {
    const element = document.activeElement;
    if (element === document.body) return null; // at the bars of the browser
    const style = getComputedStyle(element);
    const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return {id: element.id, text: element.innerText, html: element.outerHTML, isSeen};
}"""


def take(town: Town, hall: Hall, topic: str = "acte-naissance", **more: str) -> str:
    body = {"topic": hall["topics"][topic], **more}
    return str(town.api(f"sites/{hall['site_id']}/tickets", body)["code"])


@pytest.fixture
def desk(window: OpenWindow, hall: Hall, agent: str) -> Page:
    """The workstation of somebody who sits at the first desk of the hall."""
    return sit_down(window, agent, hall["desks"][0])


def sit_down(window: OpenWindow, username: str, desk: str) -> Page:
    page = window(username=username, desk=desk)
    open_workstation(page)
    return page


def open_workstation(page: Page) -> None:
    page.goto("/agent/poste/")
    # The button appears when the keys listen.
    expect(page.locator("[data-parvis-keys-help]").first).to_be_visible()


def title(page: Page) -> Any:
    return page.locator("#visite-titre")


def receive(desk: Page, code: str) -> None:
    """Call, and the person is here: two keys."""
    desk.keyboard.press("n")
    expect(title(desk)).to_contain_text(code)
    desk.keyboard.press("s")
    expect(desk.get_by_text("Au guichet", exact=True)).to_be_visible()


def test_the_day_begins_with_a_name_a_password_and_a_desk(
    window: OpenWindow, town: Town, hall: Hall, agent: str, script: bool
):
    page = window(script=script)
    page.goto("/agent/poste/")

    page.get_by_label("Identifiant").fill(agent)
    page.get_by_label("Mot de passe").fill(town.facts["password"])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.get_by_role("link", name="Choisir un guichet").click()
    places = page.get_by_role("region", name=hall["name"], exact=True)
    places.get_by_role("button", name=re.compile("S’installer.*Guichet 1")).click()

    expect(page).to_have_url(re.compile("/agent/poste/$"))
    expect(title(page)).to_have_text("Personne au guichet")


def test_a_visit_takes_a_few_keys(desk: Page, town: Town, hall: Hall):
    code = take(town, hall)
    expect(desk.locator("#file-liste").get_by_text(code)).to_be_visible()

    receive(desk, code)
    desk.keyboard.press("/")
    desk.keyboard.type("naissance")
    expect(desk.locator("#fiches .pv-results a").first).to_contain_text("naissance")
    desk.keyboard.press("Escape")
    desk.keyboard.press("1")

    expect(title(desk)).to_have_text("Personne au guichet")
    expect(desk.locator("#pv-status")).to_contain_text(f"{code} : noté « réglé »", ignore_case=True)


def test_what_lies_ready_is_judged_by_one_key_and_leads_to_a_question(
    desk: Page, town: Town, hall: Hall
):
    receive(desk, take(town, hall))
    expect(desk.locator(".pv-likely a").first).to_contain_text("naissance")

    desk.keyboard.press("/")
    desk.keyboard.type("livret perdu")
    expect(desk.locator(".pv-likely a").first).to_contain_text("livret", ignore_case=True)
    desk.keyboard.press("Escape")
    desk.keyboard.press("y")
    expect(desk.locator("#utile-oui")).to_have_attribute("aria-pressed", "true")
    desk.keyboard.press("d")

    expect(desk.locator("#question-texte")).to_have_value("livret perdu")
    expect(desk.locator("#question-texte")).to_be_focused()
    assert_no_axe_violation(desk)


def test_who_comes_between_the_page_and_its_stream_is_in_the_line(
    window: OpenWindow, town: Town, hall: Hall, agent: str
):
    page = window(username=agent, desk=hall["desks"][0])
    held: list[Route] = []
    page.route("**/events/**", lambda route: held.append(route))
    page.goto("/agent/poste/")
    code = take(town, hall)
    page.unroute("**/events/**")
    for route in held:
        route.continue_()

    expect(page.locator("#file-liste .pv-ticket", has_text=code)).to_be_visible()


def test_a_slip_of_the_finger_is_taken_back(desk: Page, town: Town, hall: Hall):
    code = take(town, hall)
    receive(desk, code)

    desk.keyboard.press("5")
    expect(desk.locator("#pv-status", has_text="noté").locator(".pv-toast-close")).to_be_visible()
    desk.keyboard.press("u")

    expect(title(desk)).to_contain_text(code)
    expect(desk.get_by_text("Au guichet", exact=True)).to_be_visible()
    expect(title(desk)).to_be_focused()


TWO_ANSWERS = """async () => {
    const loaded = performance.getEntriesByType("resource").map((one) => one.name);
    const { start } = await import(loaded.find((name) => /\\/toast[^/]*\\.js$/.test(name)));
    const region = document.getElementById("pv-status");
    const answer = (words) => (region.innerHTML = `<div data-parvis-toast>${words}</div>`);
    const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
    answer("first");
    start(document);
    answer("second"); // before the first one is read out, and before it is woken
    await pause(300);
    start(document);
    await pause(300);
    return region.textContent.trim();
}"""


def test_an_older_message_never_comes_back_beside_a_newer_one(desk: Page, town: Town, hall: Hall):
    receive(desk, take(town, hall))  # a first message brings the script

    assert desk.evaluate(TWO_ANSWERS) == "second"


def test_somebody_without_a_ticket_gets_one_in_three_gestures(desk: Page):
    desk.keyboard.press("F2")
    desk.keyboard.type("naiss")
    desk.keyboard.press("Enter")

    expect(desk.locator("#pv-status")).to_contain_text("E 1 : ticket donné")
    expect(desk.locator("#file-liste")).to_contain_text("E 1")
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name=re.compile("Imprimer le ticket")).click()
    assert_no_axe_violation(opened.value)


def test_the_next_visitor_inherits_nothing_from_the_one_before(desk: Page, town: Town, hall: Hall):
    desk.keyboard.press("F2")
    desk.keyboard.type("naiss")
    desk.locator("#nouveau summary", has_text="priorité").click()
    desk.locator("#priorite").select_option("reduced_mobility")
    desk.locator("#aussi").select_option(hall["topics"]["livret-famille"])
    desk.locator("#nom").fill("Piquemalle")
    desk.locator("#nom").press("Enter")
    expect(desk.locator("#pv-status")).to_contain_text("E 1 : ticket donné")
    desk.keyboard.press("F2")
    expect(desk.locator("#motif")).to_be_focused()
    for field in ("#motif", "#priorite", "#aussi", "#nom"):
        expect(desk.locator(field)).to_have_value("")
    # Pressed twice, the key leads to the field once more: letters are never taken for keys.
    desk.keyboard.press("F2")
    desk.keyboard.type("naiss")
    expect(desk.locator("#motif")).to_have_value("naiss")
    desk.keyboard.press("Enter")
    expect(desk.locator("#pv-status")).to_contain_text("E 2 : ticket donné")
    expect(desk.locator("#file-liste li", has_text="mobilité réduite")).to_have_count(1)

    desk.keyboard.press("c")
    desk.keyboard.type("cantine 1")
    desk.locator("#noter summary", has_text="facultatif").click()
    desk.locator("#noter-note").fill("Vient avec sa fille")
    desk.locator("#noter-note").press("Enter")
    expect(desk.locator("#pv-status")).to_contain_text("Inscrire un enfant")
    expect(desk.locator("#noter")).not_to_have_attribute("open", "")
    desk.keyboard.press("c")
    expect(desk.locator("#noter-motif")).to_be_focused()
    expect(desk.locator("#noter-note")).to_have_value("")


def test_what_was_refused_is_still_there_to_be_sent_again(desk: Page):
    desk.keyboard.press("F2")
    desk.keyboard.type("zz")
    desk.locator("#nouveau summary", has_text="priorité").click()
    desk.locator("#nom").fill("Piquemalle")
    desk.locator("#nom").press("Enter")
    expect(desk).to_have_url(re.compile("nouveau=zz"))

    expect(desk.locator("#nom")).to_have_value("Piquemalle")


def test_somebody_is_sent_on_with_a_word_for_the_next_desk(
    desk: Page, window: OpenWindow, town: Town, hall: Hall, colleague: str
):
    code = take(town, hall)
    other = sit_down(window, colleague, hall["desks"][1])
    desk.keyboard.press("n")
    expect(title(desk)).to_contain_text(code)

    desk.keyboard.press("t")
    desk.get_by_label("Vers le guichet").select_option(label="Guichet 2")
    desk.get_by_label(re.compile("Un mot pour le guichet")).fill("Vient avec deux enfants")
    assert_no_axe_violation(desk)
    desk.locator("#transferer button", has_text="Transférer").click()
    expect(title(desk)).to_have_text("Personne au guichet")

    expect(other.locator("#file-liste")).to_contain_text("Vient avec deux enfants")
    other.keyboard.press("n")
    expect(title(other)).to_contain_text(code)
    expect(other.locator("main")).to_contain_text("Vient avec deux enfants")


def test_a_request_that_goes_on_becomes_a_case_with_a_slip(desk: Page, town: Town, hall: Hall):
    code = take(town, hall, "declaration-prealable")
    receive(desk, code)

    desk.keyboard.press("3")
    expect(desk).to_have_url(re.compile("/agent/dossiers/nouveau/"))
    assert_no_axe_violation(desk)
    desk.get_by_label(re.compile("avec ses mots")).fill("Je change une fenêtre côté cour.")
    desk.get_by_label("Prénom").fill("Yann")
    desk.get_by_label(re.compile("^Nom")).fill("Essai")
    desk.get_by_role("button", name=re.compile("imprimer")).click()

    expect(desk).to_have_url(re.compile("/bulletin/"))
    expect(desk.locator(".pv-slip-address")).to_contain_text("/suivi/")
    assert_no_axe_violation(desk)
    page = desk.locator(".pv-slip-address").inner_text()
    desk.goto(page.strip())
    expect(desk.get_by_role("heading", name=re.compile("Ce qui est attendu"))).to_be_visible()


def test_the_workstation_works_without_script(
    window: OpenWindow, town: Town, hall: Hall, agent: str
):
    code = take(town, hall)
    page = window(username=agent, desk=hall["desks"][0], script=False)
    page.goto("/agent/poste/")

    page.get_by_role("button", name=re.compile("^Appeler")).click()
    page.get_by_role("button", name=re.compile("La personne est là")).click()
    expect(title(page)).to_contain_text(code)
    page.get_by_role("button", name=re.compile("Réglé")).click()

    expect(title(page)).to_have_text("Personne au guichet")


def test_the_keyboard_alone_leads_through_the_workstation(desk: Page, town: Town, hall: Hall):
    code = take(town, hall)
    desk.reload()
    desk.keyboard.press("Tab")
    expect(desk.locator(":focus")).to_have_class(re.compile("pv-skip"))
    desk.keyboard.press("Enter")
    expect(desk.locator("main#visite")).to_be_focused()

    walk(desk, "appeler")
    desk.keyboard.press("Enter")
    expect(title(desk)).to_contain_text(code)
    expect(title(desk)).to_be_focused()
    walk(desk, "La personne est là")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Au guichet", exact=True)).to_be_visible()
    walk(desk, "Réglé")
    desk.keyboard.press("Space")

    expect(title(desk)).to_have_text("Personne au guichet")


@pytest.mark.parametrize("by", ["Enter", "click"])
def test_the_focus_follows_every_change_of_visitor(by: str, desk: Page, town: Town, hall: Hall):
    first, second = take(town, hall), take(town, hall)
    press(desk, re.compile("^Appeler"), by)
    expect(title(desk)).to_contain_text(first)
    expect(title(desk)).to_be_focused()

    press(desk, re.compile("^En attente"), by)
    expect(title(desk)).to_have_text("Personne au guichet")
    expect(title(desk)).to_be_focused()
    press(desk, re.compile("^Reprendre"), by)
    expect(title(desk)).to_contain_text(first)
    expect(title(desk)).to_be_focused()
    press(desk, re.compile("^Absent"), by)
    expect(title(desk)).to_be_focused()
    press(desk, re.compile("^Appeler"), by)
    expect(title(desk)).to_contain_text(second)
    press(desk, re.compile("Réglé"), by)
    expect(title(desk)).to_have_text("Personne au guichet")
    expect(title(desk)).to_be_focused()


def test_the_focus_follows_a_visitor_though_the_news_of_the_hall_came_first(
    desk: Page, town: Town, hall: Hall
):
    code = take(town, hall)
    expect(desk.locator("#file-liste").get_by_text(code)).to_be_visible()

    def overtaken(route: Route) -> None:
        with desk.expect_response("**/poste/file/**"):
            answer = route.fetch()
        desk.wait_for_timeout(500)
        route.fulfill(response=answer)

    desk.route("**/poste/suivant/", overtaken)
    press(desk, re.compile("^Appeler"), "Enter")

    expect(title(desk)).to_contain_text(code)
    expect(title(desk)).to_be_focused()


def test_a_call_that_fails_after_news_of_the_hall_is_told_and_the_news_come(
    desk: Page, town: Town, hall: Hall
):
    take(town, hall)
    later: list[str] = []

    def fails(route: Route) -> None:
        with desk.expect_response("**/poste/file/**"):
            later.append(take(town, hall))
        desk.wait_for_timeout(500)
        route.fulfill(status=500, body="")

    desk.route("**/poste/suivant/", fails)
    press(desk, re.compile("^Appeler"), "Enter")

    expect(desk.locator("#pv-status")).to_contain_text("le serveur n’a pas répondu")
    expect(desk.locator("#file-liste").get_by_text(later[0], exact=True).first).to_be_visible()


def test_the_focus_stays_with_somebody_who_already_types(desk: Page, town: Town, hall: Hall):
    code = take(town, hall)
    expect(desk.locator("#file-liste").get_by_text(code)).to_be_visible()
    desk.route("**/poste/suivant/", lambda route: (desk.wait_for_timeout(300), route.continue_()))

    desk.keyboard.press("n")
    desk.keyboard.press("/")
    expect(title(desk)).to_contain_text(code)

    expect(desk.get_by_role("searchbox")).to_be_focused()


BOXES = """els => els.filter(e => e.checkVisibility()).map(e => {
  const { left, top, right, bottom } = e.getBoundingClientRect();
  return { what: e.innerText.trim(), left, top, right, bottom };
})"""


@pytest.mark.parametrize("width", [1200, 1280, 1440])
def test_nothing_in_the_bar_lies_over_anything_else(desk: Page, width: int):
    desk.set_viewport_size({"width": width, "height": 800})
    desk.locator("#retard > summary").click()
    desk.locator(".pv-late-reasons button").first.click()
    expect(desk.locator("#retard > summary")).to_contain_text("1 message")

    boxes = desk.locator(".pv-bar :is(a, button, summary, time)").evaluate_all(BOXES)

    over = [
        (one["what"], other["what"])
        for one, other in combinations(boxes, 2)
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 1
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 1
    ]
    assert len(boxes) > 5
    assert over == []


def press(page: Page, name: re.Pattern[str], by: str) -> None:
    """The button of a gesture, as the mouse or the keyboard gets at it."""
    button = page.get_by_role("button", name=name)
    if by == "click":
        button.click()
    else:
        button.focus()
        page.keyboard.press(by)


def walk(page: Page, wanted: str) -> None:
    """Go on by Tab until the focus is on what is wanted; see it at every step."""
    for _step in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus is None or focus["isSeen"], focus["html"]
        if focus and (focus["id"] == wanted or wanted in focus["text"]):
            return
    pytest.fail(f"Tab never comes to “{wanted}”")


def test_the_keys_are_told_and_may_be_switched_off(desk: Page, town: Town, hall: Hall):
    code = take(town, hall)
    desk.keyboard.press("?")
    expect(desk.locator(".pv-keys-panel")).to_be_visible()
    assert_no_axe_violation(desk)

    desk.goto("/affichage/")
    desk.get_by_label("Coupés").check()
    desk.get_by_role("button", name="Garder ces choix").click()
    open_workstation(desk)
    expect(desk.locator("#file-liste").get_by_text(code)).to_be_visible()
    desk.keyboard.press("n")

    expect(title(desk)).to_have_text("Personne au guichet")
