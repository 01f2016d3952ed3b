"""Text messages: kept with what they tell of, tried again, forgotten once sent."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from parvis.common import gateways, sms
from parvis.common.errors import Refused
from parvis.common.models import OutgoingText

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
NUMBER = "+33612345678"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _to_a_file(settings: Any, tmp_path: Any) -> None:
    settings.SMS = {**settings.SMS, "BACKEND": "file", "FILE": str(tmp_path / "sms.jsonl")}


class Gateway(BaseHTTPRequestHandler):
    """Answers by the script of the test and remembers what it was told."""

    script: list[Any] = []
    heard: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        said = self.rfile.read(length).decode()
        self.heard.append({"path": self.path, "body": said, "headers": dict(self.headers)})
        step = self.script.pop(0) if self.script else 200
        if callable(step):
            step = step()
        self.send_response(step)
        if step == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_args: Any) -> None:
        """Not to the console."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[type[Gateway]]:
    Gateway.script, Gateway.heard = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS = {
        **settings.SMS,
        "BACKEND": "http",
        "URL": f"http://127.0.0.1:{server.server_port}/send",
        "BODY": '{"to": ["{to}"], "message": {"text": "{text}", "from": "{from}"}}',
        "TOKEN": "very-secret",
        "SENDER": "MAIRIE",
        "TIMEOUT": 1,
    }
    yield Gateway
    server.shutdown()
    server.server_close()


def sent(text: str = "Bientôt votre tour.", **more: Any) -> OutgoingText:
    given = {"authority_id": 1, "purpose": "alert", "now": NOON, **more}
    return sms.send("06 12 34 56 78", text, **given)


def after(row: OutgoingText, **later: float) -> OutgoingText:
    gateways.deliver(row.pk, now=NOON + timedelta(**later))
    row.refresh_from_db()
    return row


# Numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("06 12 34 56 78", NUMBER),
        ("06.12.34.56.78", NUMBER),
        ("+33 6 12 34 56 78", NUMBER),
        ("0033612345678", NUMBER),
        ("0692 12 34 56", "+262692123456"),
        ("+44 7700 900123", "+447700900123"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, number):
    assert sms.clean_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "12", "06 12 34 56", "abc", "+33 6 12 34 56 78 90 12 34", "٠٦"]
)
def test_what_is_no_number_is_refused_in_words(typed):
    with pytest.raises(Refused, match="06 12 34 56 78"):
        sms.clean_number(typed)


def test_a_masked_number_cannot_be_called():
    assert sms.masked(NUMBER) == "+336…78"
    assert sms.masked("123") == "…"


# The outbox


def test_a_message_goes_only_if_what_it_tells_of_holds():
    with transaction.atomic():
        sent()
        transaction.set_rollback(True)

    assert not OutgoingText.objects.exists()


def test_a_sent_message_is_forgotten_but_for_its_account(settings):
    row = after(sent())

    assert (row.state, row.to, row.text, row.to_masked) == ("sent", "", "", "+336…78")
    with open(settings.SMS["FILE"], encoding="utf-8") as lines:
        assert json.loads(lines.read()) == {"to": NUMBER, "text": "Bientôt votre tour."}


def test_a_message_is_handed_over_once_whoever_comes_again(settings):
    row = after(sent())

    assert gateways.deliver(row.pk, now=NOON) is None
    with open(settings.SMS["FILE"], encoding="utf-8") as lines:
        assert len(lines.readlines()) == 1


def test_of_two_workers_with_the_same_message_one_sends_it(monkeypatch):
    row = sent()
    told: list[str] = []

    def other_worker_is_faster(to: str, text: str) -> None:
        told.append(to)
        assert gateways.deliver(row.pk, now=NOON) is None

    monkeypatch.setitem(gateways.GATEWAYS, "file", other_worker_is_faster)
    after(row)

    assert told == [NUMBER]


def test_a_message_that_would_come_too_late_is_not_sent(settings):
    row = after(sent(not_after=NOON + timedelta(minutes=5)), minutes=6)

    assert (row.state, row.error, row.to) == ("given_up", "too late", "")


def test_the_console_shows_no_number(settings, capsys):
    settings.SMS = {**settings.SMS, "BACKEND": "console"}
    after(sent())

    assert "Bientôt" in (said := capsys.readouterr().out)
    assert NUMBER not in said


# A gateway over the web


def test_the_gateway_hears_number_words_sender_and_token(gateway):
    assert after(sent('Dites "oui" à {token}')).state == "sent"

    [heard] = gateway.heard
    assert json.loads(heard["body"]) == {
        "to": [NUMBER],
        "message": {"text": 'Dites "oui" à {token}', "from": "MAIRIE"},
    }
    assert heard["headers"]["Authorization"] == "Bearer very-secret"


def test_a_gateway_may_want_all_in_its_address(gateway, settings):
    address = settings.SMS["URL"] + "?to={to}&text={text}&key={token}"
    settings.SMS = {**settings.SMS, "URL": address, "BODY": ""}

    assert after(sent("À vous & merci")).state == "sent"
    [heard] = gateway.heard
    assert heard["path"] == (
        "/send?to=%2B33612345678&text=%C3%80%20vous%20%26%20merci&key=very-secret"
    )
    assert "Authorization" not in heard["headers"]


def test_a_gateway_in_trouble_is_tried_again_with_growing_pauses(gateway):
    gateway.script = [500, 503, 429, 200]
    row = after(sent())
    assert (row.state, row.attempts, row.next_at) == ("waiting", 1, NOON + timedelta(seconds=30))

    assert gateways.deliver(row.pk, now=NOON + timedelta(seconds=10)) is None  # not yet
    row = after(row, seconds=30)
    assert row.next_at == NOON + timedelta(seconds=150)
    row = after(after(row, minutes=10), minutes=30)

    assert (row.state, row.attempts) == ("sent", 4)


def test_a_message_is_given_up_in_the_end(gateway, caplog):
    gateway.script = [500] * 9
    row = sent()
    with caplog.at_level(logging.DEBUG):
        for hour in range(8):
            row = after(row, hours=hour)

    assert (row.state, row.attempts, row.to) == ("given_up", len(gateways.PAUSES) + 1, "")
    assert row.error == "the gateway answered 500"
    assert len(gateway.heard) == row.attempts
    assert NUMBER not in caplog.text
    assert "+336…78" in caplog.text


def test_a_refusal_is_not_repeated(gateway):
    gateway.script = [401]

    assert after(sent()).state == "given_up"


def test_a_slow_gateway_holds_nobody_longer_than_agreed(gateway):
    slow = threading.Event()
    gateway.script = [lambda: 200 + slow.wait(3)]
    row = after(sent())
    slow.set()

    assert (row.state, row.error) == ("waiting", "the gateway did not answer (TimeoutError)")


def test_a_gateway_that_is_not_there_is_tried_again(gateway, settings):
    settings.SMS = {**settings.SMS, "URL": "http://127.0.0.1:9/?to={to}"}

    assert after(sent()).state == "waiting"


def test_a_gateway_that_points_elsewhere_is_not_followed(gateway):
    gateway.script = [302]

    assert after(sent()).state == "waiting"
    assert [heard["path"] for heard in gateway.heard] == ["/send"]


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_only_web_addresses_are_spoken_to(gateway, settings, url):
    settings.SMS = {**settings.SMS, "URL": url}

    assert after(sent()).state in {"waiting", "given_up"}
    assert gateway.heard == []


# What the operator is told


def doctor(capsys: Any) -> str:
    with suppress(SystemExit):
        call_command("doctor")
    return str(capsys.readouterr().out)


def test_the_doctor_says_where_messages_go(gateway, capsys):
    said = doctor(capsys)

    assert "Text messages go to 127.0.0.1 (PARVIS_SMS_BACKEND=http)." in said
    assert "very-secret" not in said


@pytest.mark.parametrize(
    ("given", "trouble"),
    [
        ({"BACKEND": "pigeon"}, "No gateway for text messages is called 'pigeon'"),
        ({"BACKEND": "http", "URL": ""}, "have no gateway to go to"),
        ({"BACKEND": "http", "URL": "https://x", "BODY": "{"}, "is not JSON"),
        ({"BACKEND": "http", "URL": "https://x", "BODY": ""}, "would not be told"),
    ],
)
def test_the_doctor_finds_what_is_not_set_up(settings, capsys, given, trouble):
    settings.SMS = {**settings.SMS, **given}

    assert trouble in doctor(capsys)


def test_the_doctor_knows_of_messages_that_were_given_up(gateway, capsys, monkeypatch):
    gateway.script = [403]
    row = after(sent())
    OutgoingText.objects.filter(pk=row.pk).update(ended_at=datetime.now(UTC))

    assert "1 text messages were given up" in doctor(capsys)
