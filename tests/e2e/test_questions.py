"""A question from the desk to the department and back, in two windows."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenWindow

LIAISON = "clara.mercadal"
ANSWER = "Oui, avec une pièce d’identité."


def receive(page: Page, hall: dict[str, Any]) -> None:
    page.goto("/agent/poste/")
    page.keyboard.press("F2")
    page.keyboard.type("livret")
    page.keyboard.press("Enter")
    expect(page.locator("#file-liste")).to_contain_text("Livret")


def test_a_desk_asks_the_department_answers_and_it_pops_up(
    window: OpenWindow, hall: dict[str, Any], agent: str
):
    words = "Le reçu de dépôt suffit-il pour le retrait du livret de famille ?"
    desk = window(username=agent, desk=str(hall["desks"][0]))
    department = window(username=LIAISON)
    receive(desk, hall)
    desk.keyboard.press("n")
    expect(desk.locator("#visite-titre")).to_contain_text("Livret")
    department.goto("/agent/questions/")

    desk.keyboard.press("q")
    desk.keyboard.type(words)
    desk.keyboard.press("Enter")

    expect(desk.locator("#pv-status")).to_contain_text("Question envoyée")
    row = department.get_by_role("link", name=words)
    expect(row).to_be_visible()  # by itself, without a reload
    row.click()
    department.get_by_label("Réponse", exact=True).fill(ANSWER)
    department.get_by_role("button", name="Répondre").click()
    expect(desk.locator("#reponses")).to_contain_text(ANSWER)
    desk.locator("#reponses").get_by_role("button", name="Lu").click()
    expect(desk.locator("#reponses")).not_to_contain_text(ANSWER)

    department.get_by_role("button", name="En faire une fiche").click()
    expect(department.get_by_label("À dire")).to_have_value(ANSWER)


def test_without_a_script_the_answer_is_on_the_next_page(
    window: OpenWindow, hall: dict[str, Any], agent: str
):
    words = "Peut-on changer le prénom usuel sur le livret de famille sans rendez-vous ?"
    desk = window(script=False, username=agent, desk=str(hall["desks"][0]))
    department = window(script=False, username=LIAISON)
    desk.goto("/agent/poste/")
    desk.locator("#question > summary").click()
    desk.get_by_label("Que voulez-vous savoir").fill(words)
    desk.get_by_label("Au service").select_option(label="État civil et citoyenneté")
    desk.get_by_role("button", name="Demander", exact=True).click()
    department.goto("/agent/questions/")
    department.get_by_role("link", name=words).click()
    department.get_by_label("Réponse", exact=True).fill(ANSWER)
    department.get_by_role("button", name="Répondre").click()
    desk.goto("/agent/poste/")
    expect(desk.locator("#reponses")).to_contain_text(ANSWER)
