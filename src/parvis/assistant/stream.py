"""Live updates of conversations: a plain ASGI application for ``/events/assistant/{token}``.

A message says only that something changed; pages fetch what they show by themselves, so nothing
depends on one that was missed, and nothing that was said travels here. The token is signed and
given out by the pages: whoever may read a conversation may hear that it changed. One watch per
process looks at what is open, in a thread of its own, as long as somebody listens.
"""

import asyncio
import json
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from django.core.signing import BadSignature, TimestampSigner
from django.db import close_old_connections, connection
from django.utils import timezone

from parvis.assistant.queries import changes
from parvis.common import bridge

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PREFIX: Final = "/events/assistant/"
VALID: Final = 12 * 3600  # seconds: a page open for longer is loaded afresh some time
LOOK_EVERY: Final = 0.4  # seconds between two looks
STILL_HERE: Final = 10.0  # seconds without a word before proxies take us for dead
RETRY: Final = (1000, 3000)  # milliseconds; spread, so that not all come back at once
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_signer = TimestampSigner(salt="parvis.assistant.stream")


def address(kind: str, pk: int) -> str:
    """Where a page hears of changes: of a conversation, or of the line of an authority."""
    return PREFIX + _signer.sign(f"{kind}.{pk}")


def _meant(path: str) -> changes.Watched | None:
    try:
        kind, _dot, pk = _signer.unsign(path.removeprefix(PREFIX), max_age=VALID).partition(".")
    except BadSignature:
        return None
    return changes.Watched(kind, int(pk))


class Talk:
    """The application; ``close`` lets a server stop without waiting for its clients."""

    def __init__(self) -> None:
        self._waiting: dict[changes.Watched, set[asyncio.Queue[str | None]]] = defaultdict(set)
        self._known: dict[changes.Watched, str] = {}
        self._watch: asyncio.Task[None] | None = None
        self._thread: ThreadPoolExecutor | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the changes of what its token names."""
        watched = _meant(scope["path"])
        if watched is None or scope["method"] != "GET" or not bridge.is_for_us(scope):
            await _refuse(send)
            return
        mailbox: asyncio.Queue[str | None] = asyncio.Queue()
        self._waiting[watched].add(mailbox)
        if watched in self._known:
            mailbox.put_nowait(self._known[watched])
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._look_for_ever())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _until_either_leaves(mailbox, receive, send)
        finally:
            self._leave(watched, mailbox)

    async def close(self) -> None:
        """Say goodbye to everybody."""
        for mailboxes in self._waiting.values():
            for mailbox in mailboxes:
                mailbox.put_nowait(None)
        self._stop()
        if self._thread is not None:
            with suppress(Exception):
                await asyncio.wait_for(self._in_thread(connection.close), 2)
            self._thread.shutdown(wait=False)
            self._thread = None

    def _leave(self, watched: changes.Watched, mailbox: "asyncio.Queue[str | None]") -> None:
        self._waiting[watched].discard(mailbox)
        if not self._waiting[watched]:
            del self._waiting[watched]
            self._known.pop(watched, None)
        if not self._waiting:
            self._stop()

    def _stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def _look_for_ever(self) -> None:
        while True:
            try:
                found = await self._in_thread(_versions, frozenset(self._waiting))
                for watched, version in found.items():
                    self._tell(watched, version)
            except Exception:
                log.warning("conversations cannot be read; trying again", exc_info=True)
                await asyncio.sleep(1)
            await asyncio.sleep(LOOK_EVERY)

    def _tell(self, watched: changes.Watched, version: str) -> None:
        if watched not in self._waiting or self._known.get(watched) == version:
            return
        self._known[watched] = version
        for mailbox in self._waiting[watched]:
            mailbox.put_nowait(version)

    async def _in_thread(self, job: Callable[..., Any], *args: Any) -> Any:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="parvis-talk")
        return await asyncio.get_running_loop().run_in_executor(self._thread, job, *args)


def _versions(watched: Collection[changes.Watched]) -> dict[changes.Watched, str]:
    close_old_connections()  # a connection that the database dropped is replaced
    now: datetime = timezone.now()
    return changes.versions(watched, now)


async def _until_either_leaves(
    mailbox: "asyncio.Queue[str | None]", receive: Receive, send: Send
) -> None:
    tasks = [
        asyncio.ensure_future(_write(mailbox, send)),
        asyncio.ensure_future(_wait_for_goodbye(receive)),
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _write(mailbox: "asyncio.Queue[str | None]", send: Send) -> None:
    retry = random.randint(*RETRY)  # noqa: S311 - spreads load, guards nothing
    await _body(send, f"retry: {retry}\n\n")
    while True:
        try:
            version = await asyncio.wait_for(mailbox.get(), STILL_HERE)
        except TimeoutError:
            await _body(send, ": still here\n\n")
            continue
        if version is None:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await _body(send, f"event: display\nid: {version}\ndata: {{}}\n\n")


async def _body(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _wait_for_goodbye(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send) -> None:
    told = {"type": "about:blank", "title": "Not found", "status": 404,
            "detail": "There are no events at this address."}  # fmt: skip
    body = json.dumps(told).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": body})
