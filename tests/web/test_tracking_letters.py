import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.contacts.models import Person
from parvis.letters.models import RightRequest
from tests.cases.factories import nadia, procedure, windows, works
from tests.letters.factories import odette, sent
from tests.support.devices import sure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.FILES = tmp_path
    client.cookies["django_language"] = "en"


def silent(silence: str) -> str:
    procedure(silence=silence, topics=[works()])
    return windows(person=odette(), now=timezone.now() - timedelta(days=100)).secret


def test_a_letter_asks_for_the_six_digits(client: Client):
    opened = windows(person=odette())
    letter = sent(opened.case)

    got = client.get(reverse("web:tracking-letter", args=[opened.secret, letter.pk]))

    assert got.headers["Location"] == reverse("web:tracking-confirm", args=[opened.secret])


def test_a_letter_that_left_is_saved_from_the_page_of_its_person(client: Client):
    opened = windows(person=odette())
    letter = sent(opened.case)
    page = reverse("web:tracking", args=[opened.secret])
    address = reverse("web:tracking-letter", args=[opened.secret, letter.pk])
    sure(client, opened.case)

    got = client.get(address)

    assert address in client.get(page).content.decode()
    assert got.content.startswith(b"%PDF")
    assert got.headers["Content-Disposition"] == 'attachment; filename="D-2026-00001.pdf"'


def test_a_letter_of_another_case_is_not_found(client: Client):
    letter = sent(windows(person=odette()).case)
    other = windows(person=odette())
    sure(client, other.case)

    address = reverse("web:tracking-letter", args=[other.secret, letter.pk])

    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("silence", "kind", "words"),
    [("acceptance", "certificate", "Ask for the certificate"),
     ("rejection", "motives", "Ask for the reasons")],
)  # fmt: skip
def test_once_silence_has_spoken_the_person_asks_in_one_press(
    silence: str, kind: str, words: str, client: Client
):
    secret = silent(silence)
    page = reverse("web:tracking", args=[secret])
    before = client.get(page).content.decode()

    client.post(reverse("web:tracking-right", args=[secret]), {"kind": kind})

    after = client.get(page).content.decode()
    assert (words in before, words in after) == (True, False)
    assert RightRequest.objects.get().agent is None
    assert nadia().pk


def test_before_the_day_there_is_nothing_to_ask_for(client: Client):
    procedure(silence="acceptance", topics=[works()])
    secret = windows(person=odette(), now=timezone.now()).secret

    client.post(reverse("web:tracking-right", args=[secret]), {"kind": "certificate"})

    assert RightRequest.objects.count() == 0


def test_who_left_no_address_saves_a_letter_with_a_code_told_after_a_check(client: Client):
    opened = windows(person=odette(), now=timezone.now())
    assert opened.case.person is not None
    Person.objects.update(email="")
    letter = sent(opened.case)
    address = reverse("web:tracking-letter", args=[opened.secret, letter.pk])
    desk = Client()
    desk.cookies["django_language"] = "en"
    desk.force_login(nadia())
    say = {"reference": opened.case.reference, "name": str(opened.case.person)}

    unsure = desk.post(reverse("cases:identify"), say).headers["Location"].partition("?")[2]
    assert desk.post(f"{reverse('cases:speak-code')}?{unsure}").status_code == 404
    page = desk.post(reverse("cases:identify"), {**say, "identity": "on"}).headers["Location"]
    told = desk.post(f"{reverse('cases:speak-code')}?{page.partition('?')[2]}", follow=True)
    digits = re.search(r"Tell them: (\d{3}\s\d{3})", told.content.decode())
    assert digits is not None

    assert client.get(address).status_code == 302
    confirm = reverse("web:tracking-confirm", args=[opened.secret])
    assert "They told you a code?" in client.get(confirm).content.decode()
    client.post(confirm, {"code": digits.group(1)})

    assert client.get(address).headers["Content-Type"] == "application/pdf"
