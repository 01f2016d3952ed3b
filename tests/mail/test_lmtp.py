import smtplib
import socket
from typing import Any

import pytest
from django.db import DatabaseError

from parvis.mail import actions, lmtp
from parvis.mail.models import ReceivedMail
from tests.mail.factories import ADDRESS, box, raw


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_every_recipient_hears_its_own_answer(port: int, monkeypatch: pytest.MonkeyPatch):
    heard = []

    def keep(content: bytes, **given: Any) -> None:
        heard.append((content, given["envelope_from"], given["envelope_to"]))
        if given["envelope_to"].startswith("plus-tard"):
            raise DatabaseError

    monkeypatch.setattr(actions, "keep", keep)
    server = lmtp.Server("127.0.0.1", port)
    server.start()
    try:
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.ehlo()
            client.mail("a@example.org")
            for to in (ADDRESS, "plus-tard@x.example"):
                client.rcpt(to)
            client.docmd("DATA")
            client.send(raw().replace(b"\n", b"\r\n") + b"\r\n.\r\n")
            answers = [client.getreply()[0] for _recipient in range(2)]
            client.sendmail("", [ADDRESS], raw())
    finally:
        server.stop()

    assert answers == [250, 451]
    assert [(sender, to) for _content, sender, to in heard] == [
        ("a@example.org", ADDRESS), ("a@example.org", "plus-tard@x.example"), ("", ADDRESS)
    ]  # fmt: skip


@pytest.mark.django_db
def test_kept_is_said_once_it_is_kept(tmp_path: Any, settings: Any):
    settings.FILES = tmp_path
    box()

    assert lmtp.keep(raw(), "a@example.org", ADDRESS) == lmtp.KEPT
    assert lmtp.keep(b" ", "a@example.org", ADDRESS) == lmtp.NEVER
    assert ReceivedMail.objects.count() == 1
