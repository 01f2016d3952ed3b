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

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from parvis.common import bridge
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
        if not bridge.is_for_us(scope):
            sentence = _("This installation is not known by the name in the address.")
            await _say_no(scope, send, 400, _("Bad request"), sentence)
        elif match is None:
            sentence = _("There are no events at this address.")
            await _say_no(scope, send, 404, _("Not found"), sentence)
        elif scope["method"] not in {"GET", "HEAD"}:
            sentence = _("Events can only be read.")
            await _say_no(scope, send, 405, _("Method not allowed"), sentence)
        else:
            await self._serve(match["site"], scope, receive, send)

    async def close(self) -> None:
        """Say goodbye to everybody."""
        await self.hub.close()

    async def _serve(self, site: str, scope: Scope, receive: Receive, send: Send) -> None:
        asked = parse_qs(scope.get("query_string", b"").decode("ascii", "replace"))
        try:
            client = await self.hub.join(site, asked.get("screen", [""])[0][:60])
        except Exception:
            log.exception("the hall cannot be read")
            sentence = _("The hall cannot be read at the moment.")
            await _say_no(scope, send, 503, _("Out of order"), sentence)
            return
        if client is None:
            sentence = _("There is no such site or display.")
            await _say_no(scope, send, 404, _("Not found"), sentence)
            return
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            if scope["method"] == "HEAD":
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


async def _say_no(scope: Scope, send: Send, status: int, title: Any, sentence: Any) -> None:
    with override(bridge.language_of(scope)):
        told = str(title), str(sentence)
    await refuse(send, status, *told)


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
