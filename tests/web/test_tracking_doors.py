import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions, queries
from parvis.cases.actions import Opened, Wanted
from parvis.cases.models import CallBack, CaseFile
from parvis.common import outbox
from parvis.feedback.models import Complaint
from tests.cases.factories import mandated, nadia, planning, windows
from tests.contacts.factories import PersonFactory
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db
PLAN = b"%PDF-1.7 the plan"


@pytest.fixture(autouse=True)
def here(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"
    client.cookies["django_language"] = "en"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(outbox, "send_mail", lambda _to, *, text, **_words: sent.append(text))
    return sent


@pytest.fixture
def opened() -> Opened:
    person = PersonFactory.create(
        first_name="Odette",
        last_name="Lefèvre",
        email="odette@example.org",
        phone="0612345678",
        address="14 rue des Lavandières",
    )
    return windows(now=timezone.now(), person=person)


def at(opened: Opened, name: str, *more: Any) -> str:
    return reverse(f"web:tracking{name}", args=[opened.secret, *more])


def a_file(name: str = "plan.pdf", data: bytes = PLAN) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def confirm(client: Client, opened: Opened, letters: list[str], **more: str) -> Any:
    client.post(at(opened, "-confirm"), {"send": "1"})
    [digits] = re.findall(r"^ +(\d{3} \d{3})$", letters[-1], re.MULTILINE)
    return client.post(at(opened, "-confirm"), {"code": digits, **more})


def test_a_document_asks_for_the_six_digits_and_then_is_saved(
    client: Client, opened: Opened, letters: list[str]
):
    kept = actions.attach(opened.case, name="plan.pdf", kind="", data=PLAN, now=timezone.now())
    address = at(opened, "-file", kept.pk)
    before = client.get(address)

    answer = confirm(client, opened, letters, remember="on")

    assert before.url == at(opened, "-confirm")
    assert client.get(address).content == PLAN
    cookie = answer.cookies["parvis-suivi"]
    assert cookie["httponly"]
    assert (cookie["path"], cookie["max-age"]) == ("/suivi/", 30 * 24 * 3600)


def test_a_device_that_is_not_to_be_remembered_keeps_it_until_it_is_closed(
    client: Client, opened: Opened, letters: list[str]
):
    answer = confirm(client, opened, letters)

    assert answer.cookies["parvis-suivi"]["max-age"] == ""


def test_another_device_is_asked_again(client: Client, opened: Opened, letters: list[str]):
    confirm(client, opened, letters)

    assert Client().get(at(opened, "-details")).status_code == 302


def test_a_wrong_code_lets_nobody_in(client: Client, opened: Opened, letters: list[str]):
    client.post(at(opened, "-confirm"), {"send": "1"})
    sent = re.findall(r"^ +(\d{3}) \d{3}$", letters[-1], re.MULTILINE)[0]

    answer = client.post(at(opened, "-confirm"), {"code": "000000" if sent != "000" else "999999"})

    assert answer.status_code == 409
    assert "parvis-suivi" not in answer.cookies


def test_an_internal_document_is_on_no_page(client: Client, opened: Opened, letters: list[str]):
    actions.add_note(opened.case, agent=nadia(), now=timezone.now(), text="x", reason="privacy")
    entry = opened.case.entries.get(kind="note")
    kept = actions.attach(
        opened.case, name="x.pdf", kind="", data=PLAN, now=timezone.now(), agent=nadia(),
        entry=entry,
    )  # fmt: skip
    confirm(client, opened, letters)

    assert client.get(at(opened, "-file", kept.pk)).status_code == 404


def test_of_a_sensitive_service_the_page_shows_nothing_before_the_code(
    client: Client, opened: Opened, letters: list[str]
):
    service = planning()
    service.is_sensitive = True
    service.save()
    pages = [client.get(at(opened, name)) for name in ("", "-slip", "-call", "-link")]
    locked = client.get(at(opened, "-confirm")).content.decode()

    confirm(client, opened, letters)

    assert {page.status_code for page in pages} == {302}
    assert opened.case.title not in locked
    assert opened.case.title in client.get(at(opened, "")).content.decode()


def test_without_an_address_the_page_says_where_it_can_be_checked(client: Client):
    opened = windows(now=timezone.now(), person=PersonFactory.create(email=""))

    words = client.get(at(opened, "-confirm")).content.decode()

    assert "02 61 91 00 42" in words
    assert 'name="send"' not in words


def test_the_code_of_the_slip_and_the_name_open_the_page(client: Client, opened: Opened):
    given = {"reference": opened.case.reference.lower(), "name": "LEFEVRE"}

    answer = client.post(reverse("web:follow"), given)

    assert answer.status_code == 302
    assert opened.case.title in client.get(answer.url).content.decode()
    assert opened.secret not in answer.url


def test_whatever_does_not_fit_gives_the_same_answer(client: Client, opened: Opened):
    stranger = AuthorityFactory.create(slug="tremalon", name="Trémalon", hostname="t.example")
    foreign = windows(now=timezone.now())
    type(foreign.case).objects.filter(pk=foreign.case.pk).update(authority=stranger)
    tries = [
        {"reference": opened.case.reference, "name": "Martin"},
        {"reference": "2222-222P", "name": "Martin"},
        {"reference": foreign.case.reference, "name": "Martin"},
        {"reference": "??", "name": "Martin"},
    ]

    answers = [client.post(reverse("web:follow"), one) for one in tries]

    pages = {
        answer.content.decode().replace(one["reference"], "").split("csrfmiddlewaretoken")[-1][90:]
        for answer, one in zip(answers, tries, strict=True)
    }
    assert {answer.status_code for answer in answers} == {422}
    assert len({page.replace("??", "") for page in pages}) == 1


def test_names_are_not_tried_one_after_the_other(client: Client, opened: Opened):
    given = {"reference": opened.case.reference, "name": "Martin"}
    for _n in range(5):
        client.post(reverse("web:follow"), given)

    assert client.post(reverse("web:follow"), given).status_code == 429


def test_the_person_makes_a_new_address_once_it_is_surely_them(
    client: Client, opened: Opened, letters: list[str]
):
    first = client.post(at(opened, "-renew"))
    confirm(client, opened, letters)

    answer = client.post(at(opened, "-renew"))

    assert first.url == at(opened, "-confirm")
    assert client.get(answer.url).status_code == 200
    assert client.get(at(opened, "")).status_code == 404


def test_the_person_shuts_the_page(client: Client, opened: Opened):
    assert client.get(at(opened, "-shut")).status_code == 405

    assert opened.case.authority.name in client.post(at(opened, "-shut")).content.decode()

    assert client.get(at(opened, "")).status_code == 404


def test_devices_are_forgotten(client: Client, opened: Opened, letters: list[str]):
    confirm(client, opened, letters)

    client.post(at(opened, "-forget"))

    assert client.get(at(opened, "-details")).status_code == 302


def test_a_new_address_of_the_person_is_kept(client: Client, opened: Opened, letters: list[str]):
    answer = confirm(client, opened, letters)
    assert answer.status_code == 302

    client.post(at(opened, "-details"), {"phone": "07 11 22 33 44", "address": "2 rue Basse"})

    opened.case.person.refresh_from_db()
    assert opened.case.person.address == "2 rue Basse"


def test_a_message_comes_with_documents(client: Client, opened: Opened):
    client.post(at(opened, "-message"), {"text": "Here.", "documents": [a_file(), a_file("b.pdf")]})

    kept = CaseFile.objects.filter(case=opened.case)
    assert [(file.name, file.entry.text) for file in kept] == [
        ("plan.pdf", "Here."), ("b.pdf", "Here."),
    ]  # fmt: skip


def test_a_document_alone_is_enough(client: Client, opened: Opened):
    answer = client.post(at(opened, "-message"), {"text": "", "documents": [a_file()]})

    assert (answer.status_code, CaseFile.objects.count()) == (302, 1)


def test_what_will_do_is_kept_when_something_else_will_not(client: Client, opened: Opened):
    script = a_file("script.pdf", b"<script>")
    refused = client.post(
        at(opened, "-message"), {"text": "Here.", "documents": [a_file(), script]}
    )
    page = refused.content.decode()
    [token] = re.findall(r'name="held" value="([^"]+)"', page)

    client.post(at(opened, "-message"), {"text": "Here.", "held": token})

    assert refused.status_code == 422
    assert "Here." in page
    assert "“script.pdf”" in page
    assert [file.name for file in CaseFile.objects.all()] == ["plan.pdf"]


def test_a_kept_document_is_of_no_use_for_another_case(client: Client, opened: Opened):
    script = a_file("script.pdf", b"<script>")
    refused = client.post(at(opened, "-message"), {"text": "a", "documents": [a_file(), script]})
    [token] = re.findall(r'name="held" value="([^"]+)"', refused.content.decode())
    other = windows(now=timezone.now())

    client.post(at(other, "-message"), {"text": "Here.", "held": [token, "forged"]})

    assert not CaseFile.objects.exists()


def test_too_many_documents_at_once_are_said(client: Client, opened: Opened):
    many = [a_file(f"{n}.pdf") for n in range(6)]

    answer = client.post(at(opened, "-message"), {"text": "Here.", "documents": many})

    assert answer.status_code == 422
    assert answer.content.decode().count('name="held"') == 5


def test_what_is_asked_for_is_sent_thing_by_thing(client: Client, opened: Opened):
    until = timezone.localdate() + timedelta(days=9)
    [item] = actions.ask_for_items(
        opened.case, agent=nadia(), now=timezone.now(), wanted=[Wanted("The plan")], until=until
    )
    address = at(opened, "-item", item.pk)
    empty = client.post(address)

    client.post(address, {"documents": a_file()})

    item.refresh_from_db()
    assert (empty.status_code, bool(item.sent_on)) == (422, True)
    assert "somebody looks at it" in client.get(at(opened, "")).content.decode()


def test_a_call_is_asked_for_and_withdrawn(client: Client, opened: Opened):
    moment = queries.moments_to_call(opened.case, timezone.now())[-1]
    asked = client.get(at(opened, "-call")).content.decode()
    client.post(
        at(opened, "-call"), {"moment": f"{moment.day} {moment.part}", "phone": "", "words": "Hi"}
    )
    call = CallBack.objects.get()

    client.post(at(opened, "-no-call"))

    assert "ending in 78" in asked
    assert "345678" not in asked
    assert call.phone == "0612345678"
    assert queries.promised_call(opened.case) is None


def test_a_complaint_is_received_and_its_day_is_on_the_page(client: Client, opened: Opened):
    client.post(at(opened, "-complaint"), {"words": "Nobody called.", "wanted": ""})

    words = client.get(at(opened, "")).content.decode()

    assert Complaint.objects.get().case == opened.case
    assert "Somebody who does not follow your request will look at it" in words


def test_promises_go_both_ways_and_a_human_is_one_click_away(client: Client, opened: Opened):
    words = client.get(at(opened, "")).content.decode()

    for expected in ("What we promise you", "What we need from you", 'id="parler"'):
        assert expected in words


def test_the_answer_comes_first(client: Client, opened: Opened):
    actions.close(opened.case, agent=nadia(), now=timezone.now(), text="You may begin.")

    words = client.get(at(opened, "")).content.decode()

    assert words.index("You may begin.") < words.index("What is awaited")


def test_a_page_opened_by_code_prints_no_key(client: Client, opened: Opened):
    given = {"reference": opened.case.reference, "name": "Lefèvre"}
    page = client.post(reverse("web:follow"), given).url

    slip = client.get(f"{page}fiche/").content.decode()

    assert "pv-slip" in slip
    assert "pv-qr" not in slip


def test_whoever_acts_for_the_person_has_no_power_over_their_link(client: Client, opened: Opened):
    made = mandated(opened.case)

    pages = {
        name: client.get(reverse(f"web:tracking{name}", args=[made.secret])).status_code
        for name in ("", "-link", "-call")
    }

    assert pages == {"": 200, "-link": 404, "-call": 200}
    assert client.post(reverse("web:tracking-shut", args=[made.secret])).status_code in {403, 404}
    assert client.get(at(opened, "")).status_code == 200
