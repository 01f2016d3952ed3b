"""Django's WSGI application behind an ASGI server: one hop into a thread, one hop back.

A general bridge crosses between the loop and the thread for every part of a request and of its
answer. Here a request has arrived whole before it gets a thread, and an ordinary answer leaves
in one piece; with several busy threads each crossing waits for the interpreter's lock.
"""

import asyncio
import contextvars
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import IO, Any, Protocol

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]

MOMENT = 0.1  # seconds: who takes longer waits for something, and no longer counts
PIECE = 64 * 1024  # bytes of a long answer that leave at a time
REFUSED = "parvis.refused"  # in the environ: the body did not come, and with which status
PLAIN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class WsgiApplication(Protocol):
    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]: ...


class Turns:
    """Lets so many requests be computed at once; one that takes more than a moment makes room.

    A dozen threads that all compute only get in each other's way, at the interpreter and at the
    locks of the database: eight desks that call get a fifth more done three at a time. But what
    waits for a lock, or writes a year of figures, must not keep anybody else waiting.
    """

    def __init__(self, at_once: int) -> None:
        self._free = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and give it back: after the work, or before it after a moment."""
        await self._free.acquire()
        lent = [self._free]

        def give_back() -> None:
            if lent:
                lent.pop().release()

        moment = asyncio.get_running_loop().call_later(MOMENT, give_back)
        try:
            yield
        finally:
            moment.cancel()
            give_back()


class Threads:
    """Answers each request in one of so many threads, ``at_once`` of them computing.

    The same few threads do nearly everything, so that their connections stay warm; the others
    step in while some of the few wait.
    """

    def __init__(self, application: WsgiApplication, *, threads: int, at_once: int) -> None:
        self.application = application
        self.few = ThreadPoolExecutor(at_once, thread_name_prefix="page")
        self.others = ThreadPoolExecutor(max(threads - at_once, 1), thread_name_prefix="more")
        self.turns = Turns(at_once)
        self.at_once, self.busy = at_once, 0

    async def __call__(
        self, scope: Scope, body: IO[bytes], send: Send, *, refused: int = 0
    ) -> None:
        """Answer one request whose body is at hand, or was ``refused`` with a status."""
        loop = asyncio.get_running_loop()
        answer = _Answer(loop, send)
        environ = environ_of(scope, body)
        if refused:
            environ |= {REFUSED: refused, "CONTENT_LENGTH": "0"}
        # A fresh context: no request inherits the language that an earlier one set in its thread.
        context = contextvars.copy_context()
        async with self.turns.turn():
            with self._thread() as pool:
                rest = await loop.run_in_executor(
                    pool, context.run, answer.make, self.application, environ
                )
        await answer.end(rest)

    @contextmanager
    def _thread(self) -> Iterator[ThreadPoolExecutor]:
        if self.busy >= self.at_once:
            yield self.others
            return
        self.busy += 1
        try:
            yield self.few
        finally:
            self.busy -= 1


class _Answer:
    """The answer to one request, made in a thread and sent by the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self.loop, self.send = loop, send
        self.start: Message | None = None

    def make(self, application: WsgiApplication, environ: Environ) -> bytes:
        """In the thread: run the application; returns what is still to be sent."""
        parts = application(environ, self._start_response)
        try:
            waiting = bytearray()
            for part in parts:
                waiting += part
                if len(waiting) >= PIECE:
                    self._send_from_thread(bytes(waiting))
                    waiting.clear()
            return bytes(waiting)
        finally:
            if close := getattr(parts, "close", None):
                close()

    async def end(self, rest: bytes) -> None:
        """In the loop: send what is left, with the head unless it is on its way."""
        await self._send_head()
        await self.send({"type": "http.response.body", "body": rest, "more_body": False})

    def _start_response(
        self, status: str, headers: list[tuple[str, str]], _error: Any = None
    ) -> None:
        self.start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ],
        }

    def _send_from_thread(self, piece: bytes) -> None:
        # Waiting for it keeps a slow reader from filling our memory.
        asyncio.run_coroutine_threadsafe(self._send_piece(piece), self.loop).result()

    async def _send_piece(self, piece: bytes) -> None:
        await self._send_head()
        await self.send({"type": "http.response.body", "body": piece, "more_body": True})

    async def _send_head(self) -> None:
        if self.start is not None:
            start, self.start = self.start, None
            await self.send(start)


def environ_of(scope: Scope, body: IO[bytes]) -> Environ:
    """The request as PEP 3333 wants it."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if client := scope.get("client"):
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client[0], str(client[1])
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if "_" in name:
            continue  # X_Forwarded_For would pass for the header that only our proxy may write
        key = PLAIN.get(name) or "HTTP_" + name.upper().replace("-", "_")
        between = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    # The body has arrived whole, however it was cut on its way.
    if "HTTP_TRANSFER_ENCODING" in environ:
        del environ["HTTP_TRANSFER_ENCODING"]
        environ["CONTENT_LENGTH"] = str(body.seek(0, os.SEEK_END))
        body.seek(0)
    return environ


def is_for_us(scope: Scope) -> bool:
    """Whether the request names a host of this installation, as Django asks of pages."""
    hosts = [split_domain_port(given)[0] for given in _headers(scope, b"host")]
    return all(validate_host(host, settings.ALLOWED_HOSTS) for host in hosts)


def language_of(scope: Scope) -> str:
    """The language the sender reads best among ours, by what the browser says."""
    asked = ",".join(_headers(scope, b"accept-language")).lower()
    for code, _weight in parse_accept_lang_header(asked):
        with suppress(LookupError):
            return get_supported_language_variant(code)
    return str(settings.LANGUAGE_CODE)


def _headers(scope: Scope, wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted]
