import asyncio
import io
import threading
from typing import Any

from parvis.common import bridge
from parvis.common.bridge import PIECE, Threads, environ_of

SCOPE: dict[str, Any] = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/borne/mairié/",
    "query_string": b"q=a",
    "server": ("127.0.0.1", 8000),
    "client": ("127.0.0.1", 40000),
    "headers": [(b"host", b"localhost"), (b"content-length", b"3"), (b"content-type", b"text/x")],
}


def answer(application: Any, body: bytes = b"abc") -> list[Any]:
    """What the server is told to send for one request."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Threads(application, threads=1, at_once=1)(dict(SCOPE), io.BytesIO(body), send))
    return sent


def test_an_answer_leaves_in_one_piece_with_its_head():
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("201 Created", [("X-One", "é")])
        return [environ["wsgi.input"].read(), b"!", environ["QUERY_STRING"].encode()]

    head, body = answer(application)

    assert (head["status"], head["headers"]) == (201, [(b"x-one", "é".encode("latin-1"))])
    assert (body["body"], body["more_body"]) == (b"abc!q=a", False)


def test_a_long_answer_leaves_as_it_is_made_and_is_closed():
    class Parts(list[bytes]):
        closed = False

        def close(self) -> None:
            self.closed = True

    parts = Parts([b"x" * PIECE, b"y"])

    def application(environ: Any, start_response: Any) -> Parts:
        start_response("200 OK", [])
        return parts

    sent = answer(application)

    assert [message.get("more_body") for message in sent] == [None, True, False]
    assert b"".join(message.get("body", b"") for message in sent) == b"x" * PIECE + b"y"
    assert parts.closed


def test_the_request_is_told_as_wsgi_wants_it():
    scope = {**SCOPE, "headers": [*SCOPE["headers"], (b"cookie", b"a=1"), (b"cookie", b"b=2")]}

    environ = environ_of(scope, io.BytesIO(b"abc"))

    assert environ["PATH_INFO"].encode("latin-1").decode() == "/borne/mairié/"
    assert environ["CONTENT_LENGTH"] == "3"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"


def test_a_body_in_chunks_gets_its_length():
    environ = environ_of(
        {**SCOPE, "headers": [(b"transfer-encoding", b"chunked")]}, io.BytesIO(b"abcd")
    )

    assert environ["CONTENT_LENGTH"] == "4"


def test_a_header_that_would_pass_for_the_one_of_our_proxy_is_dropped():
    headers = [(b"x_forwarded_for", b"1.2.3.4"), (b"x-forwarded-for", b"5.6.7.8")]

    environ = environ_of({**SCOPE, "headers": headers}, io.BytesIO(b""))

    assert environ["HTTP_X_FORWARDED_FOR"] == "5.6.7.8"


def at_work(count: int, *, at_once: int, until: threading.Event, enough: int) -> int:
    """How many of so many requests were being computed together when ``enough`` were."""
    now, most, one_more = 0, 0, threading.Condition()

    def application(environ: Any, start_response: Any) -> list[bytes]:
        nonlocal now, most
        with one_more:
            now += 1
            most = max(most, now)
            if now >= enough:
                until.set()
        until.wait(10)
        with one_more:
            now -= 1
        start_response("200 OK", [])
        return [b""]

    async def send(_message: Any) -> None:
        pass

    async def all_of_them() -> None:
        pages = Threads(application, threads=count, at_once=at_once)
        await asyncio.gather(*(pages(dict(SCOPE), io.BytesIO(), send) for _ in range(count)))

    asyncio.run(all_of_them())
    return most


def test_no_more_than_their_turns_are_computed_at_once(monkeypatch):
    monkeypatch.setattr(bridge, "MOMENT", 60)
    ended = threading.Event()
    threading.Timer(0.2, ended.set).start()

    assert at_work(8, at_once=2, until=ended, enough=99) == 2


def test_who_waits_for_a_lock_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(bridge, "MOMENT", 0.01)

    assert at_work(8, at_once=2, until=threading.Event(), enough=8) == 8


def test_a_turn_that_was_given_back_is_not_given_back_again(monkeypatch):
    monkeypatch.setattr(bridge, "MOMENT", 0.01)

    async def one_after_the_other() -> bool:
        turns = bridge.Turns(1)
        async with turns.turn():
            await asyncio.sleep(0.05)
        monkeypatch.setattr(bridge, "MOMENT", 60)
        async with turns.turn():
            return turns._free.locked()

    assert asyncio.run(one_after_the_other())
