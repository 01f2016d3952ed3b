from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.cases.models import Case
from parvis.mail.models import OutgoingMail
from tests.accounts.factories import ines
from tests.cases.factories import nadia, said_why, works
from tests.mail.factories import (
    ADDRESS,
    apart,
    box,
    came,
    first_mail,
    odettes_windows,
    raw,
    waiting,
)
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Any, settings: Any) -> None:
    settings.FILES = tmp_path


@pytest.fixture
def reception(client: Client) -> Client:
    client.force_login(ines())
    client.cookies["django_language"] = "en"
    return client


def page(client: Client, name: str, *args: Any, status: int = 200) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == status
    return answer.content.decode()


def test_reception_sees_what_waits_and_why_what_is_apart(reception: Client):
    mail = apart()
    waiting(message_id="<2@x>", subject="Horaires")

    assert "Horaires" in page(reception, "mail:inbox")
    shown = reception.get(reverse("mail:inbox"), {"rayon": "a-part"}).content.decode()
    assert "not known to it" in shown
    assert "Let it through" in page(reception, "mail:message", mail.pk)


def test_a_message_is_put_with_its_case_by_its_reference(reception: Client):
    mail = waiting()
    case = odettes_windows().case

    wrong = reception.post(reverse("mail:attach", args=[mail.pk]), {"reference": "AAAA-AAAA"})
    right = reception.post(reverse("mail:attach", args=[mail.pk]), {"reference": case.reference})

    mail.refresh_from_db()
    assert wrong.status_code == 422
    assert right.status_code == 302
    assert mail.case == case


def test_a_case_is_opened_from_the_page(reception: Client):
    mail = waiting(subject="Six fenêtres")
    nadia()
    topic = works()

    answer = reception.post(reverse("mail:open", args=[mail.pk]), {"topic": topic.pk})
    assert answer.status_code == 302, answer.content.decode()

    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("cases:case", args=[case.reference])


def test_an_answer_that_is_refused_keeps_its_words(reception: Client):
    mail = waiting()
    topic = works()  # of level two: not for reception to settle

    answer = reception.post(
        reverse("mail:answer", args=[mail.pk]),
        {"reponse-topic": topic.pk, "reponse-text": "Voici ma réponse."},
    )

    assert answer.status_code == 422
    assert "Voici ma réponse." in answer.content.decode()
    assert not OutgoingMail.objects.filter(kind="answer").exists()


def test_setting_aside_leads_to_the_next_message(reception: Client):
    first = waiting()
    second = came(raw(message_id="<2@x>"))

    answer = reception.post(
        reverse("mail:set-aside", args=[first.pk]), {"ecart-words": "Publicité."}
    )

    assert answer.headers["Location"] == reverse("mail:message", args=[second.pk])


def test_a_page_sent_as_mail_runs_and_loads_nothing(reception: Client):
    box()
    mail = came(
        raw(
            text='<p>Oui</p><img src="https://example.net/x"><script>alert(1)</script>'
            '<a href="javascript:x">ici</a>',
            Content_Type="text/html",
        )
    )

    shown = page(reception, "mail:message", mail.pk)

    assert "example.net/x" not in shown
    assert "alert(1)" not in shown
    assert "javascript:" not in shown
    assert "nobody learns" in shown


def test_files_and_the_message_itself_are_only_saved(reception: Client):
    box()
    body = '--b\n\nVoici.\n--b\nContent-Type: text/html; name="x.html"\n\n<script>\n--b--\n'
    mail = came(raw(text=body, Content_Type='multipart/mixed; boundary="b"'))

    for address in (
        reverse("mail:file", args=[mail.pk, 0]), reverse("mail:original", args=[mail.pk])
    ):  # fmt: skip
        answer = reception.get(address)
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_sealed_case_that_is_named_stays_unnamed(reception: Client):
    mail = apart()
    assert mail.claimed is not None
    mail.claimed.service.is_sensitive = True
    mail.claimed.service.save()

    shown = page(reception, "mail:message", mail.pk)

    assert mail.claimed.title not in shown
    assert "keeps its cases to itself" in shown


def test_the_mails_of_a_case_show_what_did_not_arrive(reception: Client):
    box()
    case = odettes_windows().case
    OutgoingMail.objects.update(state="bounced", ended_at=case.opened_at, error="5.1.1 inconnu")

    said_why(ines(), case)
    assert "5.1.1 inconnu" in page(reception, "mail:of-case", case.reference)
    assert reverse("mail:of-case", args=[case.reference]) in page(
        reception, "cases:case", case.reference
    )


def test_a_fresh_link_is_sent_from_the_case(client: Client):
    box()
    case = odettes_windows().case
    client.force_login(nadia())

    client.post(reverse("mail:send-link", args=[case.reference]))

    assert OutgoingMail.objects.filter(kind="link", carries_link=True).exists()


def test_an_address_is_kept_by_the_administrator(client: Client):
    given = box()
    admin = nadia(roles=["ADM"])
    client.force_login(admin)

    refused = client.post(
        reverse("mail:box-new"), {"address": "no-reply@x.example", "service": given.service_id}
    )
    client.post(
        reverse("mail:box", args=[given.pk]),
        {"address": ADDRESS, "service": given.service_id, "keeper": "", "is_active": "on"},
    )

    given.refresh_from_db()
    assert refused.status_code == 422
    assert given.keeper is None
    assert AuthorityFactory.create().mailboxes.count() == 1


def test_the_message_of_the_case_says_where_it_is(reception: Client):
    box()
    case = odettes_windows().case
    mail = came(raw(sender="odette@example.org", In_Reply_To=first_mail(case).message_id))

    assert case.title in page(reception, "mail:message", mail.pk)
