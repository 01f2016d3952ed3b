import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from parvis.cases import actions as cases
from parvis.mail import posting
from parvis.mail.models import DeadAddress, OutgoingMail
from tests.mail.factories import NOON, ODETTE, box, first_mail, nadia, odettes_windows

pytestmark = pytest.mark.django_db


class Sink:
    """A mail server that notes what it hears, and says what it is told to say."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, list[str], bytes]] = []
        self.to_recipient = self.to_data = "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.to_data.startswith("250"):
            self.heard.append((envelope.mail_from.strip("<>"), envelope.rcpt_tos, envelope.content))
        return self.to_data


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Sink()
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    box()
    yield made
    controller.stop()


def owed() -> OutgoingMail:
    return first_mail(odettes_windows().case)


def test_a_receipt_leaves_from_nobody_and_can_be_answered(sink: Sink):
    mail = owed()

    assert posting.deliver(mail.pk, now=mail.next_at)

    [(sender, to, content)] = sink.heard
    letter = message_from_bytes(content)
    assert (sender, to) == ("", [ODETTE])
    assert letter["Message-ID"] == mail.message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Reply-To"] == mail.reply_to
    mail.refresh_from_db()
    assert (mail.state, mail.text) == ("sent", "")


def test_an_agents_message_has_a_return_path_of_its_own(sink: Sink):
    case = odettes_windows().case
    cases.write_to_person(case, agent=nadia(), now=NOON, text="Bonjour.")
    mail = OutgoingMail.objects.latest("pk")

    posting.deliver(mail.pk, now=mail.next_at)

    assert sink.heard[0][0] == posting.envelope_of(mail)
    assert "Auto-Submitted" not in message_from_bytes(sink.heard[0][2])


def test_what_was_sent_is_not_sent_again(sink: Sink):
    mail = owed()
    posting.deliver(mail.pk, now=mail.next_at)

    assert not posting.deliver(mail.pk, now=mail.next_at + timedelta(days=1))
    assert len(sink.heard) == 1


def test_a_busy_server_is_tried_again_later(sink: Sink):
    sink.to_data = "451 4.3.0 not now"
    mail = owed()
    posting.deliver(mail.pk, now=mail.next_at)

    mail.refresh_from_db()
    assert mail.state == "waiting"
    assert not posting.deliver(mail.pk, now=mail.next_at - timedelta(seconds=1))
    sink.to_data = "250 OK"
    assert posting.deliver(mail.pk, now=mail.next_at)
    assert len(sink.heard) == 1


def test_after_two_days_it_is_given_up_and_the_service_sees_it(sink: Sink):
    sink.to_data = "451 4.3.0 not now"
    mail = owed()
    first = mail.next_at
    while mail.state == "waiting":
        posting.deliver(mail.pk, now=mail.next_at)
        mail.refresh_from_db()

    assert mail.state == "given_up"
    assert mail.case is not None
    assert mail.case.unread_by_service
    assert timedelta(days=1) < mail.next_at - first < timedelta(days=4)


@pytest.mark.parametrize(
    ("said", "state", "is_dead"),
    [
        ("550 5.1.1 no such user", "bounced", True),
        ("550 no such user", "bounced", True),
        ("552 5.2.2 mailbox full", "waiting", False),
        ("550 5.7.1 we do not like you", "bounced", False),
        ("450 4.2.1 later", "waiting", False),
    ],
)
def test_what_the_server_says_of_an_address(sink: Sink, said: str, state: str, is_dead: bool):
    sink.to_recipient = said
    mail = owed()

    posting.deliver(mail.pk, now=mail.next_at)

    mail.refresh_from_db()
    assert mail.state == state
    assert DeadAddress.objects.exists() == is_dead


def test_without_a_server_nothing_is_lost(settings: Any):
    box()
    mail = owed()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    posting.deliver(mail.pk, now=mail.next_at)

    mail.refresh_from_db()
    assert mail.state == "waiting"


def test_names_are_forgotten_after_a_month_and_the_thread_is_not(sink: Sink):
    mail = owed()
    posting.deliver(mail.pk, now=mail.next_at)

    assert posting.forget(now=mail.next_at + timedelta(days=31)) == 1

    mail.refresh_from_db()
    assert (mail.to, mail.subject) == ("", "")
    assert mail.message_id


@pytest.mark.parametrize(
    ("to", "state"), [("a@b.c\r\nBcc: x@y.z", "bounced"), ("\ud800@example.org", "bounced")]
)
def test_one_mail_that_cannot_be_made_holds_up_nobody(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, to: str, state: str
):
    bad, good = owed(), owed()
    composed = posting.composed

    def with_odd_address(mail: OutgoingMail, *signed: Any) -> Any:
        mail.to = to if mail.pk == bad.pk else mail.to
        return composed(mail, *signed)

    monkeypatch.setattr(posting, "composed", with_odd_address)
    tried = posting.deliver_due(now=good.next_at)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (tried.count, good.state, bad.state) == (2, "sent", state)
    assert "Error" in bad.error


def test_a_fault_that_may_pass_is_tried_again(sink: Sink, monkeypatch: pytest.MonkeyPatch):
    mail = owed()
    monkeypatch.setattr(posting, "signature_of", lambda *_given: 1 / 0)

    posting.deliver(mail.pk, now=mail.next_at)

    mail.refresh_from_db()
    assert (mail.state, mail.error) == ("waiting", "ZeroDivisionError: division by zero")
