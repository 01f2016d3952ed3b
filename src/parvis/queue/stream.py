"""Live updates of the halls: a plain ASGI application for ``/events/sites/{site}?screen=``.

Every client gets the whole snapshot first and again after each change, so that nothing depends
on a message that was missed. One hub per process computes a snapshot once per version for all
its clients; the database is only ever touched in its thread.
"""

import asyncio
import json
import logging
import random
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs

from parvis.queue.hub import Client, Hub

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

RETRY: Final = (1000, 3000)  # milliseconds; spread, so that 2,000 screens do not come at once
ADDRESS: Final = re.compile(r"^/events/sites/(?P<site>[A-Za-z0-9_-]{1,60})/?$")
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Stream:
    """The application; ``close`` lets a server stop without waiting for its clients."""

    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with the stream of one hall."""
        match = ADDRESS.match(scope["path"])
        if match is None:
            await refuse(send, 404, "Not found", "There are no events at this address.")
        elif scope["method"] not in {"GET", "HEAD"}:
            await refuse(send, 405, "Method not allowed", "Events can only be read.")
        else:
            asked = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
            screen = asked.get("screen", [""])[0][:60]
            await self._serve((match["site"], screen), scope["method"], receive, send)

    async def close(self) -> None:
        """Say goodbye to everybody."""
        await self.hub.close()

    async def _serve(
        self, where: tuple[str, str], method: str, receive: Receive, send: Send
    ) -> None:
        try:
            client = await self.hub.join(*where)
        except Exception:
            log.exception("the hall cannot be read")
            await refuse(send, 503, "Out of order", "The hall cannot be read at the moment.")
            return
        if client is None:
            await refuse(send, 404, "Not found", "There is no such site or display.")
            return
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            if method == "HEAD":
                await send({"type": "http.response.body", "body": b""})
            else:
                await _until_either_leaves(client, receive, send)
        finally:
            await self.hub.leave(client)


async def _until_either_leaves(client: Client, receive: Receive, send: Send) -> None:
    writing = asyncio.ensure_future(_write(client, send))
    leaving = asyncio.ensure_future(_wait_for_goodbye(receive))
    dropped = asyncio.ensure_future(client.dropped.wait())
    tasks = [writing, leaving, dropped]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _write(client: Client, send: Send) -> None:
    retry = random.randint(*RETRY)  # noqa: S311 - spreads load, guards nothing
    await _body(send, f"retry: {retry}\n\n".encode())
    while True:
        frame = await client.take()
        if frame is None:
            with suppress(Exception):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await _body(send, frame)


async def _body(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _wait_for_goodbye(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def refuse(send: Send, status: int, title: str, sentence: str) -> None:
    """Say no in the one format that programs read, without Django."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": sentence}
    body = json.dumps(told).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *([(b"connection", b"close")] if status in {408, 413} else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
