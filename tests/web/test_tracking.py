import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.cases import actions
from parvis.cases.actions import Opened, Wanted
from parvis.cases.models import Case, CaseEntry
from parvis.common import files
from parvis.common.models import IdempotencyKey, JournalEntry
from parvis.common.redaction import HideSecrets, redact
from parvis.feedback.models import Response, Thanks
from tests.accounts.factories import rozenn
from tests.cases.factories import bruno, nadia, procedure, windows
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


def page(secret: str, name: str = "web:tracking") -> str:
    return reverse(name, args=[secret])


@pytest.fixture
def opened() -> Opened:
    return windows(now=timezone.now())


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def close(opened: Opened) -> None:
    actions.close(opened.case, agent=nadia(), now=timezone.now(), text="You may begin.")


def test_the_page_names_who_follows_and_who_stands_behind(english: Client, opened: Opened):
    answer = english.get(page(opened.secret))

    words = answer.content.decode()
    assert answer.status_code == 200
    for expected in ("Nadia Amrani", "Bruno Delcourt", "Planning", "02 61 91 00 42"):
        assert expected in words


def test_the_page_speaks_french_by_default(client: Client, opened: Opened):
    words = client.get(page(opened.secret)).content.decode()

    assert '<html lang="fr"' in words
    assert "Urbanisme" in words


def test_a_request_named_after_its_topic_is_named_in_the_readers_language(
    english: Client, opened: Opened
):
    topic = opened.case.topic
    Case.objects.update(title=topic.name)

    assert f"<h1>{topic.name_en}</h1>" in english.get(page(opened.secret)).content.decode()


def test_a_protected_name_is_nowhere_on_the_page(english: Client, opened: Opened):
    entry = nadia().entry
    entry.name_policy, entry.name_policy_until = "service", timezone.localdate()
    entry.name_policy_reason = entry.name_policy_author = "safety"
    entry.save()

    assert "Amrani" not in english.get(page(opened.secret)).content.decode()


def test_internal_lines_are_not_on_the_page(client: Client, opened: Opened):
    actions.add_note(
        opened.case, agent=nadia(), now=timezone.now(), text="neighbour called", reason="privacy"
    )

    assert "neighbour" not in client.get(page(opened.secret)).content.decode()


def test_the_page_tells_nobody_where_it_is(client: Client, opened: Opened):
    headers = client.get(page(opened.secret)).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Cache-Control"] == "no-store"


def test_looking_changes_nothing(client: Client, opened: Opened):
    close(opened)
    before = (CaseEntry.objects.count(), JournalEntry.objects.count())

    for address in (page(opened.secret), page(opened.secret) + "?solved=no&merci=1"):
        client.get(address)
        client.head(address)
    client.get(page(opened.secret, "web:tracking-slip"))

    opened.case.refresh_from_db()
    assert (CaseEntry.objects.count(), JournalEntry.objects.count()) == before
    assert (opened.case.state, Response.objects.count()) == ("closed", 0)


def test_what_does_not_open_answers_with_the_same_bytes(client: Client, opened: Opened):
    revoked = opened.secret
    actions.renew_link(opened.case, agent=nadia(), now=timezone.now())
    expired = windows(now=timezone.now() - timedelta(days=400))
    actions.close(
        expired.case, agent=nadia(), now=timezone.now() - timedelta(days=390), text="Done"
    )
    AuthorityFactory.create(slug="tremalon", name="Trémalon", hostname="tremalon.example")

    answers = [
        client.get(page(secret))
        for secret in ("unknown" * 4, revoked, expired.secret, "x" * 300, "é" * 20)
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_link_is_unknown_at_the_door_of_another_authority(
    client: Client, opened: Opened, settings: Any
):
    settings.ALLOWED_HOSTS = ["*"]
    stranger = rozenn().authority
    stranger.hostname = "tremalon.example"
    stranger.save(update_fields=["hostname"])

    here = client.get(page(opened.secret))
    there = client.get(page(opened.secret), headers={"host": "tremalon.example"})
    unknown = client.get(page("u" * 32), headers={"host": "tremalon.example"})

    assert (here.status_code, there.status_code) == (200, 404)
    assert there.content == unknown.content


def test_guessing_is_slowed_down_and_the_right_link_still_opens(client: Client, opened: Opened):
    statuses = [client.get(page(f"guess-{n:04}")).status_code for n in range(25)]

    assert statuses[:20] == [404] * 20
    assert statuses[-1] == 429
    assert client.get(page(opened.secret)).status_code == 200


def test_a_message_arrives_once_however_often_it_is_sent(client: Client, opened: Opened):
    data = {"text": "Here is the plan.", "form_key": "k" * 24}

    first = client.post(page(opened.secret, "web:tracking-message"), data)
    client.post(page(opened.secret, "web:tracking-message"), data)

    assert (first.status_code, first.headers["Location"]) == (302, page(opened.secret))
    assert opened.case.entries.filter(kind="message_in").count() == 1


def test_the_secret_is_kept_nowhere(client: Client, opened: Opened):
    client.post(
        page(opened.secret, "web:tracking-message"), {"text": "Hello", "form_key": "k" * 24}
    )

    rows = [str(row) for model in (IdempotencyKey, JournalEntry) for row in model.objects.values()]
    assert not any(opened.secret in row for row in rows)


def test_the_secret_is_in_no_log_line(
    client: Client, opened: Opened, caplog: pytest.LogCaptureFixture
):
    caplog.handler.addFilter(HideSecrets())
    with caplog.at_level(logging.DEBUG):
        client.get(page(opened.secret, "web:tracking-message"))
        client.get(page("never-was-a-secret-here"))

    assert opened.secret not in caplog.text
    assert "never-was-a-secret-here" not in caplog.text


def test_secrets_of_addresses_are_cut_out_of_lines():
    assert redact("Not Found: /suivi/abcdefgh123/fiche/") == "Not Found: /suivi/(secret)/fiche/"
    assert redact("/ticket/abcdefgh123/") == "/ticket/(secret)/"
    assert redact("/agent/dossiers/2345678/") == "/agent/dossiers/2345678/"


def test_an_empty_message_is_asked_for_again(client: Client, opened: Opened):
    answer = client.post(page(opened.secret, "web:tracking-message"), {"text": "  "})

    assert answer.status_code == 422
    assert opened.case.entries.filter(kind="message_in").count() == 0


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("facture.exe", b"MZ", "« facture.exe » n’est ni"),
        ("plan.pdf", b"not a PDF", "« plan.pdf » n’est ni"),
        ("vide.pdf", b"", "« vide.pdf » est vide."),
        ("long.pdf", b"%PDF-" + b"x" * files.LARGEST, "« long.pdf » est trop"),
    ],
)
def test_a_refused_file_is_told_where_the_eye_falls_and_the_words_are_kept(
    client: Client, opened: Opened, name: str, content: bytes, sentence: str
):
    plan = SimpleUploadedFile("bon.pdf", b"%PDF-1.4 plan")
    data = {"text": "Here it is.", "documents": [SimpleUploadedFile(name, content), plan]}

    answer = client.post(page(opened.secret, "web:tracking-message"), data)

    shown = answer.content.decode().replace("\xa0", " ")
    block = shown.partition('class="pv-problems"')[2].partition("</div>")[0]
    assert answer.status_code == 422
    assert "autofocus" in block
    assert "Un point à corriger" in block
    assert f'<a href="#message-file">{sentence}' in block
    assert "Here it is." in shown
    assert "bon.pdf, gardé" in shown


def test_only_the_file_is_to_be_corrected_when_it_was_all_that_was_sent(
    client: Client, opened: Opened
):
    data = {"text": "", "documents": SimpleUploadedFile("facture.exe", b"MZ")}

    answer = client.post(page(opened.secret, "web:tracking-message"), data)

    assert answer.content.decode().count('class="pv-problems"') == 1


def test_six_files_are_one_too_many(client: Client, opened: Opened):
    six = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4 " + bytes([n])) for n in range(6)]

    answer = client.post(page(opened.secret, "web:tracking-message"), {"documents": six})

    shown = answer.content.decode().replace("\xa0", " ")
    assert "Un point à corriger" in shown
    assert "5 documents à la fois" in shown
    assert "4.pdf, gardé" in shown


def test_too_many_messages_wait(client: Client, opened: Opened):
    answers = [
        client.post(page(opened.secret, "web:tracking-message"), {"text": f"n {n}"})
        for n in range(11)
    ]

    assert answers[-1].status_code == 429
    assert opened.case.entries.filter(kind="message_in").count() == 10


def test_a_post_from_a_page_without_referrer_is_taken(opened: Opened):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(
        page(opened.secret, "web:tracking-message"), {"text": "Hi"}, headers={"origin": "null"}
    )

    assert answer.status_code == 302


def test_thanks_reach_those_who_worked_on_it(client: Client, opened: Opened):
    actions.add_note(opened.case, agent=bruno(), now=timezone.now(), text="x", reason="y")

    client.post(page(opened.secret, "web:tracking-thanks"), {"words": "Merci", "may_be_shown": ""})

    thanks = Thanks.objects.get()
    assert {row.agent for row in thanks.recipients.all()} == {nadia(), bruno()}
    assert not thanks.may_be_shown


def test_a_second_thank_you_of_the_day_keeps_the_words(client: Client, opened: Opened):
    client.post(page(opened.secret, "web:tracking-thanks"), {"words": "Merci"})

    answer = client.post(page(opened.secret, "web:tracking-thanks"), {"words": "Encore merci"})

    assert answer.status_code == 409
    assert "Encore merci" in answer.content.decode()


def test_not_solved_reopens_with_the_same_person(client: Client, opened: Opened):
    close(opened)

    answer = client.post(
        page(opened.secret, "web:tracking-answer"),
        {"solved": "no", "satisfaction": "2", "text": "No letter came."},
    )

    opened.case.refresh_from_db()
    response = Response.objects.get()
    assert answer.status_code == 302
    assert (opened.case.state, opened.case.referent) == ("open", nadia())
    assert (response.solved, response.satisfaction) == (False, 2)
    assert opened.case.entries.last().text == "No letter came."


def test_solved_with_the_satisfaction(client: Client, opened: Opened):
    close(opened)

    client.post(page(opened.secret, "web:tracking-answer"), {"solved": "yes", "satisfaction": "5"})

    response = Response.objects.get()
    assert (response.solved, response.satisfaction, response.via) == (True, 5, "tracking")
    assert response.contact == opened.case.contact


def test_a_link_in_a_mail_only_ticks_the_box(english: Client, opened: Opened):
    close(opened)

    words = english.get(page(opened.secret) + "?solved=yes").content.decode()

    assert 'value="yes"' in words.split("checked")[0].rsplit("<input", 1)[1]
    assert Response.objects.count() == 0


def test_the_question_is_asked_once_the_case_is_answered(english: Client, opened: Opened):
    assert "Was it solved?" not in english.get(page(opened.secret)).content.decode()

    close(opened)

    assert "Was it solved?" in english.get(page(opened.secret)).content.decode()


def test_the_slip_carries_code_name_telephone_and_the_way_back(english: Client, opened: Opened):
    words = english.get(page(opened.secret, "web:tracking-slip")).content.decode()

    reference = opened.case.reference
    for expected in (f"{reference[:4]}-{reference[4:]}", "Nadia Amrani", "02 61 91 00 42", "<svg"):
        assert expected in words


@pytest.mark.parametrize("lines", [1, 30])
def test_the_page_costs_the_same_whatever_the_story(
    client: Client, opened: Opened, lines: int, django_assert_max_num_queries: Any
):
    for n in range(lines):
        actions.write_to_person(opened.case, agent=nadia(), now=timezone.now(), text=f"n {n}")

    with django_assert_max_num_queries(26):
        client.get(page(opened.secret))


def test_the_page_says_what_is_missing_and_what_silence_means():
    procedure()
    opened = windows(now=timezone.now())
    until = timezone.localdate() + timedelta(days=15)
    wanted = [Wanted("Le plan"), Wanted("Une photo", is_indispensable=False)]
    actions.ask_for_items(
        opened.case, agent=nadia(), now=timezone.now(), wanted=wanted, until=until
    )

    words = Client().get(reverse("web:tracking", args=[opened.secret])).content.decode()

    for said in ("Nous ne pouvons pas décider sans", "Utile", "2 mois", "encore à confirmer"):
        assert said in words


def test_whoever_has_an_answer_owes_nothing_more():
    opened = windows(now=timezone.now())
    wanted, until = [Wanted("Le plan")], timezone.localdate() + timedelta(days=15)
    actions.ask_for_items(
        opened.case, agent=nadia(), now=timezone.now(), wanted=wanted, until=until
    )
    actions.close(opened.case, agent=nadia(), now=timezone.now(), text="C’est accordé.")

    words = Client().get(reverse("web:tracking", args=[opened.secret])).content.decode()

    assert "Nous ne pouvons pas décider sans" not in words
    assert "Rien pour l’instant" in words


def test_without_a_procedure_nothing_is_said_of_silence():
    opened = windows(now=timezone.now())

    words = Client().get(reverse("web:tracking", args=[opened.secret])).content.decode()

    assert "Sans nouvelles de nous" not in words
