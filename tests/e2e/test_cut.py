"""The network goes away in front of a visitor: nothing is lost, nothing happens twice."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.cable import Cable
from tests.e2e.conftest import NIGHT, PHONE, OpenWindow
from tests.e2e.test_desk import open_workstation, receive, take, title
from tests.e2e.town import Town
from tests.support.browser import assert_no_axe_violation, assert_no_sideways_scroll

Hall = dict[str, Any]
SOON = 20_000  # milliseconds, for what comes back by itself
NEAR = timedelta(seconds=0.7)
RIGHT_AGAIN = 5_000  # milliseconds after a cut, for what everybody reads
FREE = "Personne au guichet"
KEPT_GESTURES = "Object.keys(localStorage).some((key) => key.startsWith('parvis-outbox:'))"


@pytest.fixture
def cable(town: Town) -> Iterator[Cable]:
    cable = Cable(int(town.base.rpartition(":")[2]))
    yield cable
    cable.close()


@pytest.fixture
def desk(window: OpenWindow, hall: Hall, agent: str, cable: Cable) -> Page:
    """The workstation at the other end of a cable."""
    page = window(username=agent, desk=hall["desks"][0])
    page.goto(f"http://127.0.0.1:{cable.port}/agent/poste/")
    expect(page.locator("[data-parvis-keys-help]").first).to_be_visible()
    return page


def waiting(page: Page) -> Any:
    return page.locator("[data-parvis-outbox]")


def cut(cable: Cable, page: Page) -> None:
    cable.cut()
    expect(waiting(page)).to_contain_text("Le réseau est coupé", timeout=SOON)


CONTACTS = """SELECT t.slug, c.outcome, c.note, c.ended_at FROM contacts_contact c
JOIN organisations_topic t ON t.id = c.topic_id
WHERE c.site_id = ? AND c.undone_at IS NULL ORDER BY c.ended_at, c.id"""
EVENTS = """SELECT e.kind FROM queue_ticketevent e JOIN queue_ticket t ON t.id = e.ticket_id
WHERE t.site_id = ? AND t.series = ? AND t.number = ? ORDER BY e.id"""
SLIPS = "SELECT series, number, source FROM queue_ticket WHERE site_id = ?"


def rows(town: Town, sql: str, *values: object) -> list[tuple[Any, ...]]:
    assert town.house is not None
    with sqlite3.connect(town.house.home / "var" / "parvis.sqlite3") as connection:
        return connection.execute(sql, values).fetchall()


def contacts(town: Town, hall: Hall) -> list[tuple[Any, ...]]:
    """Topic, outcome and note of every standing contact of the hall."""
    return [row[:3] for row in rows(town, CONTACTS, hall["site_id"])]


def events(town: Town, hall: Hall, code: str) -> list[str]:
    """What happened to a ticket."""
    return [kind for (kind,) in rows(town, EVENTS, hall["site_id"], *code.split())]


def test_what_is_done_in_a_cut_is_done_once_and_at_its_time(
    desk: Page, town: Town, hall: Hall, cable: Cable
):
    code = take(town, hall)
    desk.keyboard.press("n")
    expect(title(desk)).to_contain_text(code)

    cut(cable, desk)
    desk.keyboard.press("s")
    desk.locator("summary", has_text="évitable").click()
    desk.locator("#note").fill("Vient avec sa fille")
    desk.locator("main button", has_text="Réglé").click()
    expect(title(desk)).to_have_text(FREE)
    desk.keyboard.press("c")
    desk.keyboard.type("cantine 2")
    desk.keyboard.press("Enter")
    desk.keyboard.press("F2")
    desk.keyboard.type("Livret de famille")
    desk.get_by_label("Numéro du rouleau").fill("12")
    desk.keyboard.press("Enter")
    expect(waiting(desk)).to_contain_text("4 gestes attendent le réseau")
    assert_no_axe_violation(desk)
    desk.keyboard.press("n")
    expect(desk.locator("#pv-status")).to_contain_text("personne ne sait qui est le suivant")
    desk.wait_for_timeout(3000)
    assert contacts(town, hall) == []
    mended = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=2)
    cable.mend()

    expect(waiting(desk)).to_be_hidden(timeout=SOON)
    expect(desk.locator("#pv-status")).to_contain_text("4 gestes ont été transmis")
    expect(desk.locator("#file-liste")).to_contain_text("Livret de famille")
    assert contacts(town, hall) == [
        ("acte-naissance", "resolved", "Vient avec sa fille"),
        ("cantine-inscription", "passed_on", ""),
    ]
    assert events(town, hall, code) == ["issued", "called", "started", "finished"]
    assert ("P", 12, "paper") in rows(town, SLIPS, hall["site_id"])
    assert all(row[3] < str(mended) for row in rows(town, CONTACTS, hall["site_id"]))


def test_what_fails_late_keeps_its_own_time_and_its_place(
    desk: Page, town: Town, hall: Hall, cable: Cable
):
    code = take(town, hall)
    receive(desk, code)
    under_way: list[Route] = []
    desk.route("**/terminer/", lambda route: under_way.append(route))
    pressed = datetime.now(UTC).replace(tzinfo=None)
    desk.keyboard.press("1")
    cut(cable, desk)
    desk.keyboard.press("c")
    desk.keyboard.type("cantine 2")
    typed = datetime.now(UTC).replace(tzinfo=None)
    desk.keyboard.press("Enter")
    expect(waiting(desk)).to_contain_text("1 geste attend le réseau")
    desk.wait_for_timeout(1500)
    under_way[0].abort()
    expect(waiting(desk)).to_contain_text("2 gestes attendent le réseau")
    desk.unroute("**/terminer/")
    # A slow answer of the server says little about its clock: what was known before is kept.
    desk.route("**/pouls/", answer_late)
    cable.mend()

    expect(waiting(desk)).to_be_hidden(timeout=SOON)
    found = rows(town, CONTACTS, hall["site_id"])
    assert [row[1] for row in found] == ["resolved", "passed_on"]
    told = [datetime.fromisoformat(row[3]) for row in found]
    assert all(abs(at - made) < NEAR for at, made in zip(told, [pressed, typed], strict=True))


def answer_late(route: Route) -> None:
    """The server is asked at once, its answer comes after more than two seconds."""
    answer = route.fetch()
    time.sleep(2.5)
    route.fulfill(response=answer)


def test_five_seconds_after_a_cut_screen_and_workstation_are_right(
    desk: Page, window: OpenWindow, town: Town, hall: Hall, cable: Cable
):
    screen = window()
    screen.goto(f"http://127.0.0.1:{cable.port}/ecran/{hall['site']}/")
    first, second = take(town, hall), take(town, hall)
    expect(screen.locator("[data-parvis-next] .pv-ticket")).to_have_text([first, second])
    cut(cable, desk)
    expect(screen.locator("[data-parvis-lost]")).to_be_visible()
    town.api(f"desks/{hall['desks'][0]}/call-next")
    third = take(town, hall)

    # Where the page alone takes long, the machine has other work: that is no fault of the cut.
    limit = (
        RIGHT_AGAIN
        + 10_000 * httpx.get(f"{town.base}/ecran/{hall['site']}/").elapsed.total_seconds()
    )

    cable.mend()
    began = time.monotonic()
    expect(screen.locator("[data-parvis-now] .pv-ticket")).to_have_text(first, timeout=limit)
    expect(screen.locator("[data-parvis-next] .pv-ticket")).to_have_text([second, third])
    left = limit - 1000 * (time.monotonic() - began)
    expect(title(desk)).to_contain_text(first, timeout=left)
    print(f"right again {time.monotonic() - began:.1f} s after the cut (limit {limit:.0f} ms)")


def test_an_answer_that_was_lost_is_no_second_gesture(desk: Page, town: Town, hall: Hall):
    code = take(town, hall)
    receive(desk, code)
    lost: list[str] = []

    def swallow(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()  # the server does it
        route.abort("connectionreset")  # and nobody hears

    desk.route("**/terminer/", swallow)
    desk.keyboard.press("1")

    expect(desk.locator("#pv-status")).to_contain_text("1 geste a été transmis", timeout=SOON)
    expect(title(desk)).to_have_text(FREE)
    assert lost
    assert contacts(town, hall) == [("acte-naissance", "resolved", "")]
    assert events(town, hall, code).count("finished") == 1


def test_what_waits_outlives_the_tab_and_two_tabs_send_it_once(
    desk: Page, town: Town, hall: Hall, cable: Cable
):
    code = take(town, hall)
    receive(desk, code)
    cut(cable, desk)
    desk.keyboard.press("2")
    for typed in ("cantine 1", "livret 4"):
        desk.keyboard.press("c")
        desk.keyboard.type(typed)
        desk.keyboard.press("Enter")
    expect(waiting(desk)).to_contain_text("3 gestes attendent")
    context = desk.context
    desk.close(run_before_unload=False)
    cable.mend()

    tabs = [context.new_page() for _tab in "12"]
    for tab in tabs:
        tab.goto(f"http://127.0.0.1:{cable.port}/agent/poste/", wait_until="commit")

    until = time.monotonic() + SOON / 1000
    while tabs[0].evaluate(KEPT_GESTURES) and time.monotonic() < until:
        tabs[0].wait_for_timeout(200)
    for tab in tabs:
        expect(waiting(tab)).to_be_hidden(timeout=SOON)
        expect(title(tab)).to_have_text(FREE, timeout=SOON)
    assert contacts(town, hall) == [
        ("acte-naissance", "passed_on", ""),
        ("cantine-inscription", "resolved", ""),
        ("livret-famille", "appointment_made", ""),
    ]
    assert events(town, hall, code).count("finished") == 1


def test_what_somebody_else_did_meanwhile_is_told_and_nothing_is_hidden(
    desk: Page, town: Town, hall: Hall, cable: Cable
):
    code = take(town, hall)
    receive(desk, code)
    cut(cable, desk)
    desk.keyboard.press("1")
    expect(waiting(desk)).to_contain_text("1 geste attend")
    finish = {"finish": {"outcome": "passed_on"}}
    town.api(f"desks/{hall['desks'][0]}/call-next", finish)
    cable.mend()

    told = waiting(desk).locator("li")
    expect(told).to_contain_text(f"Le ticket {code} n’est plus à ce guichet", timeout=SOON)
    assert_no_axe_violation(desk)
    told.get_by_role("button", name=re.compile("Retirer")).click()
    expect(waiting(desk)).to_be_hidden()
    assert [outcome for _topic, outcome, _note in contacts(town, hall)] == ["passed_on"]


def test_before_it_is_sent_a_gesture_is_simply_taken_back(
    desk: Page, town: Town, hall: Hall, cable: Cable
):
    code = take(town, hall)
    receive(desk, code)
    cut(cable, desk)
    desk.keyboard.press("5")
    expect(title(desk)).to_have_text(FREE)

    desk.keyboard.press("u")

    expect(title(desk)).to_contain_text(code)
    expect(waiting(desk).locator("li")).to_have_count(0)
    cable.mend()
    expect(waiting(desk)).to_be_hidden(timeout=SOON)
    assert contacts(town, hall) == []


def test_further_topics_names_and_a_hold_for_the_desk_are_kept_too(
    desk: Page, town: Town, hall: Hall, cable: Cable
):
    code = take(town, hall)
    receive(desk, code)
    cut(cable, desk)
    desk.keyboard.press("+")
    desk.locator("#aussi-motif").select_option(hall["topics"]["livret-famille"])
    desk.get_by_role("button", name="Ajouter ce motif").click()
    desk.keyboard.press("i")
    desk.locator("#nom-personne").fill("Piquemalle")
    desk.keyboard.press("Enter")
    expect(waiting(desk)).to_contain_text("Ajouter ce motif")
    expect(waiting(desk)).to_contain_text("Piquemalle")
    desk.locator("#attente > summary").click()
    desk.get_by_role("button", name="Ce guichet").click()
    expect(title(desk)).to_have_text(FREE)
    cable.mend()

    expect(waiting(desk)).to_be_hidden(timeout=SOON)
    expect(desk.locator("#pv-status")).to_contain_text("3 gestes ont été transmis")
    assert events(town, hall, code)[-3:] == ["leg_added", "identified", "held"]


def test_the_first_seconds_of_a_cut_show_no_page_of_the_browser(
    desk: Page, town: Town, hall: Hall, cable: Cable
):
    code = take(town, hall)
    receive(desk, code)
    desk.keyboard.press("1")
    expect(title(desk)).to_have_text(FREE)
    told = desk.locator("#pv-status .pv-toast", has_text="noté")
    expect(told.locator(".pv-toast-time")).to_be_attached()  # it counts: its undo is there to stay

    cable.cut()
    desk.keyboard.press("u")
    expect(desk.locator("#pv-status")).to_contain_text("Rien n’a été changé", timeout=SOON)
    cable.mend()
    expect(waiting(desk)).to_be_hidden(timeout=SOON)
    cable.cut()
    desk.locator("form[action^='/agent/verrou/'] button").first.evaluate("one => one.click()")

    expect(desk.locator("#pv-status")).to_contain_text("Rien n’a été changé", timeout=SOON)
    expect(title(desk)).to_have_text(FREE)
    cable.mend()
    assert events(town, hall, code)[-1] == "finished"


def test_a_server_that_dies_and_comes_back_loses_nothing(
    window: OpenWindow, town: Town, hall: Hall, agent: str
):
    page = window(username=agent, desk=hall["desks"][0])
    open_workstation(page)
    code = take(town, hall)
    receive(page, code)
    assert town.house is not None

    town.house.kill_9()
    page.keyboard.press("1")
    page.keyboard.press("c")
    page.keyboard.type("livret 3")
    page.keyboard.press("Enter")
    expect(waiting(page)).to_contain_text("2 gestes attendent", timeout=SOON)
    town.house.start(int(town.base.rpartition(":")[2]))

    # One of them goes on with a case: the way there stays until it was taken.
    expect(waiting(page)).to_contain_text("La suite est un dossier", timeout=SOON)
    expect(waiting(page).locator("li")).to_have_count(1)
    page.get_by_role("link", name="Continuer").click()
    expect(page).to_have_url(re.compile("/agent/dossiers/nouveau/"))
    assert [outcome for _topic, outcome, _note in contacts(town, hall)] == [
        "resolved",
        "case_opened",
    ]


def forget_session(page: Page, _town: Town) -> None:
    page.context.clear_cookies(name="parvis")


def lock_elsewhere(page: Page, town: Town) -> None:
    kept = {one["name"]: one["value"] for one in page.context.cookies()}
    with httpx.Client(base_url=town.base, cookies=kept) as client:
        found = re.search(
            r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/agent/poste/").text
        )
        assert found
        client.post("/agent/verrou/", data={"csrfmiddlewaretoken": found[1]})


@pytest.mark.parametrize("lose", [forget_session, lock_elsewhere])
def test_a_session_that_ends_before_a_visitor_keeps_the_gesture(
    window: OpenWindow, town: Town, hall: Hall, agent: str, lose: Callable[[Page, Town], None]
):
    page = window(username=agent, desk=hall["desks"][0])
    open_workstation(page)
    code = take(town, hall)
    receive(page, code)
    page.locator("summary", has_text="évitable").click()
    page.locator("#note").fill("Reviendra jeudi")
    lose(page, town)

    page.locator("main button", has_text="Transmis").click()
    page.get_by_label("Mot de passe").wait_for()
    if page.get_by_label("Identifiant").count():
        page.get_by_label("Identifiant").fill(agent)
    page.get_by_label("Mot de passe").fill(town.facts["password"])
    page.locator("main button[type=submit], main button:not([type])").first.click()
    if lose is forget_session:
        page.goto("/agent/poste/")

    expect(waiting(page)).to_be_hidden(timeout=SOON)
    expect(title(page)).to_have_text(FREE, timeout=SOON)
    assert contacts(town, hall) == [("acte-naissance", "passed_on", "Reviendra jeudi")]


def test_what_is_being_typed_outlives_a_reload(
    window: OpenWindow, town: Town, hall: Hall, agent: str
):
    page = window(username=agent, desk=hall["desks"][0])
    open_workstation(page)
    receive(page, take(town, hall))
    page.locator("summary", has_text="évitable").click()
    page.locator("#note").fill("À moitié écr")

    page.reload()

    expect(page.locator("#note")).to_have_value("À moitié écr")


@pytest.mark.parametrize("look", [PHONE, NIGHT], ids=lambda look: look.name)
def test_what_waits_is_readable_everywhere(
    window: OpenWindow, town: Town, hall: Hall, agent: str, cable: Cable, look: Any
):
    page = window(look, username=agent, desk=hall["desks"][0])
    code = take(town, hall)
    page.goto(f"http://127.0.0.1:{cable.port}/agent/poste/")
    expect(page.locator("#file-liste .pv-ticket", has_text=code)).to_be_visible()
    page.locator("#appeler").click()
    expect(title(page)).to_contain_text(code)
    cable.cut()
    expect(waiting(page)).to_be_visible(timeout=SOON)

    page.locator("main button[value=resolved]").click()

    expect(waiting(page).locator("li")).to_have_count(1)
    assert_no_axe_violation(page)
    assert_no_sideways_scroll(page)
