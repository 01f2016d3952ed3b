from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases.models import Case
from parvis.contacts.models import Contact
from parvis.feedback.models import Response
from parvis.queue.models import Ticket
from parvis.web.answering import type_key
from tests.cases.factories import nadia, works
from tests.organisations.factories import SiteFactory
from tests.web.factories import SECRET, visited

pytestmark = pytest.mark.django_db
TICKET = "web:ticket-answer"


@pytest.fixture
def contact() -> Contact:
    nadia()
    return visited(topic=works(), outcome="passed_on")


def ticket(secret: str = SECRET) -> str:
    return reverse(TICKET, args=[secret])


def test_yes_by_post_is_kept(client: Client, contact: Contact):
    answer = client.post(ticket(), {"solved": "yes", "satisfaction": "4"})

    response = Response.objects.get()
    assert answer.status_code == 302
    assert (response.contact, response.solved, response.satisfaction) == (contact, True, 4)


def test_a_mail_scanner_answers_nothing(client: Client, contact: Contact):
    words = client.get(ticket() + "?solved=yes").content.decode()

    assert "checked" in words
    assert Response.objects.count() == 0


def test_no_with_words_opens_a_case_and_shows_its_link_once(client: Client, contact: Contact):
    answer = client.post(
        ticket(), {"solved": "no", "text": "Nobody called", "reach": "02 61 91 00 77"}
    )

    case = Case.objects.get()
    assert answer.headers["Location"].startswith("/suivi/")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert (case.contact, case.description) == (contact, "Nobody called")
    assert case.person is not None
    assert case.person.phone == "0261910077"


def test_a_double_click_opens_one_case(client: Client, contact: Contact):
    data = {"solved": "no", "text": "Nobody called", "form_key": "k" * 20}

    client.post(ticket(), data)
    again = client.post(ticket(), data)

    assert Case.objects.count() == 1
    assert again.headers["Location"] == ticket()


def test_no_alone_is_an_answer_and_offers_to_take_it_up(client: Client, contact: Contact):
    client.cookies["django_language"] = "en"
    client.post(ticket(), {"solved": "no"})

    assert Case.objects.count() == 0
    assert "take it up again" in client.get(ticket()).content.decode()


def test_a_wrong_telephone_keeps_what_was_typed(client: Client, contact: Contact):
    answer = client.post(ticket(), {"solved": "no", "text": "My words", "reach": "no idea"})

    assert answer.status_code == 409
    assert "My words" in answer.content.decode()
    assert Response.objects.count() == Case.objects.count() == 0


def test_after_a_month_or_with_a_wrong_secret_nothing_is_known(client: Client):
    visited(now=timezone.now() - timedelta(days=31))

    late, wrong = client.get(ticket()), client.get(ticket("no-such-secret"))

    assert (late.status_code, wrong.status_code) == (404, 404)
    assert late.content == wrong.content


def kiosk(site: str = "orvanne-mairie") -> str:
    return reverse("web:kiosk-answer", args=[site])


@pytest.mark.parametrize("code", ["E 42", "e42", "E-042"])
def test_the_kiosk_takes_an_answer_by_the_code_of_today(
    client: Client, contact: Contact, code: str
):
    answer = client.post(kiosk(), {"code": code, "solved": "yes", "satisfaction": "5"})

    response = Response.objects.get()
    assert answer.status_code == 302
    assert (response.contact, response.via, response.satisfaction) == (contact, "kiosk", 5)


@pytest.mark.parametrize("code", ["E 41", "X 42", "", "E", "42"])
def test_the_kiosk_knows_no_other_code(client: Client, contact: Contact, code: str):
    assert client.post(kiosk(), {"code": code, "solved": "yes"}).status_code == 409
    assert Response.objects.count() == 0


def test_yesterdays_ticket_is_not_todays(client: Client):
    visited(now=timezone.now() - timedelta(days=1))

    assert client.post(kiosk(), {"code": "E 42", "solved": "yes"}).status_code == 409


def test_the_same_code_at_another_site_is_another_ticket(client: Client, contact: Contact):
    SiteFactory.create(slug="annexe", name="Annexe")

    assert client.post(kiosk("annexe"), {"code": "E 42", "solved": "yes"}).status_code == 409


def test_a_kiosk_answers_first_but_never_overrules(client: Client, contact: Contact):
    client.post(kiosk(), {"code": "E 42", "solved": "yes"})

    assert client.post(kiosk(), {"code": "E 42", "solved": "no"}).status_code == 409
    assert Response.objects.get().solved is True


def test_pressing_again_and_again_is_slowed_down(client: Client, contact: Contact):
    answers = [client.post(kiosk(), {"code": f"E {n}", "solved": "yes"}) for n in range(1, 14)]

    assert answers[-1].status_code == 429


def test_an_unknown_or_closed_site_has_no_kiosk(client: Client):
    SiteFactory.create(slug="ancien", is_active=False)

    assert client.get(kiosk("nulle-part")).status_code == 404
    assert client.get(kiosk("ancien")).status_code == 404


@pytest.mark.parametrize(
    ("before", "touched", "after"),
    [
        ("", "E", "E"),
        ("E", "4", "E4"),
        ("E4", "2", "E42"),
        ("E42", "erase", "E4"),
        ("E42", "X", "X"),
        ("", "4", ""),
        ("E 4", "2", "E42"),
        ("E12345", "6", "E12345"),
        ("<b>", "", "B"),
    ],
)
def test_the_keypad_types_a_code_without_any_script(before: str, touched: str, after: str):
    assert type_key(before, touched) == after


def test_the_keypad_page_shows_the_ticket(client: Client, contact: Contact):
    words = client.get(kiosk() + "?code=E4&touch=2").content.decode()

    assert 'value="E42"' in words


@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [("uk", "ltr", "Чи вирішено ваше питання?"), ("ar", "rtl", "هل حُلّ طلبك؟")],
)
def test_the_question_is_asked_in_the_language_of_the_ticket(
    client: Client, contact: Contact, language: str, direction: str, words: str
):
    Ticket.objects.update(language=language)

    for address in (ticket(), f"/ticket/{SECRET}/"):
        page = client.get(address).content.decode()

        assert f'<html lang="{language}" dir="{direction}"' in page
        assert words in page
        assert "obligatoires" not in page
        assert "réglée" not in page


def test_what_a_colleague_reads_of_an_answer_is_french(client: Client, contact: Contact):
    Ticket.objects.update(language="uk")

    client.post(ticket(), {"solved": "no", "text": "", "reach": "02 61 91 00 77"})

    assert Case.objects.get().description == "Ce n’est pas réglé."


@pytest.mark.parametrize(("language", "words"), [("ar", "لا نجد زيارة"), ("uk", "Сьогодні немає")])
def test_the_kiosk_refuses_a_ticket_in_the_language_of_its_page(
    client: Client, contact: Contact, language: str, words: str
):
    address = reverse("web:kiosk-answer", args=[contact.site.slug])

    answer = client.post(f"{address}?langue={language}", {"code": "Z99", "solved": "yes"})

    assert answer.status_code == 409
    assert words in answer.content.decode()
