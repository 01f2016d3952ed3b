import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from parvis.mail import actions
from parvis.mail.management.commands import mail as command
from parvis.mail.models import ReceivedMail
from tests.mail.factories import ADDRESS, box, raw

pytestmark = pytest.mark.django_db


def hand_over(content: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    class Input:
        buffer = io.BytesIO(content)

    monkeypatch.setattr(command.sys, "stdin", Input())
    with pytest.raises(SystemExit) as ended:
        call_command("mail", "receive", "--from", "a@example.org", "--to", ADDRESS)
    return int(ended.value.code or 0)


def test_a_message_through_a_pipe_is_kept(
    tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    settings.FILES = tmp_path
    box()

    assert hand_over(raw(), monkeypatch) == 0
    assert ReceivedMail.objects.get().way == "pipe"
    assert hand_over(b"", monkeypatch) == 65


@pytest.mark.parametrize("trouble", [DatabaseError, OSError, RuntimeError])
def test_the_mail_server_keeps_what_we_cannot(
    trouble: type[Exception], monkeypatch: pytest.MonkeyPatch
):
    def fails(*args: Any, **kwargs: Any) -> None:
        raise trouble

    monkeypatch.setattr(actions, "keep", fails)

    assert hand_over(raw(), monkeypatch) == 75


def test_the_status_counts_what_came(capsys: pytest.CaptureFixture[str]):
    call_command("mail", "status")

    assert "0" in capsys.readouterr().out
