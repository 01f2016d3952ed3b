"""A sheet from the first word to the public, and back to what it said before."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenWindow

EDITOR, DIRECTOR = "berenice.thibodet", "laurent.noblecourt"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}", re.IGNORECASE)).first.click()


def write(page: Page, words: str) -> None:
    """Fill in the short answer and the first part, then ask for somebody's eyes."""
    page.get_by_label("À dire").fill("Oui, tous les samedis.")
    page.locator("textarea[name$='-text']").first.fill(words)
    press(page, "Proposer")
    expect(page.locator("main")).to_contain_text("proposé")


def publish(page: Page, title: str) -> None:
    page.goto("/agent/fiches/a-faire/")
    page.get_by_role("link", name=title).click()
    press(page, "Publier")
    expect(page.locator("h1")).to_have_text(title)


def test_a_sheet_is_written_read_published_changed_and_restored(window: OpenWindow, script: bool):
    title = f"Prêt de vélos {'avec' if script else 'sans'} script"
    editor = window(script=script, username=EDITOR)
    director = window(script=script, username=DIRECTOR)
    person = window(PHONE, script=script)

    editor.goto("/agent/fiches/nouvelle/")
    editor.get_by_label("Titre").fill(title)
    editor.get_by_label("Service responsable").select_option(index=1)
    press(editor, "Commencer à écrire")
    write(editor, "Pour les **habitants** :\n- un casque\n- une caution")
    ref = re.search(r"[A-Z]+-\d+", editor.locator("main").inner_text())
    assert ref is not None
    assert person.goto(f"/fiches/{ref[0]}/").status == 404

    publish(director, title)
    person.goto(f"/fiches/{ref[0]}/")
    expect(person.locator("main")).to_contain_text("une caution")

    editor.goto(f"/agent/fiches/{ref[0]}/")
    press(editor, "Modifier")
    write(editor, "Seulement sur rendez-vous.")
    person.reload()
    expect(person.locator("main")).to_contain_text("une caution")
    publish(director, title)
    person.reload()
    expect(person.locator("main")).to_contain_text("Seulement sur rendez-vous.")

    director.goto(f"/agent/fiches/{ref[0]}/versions/1/")
    press(director, "Publier de nouveau")
    person.reload()
    expect(person.locator("main")).to_contain_text("une caution")
