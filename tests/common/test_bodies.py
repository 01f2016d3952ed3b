"""How much may be sent to an address, and what whoever sends more is told."""

import asyncio
import importlib
import tempfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.common import bodies, files
from parvis.common.bodies import Bodies, Gone, Limits, Unfit, limits_of
from parvis.common.bridge import REFUSED
from tests.accounts.factories import ines
from tests.cases.factories import windows
from tests.organisations.factories import AuthorityFactory

MB = 1024 * 1024
FILES = b"multipart/form-data; boundary=x"


def sent(*pieces: bytes, leaves: bool = False) -> Any:
    """What the server gives of a body that came in these pieces."""
    messages = [{"type": "http.request", "body": one, "more_body": True} for one in pieces]
    end = "http.disconnect" if leaves else "http.request"
    coming = iter([*messages, {"type": end}])

    async def receive() -> Any:
        return next(coming)

    return receive


def filled(place: Bodies, receive: Any, *, size: int = 10 * MB) -> bytes:
    with place.one() as body:
        asyncio.run(body.fill(receive, Limits(size, 5)))
        return body.file.read()


def limit_at(path: str, kind: bytes = FILES) -> int:
    return limits_of({"path": path, "headers": [(b"content-type", kind)]}).size


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("web:tracking-message", ["secret"]),
        ("web:tracking-item", ["secret", 1]),
        ("cases:act", ["2345678", "message"]),
        ("letters:incoming", []),
        ("knowledge:attach", ["x"]),
    ],
)
def test_the_files_that_a_form_promises_may_come_and_a_little_more(name: str, args: list[Any]):
    promised = files.AT_ONCE * files.LARGEST

    assert limit_at(reverse(name, args=args)) > promised + files.LARGEST


@pytest.mark.parametrize("name", ["knowledge:exchange-import", "knowledge:imports"])
def test_an_archive_of_sheets_may_come(name: str):
    assert limit_at(reverse(name)) > 200 * MB


def test_elsewhere_the_limit_stays_small():
    message = reverse("web:tracking-message", args=["secret"])

    assert limit_at(reverse("web:front")) == bodies.FORM.size
    assert limit_at("/nowhere/") == bodies.FORM.size
    assert limit_at(message, b"application/x-www-form-urlencoded") == bodies.FORM.size


def test_a_long_body_lies_on_the_disk_while_it_is_read():
    place = Bodies(on_disk=4 * MB)

    with place.one() as body:
        asyncio.run(body.fill(sent(b"a" * MB, b"b" * MB), Limits(10 * MB, 5)))

        assert place.free == 2 * MB
        assert body.file.read() == b"a" * MB + b"b" * MB
    assert place.free == 4 * MB


def test_a_short_body_stays_in_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_a, **_k: pytest.fail("on the disk"))

    assert filled(Bodies(on_disk=0), sent(b"a=1", b"&b=2")) == b"a=1&b=2"


@pytest.mark.parametrize(("room", "status"), [(100 * MB, 413), (MB, 503)])
def test_what_is_too_much_is_read_to_its_end_and_kept_nowhere(room: int, status: int):
    place, receive = Bodies(on_disk=room), sent(*[b"x" * MB] * 5)

    with pytest.raises(Unfit) as unfit:
        filled(place, receive, size=3 * MB)

    assert unfit.value.status == status
    assert place.free == room
    with pytest.raises(RuntimeError):  # nothing is left to be read
        asyncio.run(receive())


def test_what_was_cut_off_is_nothing():
    with pytest.raises(Gone):
        filled(Bodies(), sent(b"half", leaves=True))


def test_a_body_that_is_too_slow_is_not_waited_for():
    async def receive() -> Any:
        await asyncio.sleep(5)

    async def fill() -> None:
        with Bodies().one() as body:
            await body.fill(receive, Limits(10, 0.01))

    with pytest.raises(Unfit) as unfit:
        asyncio.run(fill())

    assert unfit.value.status == 408


def test_the_dispatcher_hands_on_what_came_and_why_it_did_not(monkeypatch: pytest.MonkeyPatch):
    asgi = importlib.import_module("parvis.asgi")
    handed: list[Any] = []

    async def pages(scope: Any, body: Any, send: Any, *, refused: int = 0) -> None:
        handed.append((body.read(), refused))

    monkeypatch.setattr(asgi, "pages", pages)
    scope = {"type": "http", "path": "/", "headers": [(b"content-length", b"1")]}
    asyncio.run(asgi.application(scope, sent(b"a=1"), None))
    asyncio.run(asgi.application(scope, sent(*[b"x" * MB] * 11), None))
    asyncio.run(asgi.application({**scope, "headers": []}, None, None))
    asyncio.run(asgi.application(scope, sent(b"a", leaves=True), None))

    assert handed == [(b"a=1", 0), (b"", 413), (b"", 0)]


@pytest.mark.django_db
@pytest.mark.parametrize("status", [408, 413, 503])
def test_what_is_not_taken_gets_a_page_with_a_way_back(client: Client, status: int):
    secret = windows(now=timezone.now()).secret
    client.cookies["django_language"] = "en"
    address = reverse("web:tracking-message", args=[secret])

    answer = client.post(address, **{REFUSED: status})

    page = answer.content.decode()
    assert answer.status_code == status
    assert "nothing was recorded" in page.lower()
    assert f'href="{reverse("web:tracking", args=[secret])}"' in page
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.django_db
def test_the_way_back_leads_to_the_page_of_the_form(client: Client):
    client.force_login(ines())

    answer = client.post(
        "/agent/courrier/",
        headers={"referer": "http://testserver/agent/dossiers/"},
        **{REFUSED: 413},
    )

    assert 'href="/agent/dossiers/"' in answer.content.decode()


@pytest.mark.django_db
def test_a_program_reads_why_its_body_was_not_taken(client: Client):
    AuthorityFactory.create()

    answer = client.post("/api/v1/contacts", **{REFUSED: 413})

    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"
