"""What is typed into an address, or sent by a program that is not a browser."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from parvis.common.middleware import KindErrors
from parvis.queue.models import Ticket
from tests.accounts.factories import ines
from tests.organisations.factories import AuthorityFactory
from tests.queue.factories import desk_of, town_hall

NUL = "%00"
pytestmark = pytest.mark.django_db


def is_kind(page: str) -> bool:
    return "Nous n’avons pas pu lire cette demande" in page


@pytest.mark.parametrize(
    "address", ["/ticket/%00/", "/suivi/a%00/", "/fiches/?q=%00", "/?lang=%00"]
)
def test_a_nul_character_in_an_address_is_answered_in_words(client: Client, address: str):
    AuthorityFactory.create()

    answer = client.get(address)

    assert answer.status_code == 400
    assert is_kind(answer.content.decode())


@pytest.mark.parametrize("field", ["topic", "priority", "form_key"])
def test_a_nul_character_in_a_form_changes_nothing(client: Client, field: str):
    site = town_hall()
    site.seasons.all().delete()
    desk_of(site)
    data = {"topic": "acte-naissance", field: "a\0b"}

    answer = client.post(f"/borne/{site.slug}/ticket/", data)

    assert answer.status_code == 400
    assert is_kind(answer.content.decode())
    assert not Ticket.objects.exists()


def test_a_number_beyond_all_counting_is_answered_in_words(rf: RequestFactory):
    answer = KindErrors(lambda _request: HttpResponse()).process_exception(
        rf.get("/"), OverflowError("date value out of range")
    )

    assert answer is not None
    assert answer.status_code == 400
    assert is_kind(answer.content.decode())


def test_the_last_day_of_the_calendar_is_a_day_without_visitors(client: Client):
    client.force_login(ines())

    answer = client.get("/agent/contacts/", {"day": "9999-12-31"})

    assert answer.status_code == 200


@pytest.mark.parametrize("wanted", ["accounts:profile", "-1", "//evil.example", "javascript:x"])
def test_what_is_no_address_of_ours_leads_nowhere(client: Client, wanted: str):
    AuthorityFactory.create()
    data = {"theme": "dark", "contrast": "system", "shortcuts": "on", "language": "fr"}

    answer = client.post("/affichage/", {**data, "next": wanted})

    assert (answer.status_code, answer["Location"]) == (302, "/affichage/")


def test_a_forged_host_gets_words_and_no_page(client: Client):
    answer = client.get("/", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert is_kind(answer.content.decode())
    assert "evil.example" not in answer.content.decode()


@pytest.mark.parametrize("method", ["FOO", "PUT", "TRACE", "OPTIONS"])
def test_a_method_that_no_page_has_is_refused(method: str):
    AuthorityFactory.create()

    answer = Client(enforce_csrf_checks=True).generic(method, "/")

    assert answer.status_code in {403, 405}


def test_a_form_of_three_megabytes_is_answered_in_words(client: Client):
    answer = client.post("/connexion/", {"username": "x" * 3_000_000})

    assert answer.status_code == 400
    assert is_kind(answer.content.decode())


def test_a_reload_of_an_address_for_buttons_only_says_what_to_do(client: Client):
    client.force_login(ines())

    answer = client.get("/agent/poste/suivant/", headers={"Accept-Language": "fr"})

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "Rien à montrer" in answer.content.decode()
