"""ASGI entry point, one port for all: live events here, pages and API in Django's WSGI threads.

Django's own ASGI handler is left out on purpose: it serves pages ten times slower than this.
"""

import asyncio
import gc
import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from parvis.wsgi import application as pages_and_api  # sets Django up; must come first

from django.urls import get_resolver  # isort: skip
from parvis.assistant.stream import PREFIX, Talk  # isort: skip
from parvis.common.bodies import Bodies, Gone, Unfit, has_body, limits_of  # isort: skip
from parvis.common.bridge import Threads  # isort: skip
from parvis.queue.stream import Receive, Scope, Send, Stream  # isort: skip

THREADS = 12  # pages waiting for the database; each holds at most one connection
AT_ONCE = 3  # pages being computed

pages = Threads(pages_and_api, threads=THREADS, at_once=AT_ONCE)
events = Stream()
talk = Talk()
bodies = Bodies()

get_resolver().url_patterns  # noqa: B018 - with all views: the first visitor waits for none
# What is loaded by now lives as long as the process. Without this, every full collection looks at
# these quarter of a million objects again (80 ms), and everybody's answer waits for it.
gc.collect()
gc.freeze()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Send each request where it belongs."""
    if scope["type"] == "lifespan":
        await _live_and_stop(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"].startswith(PREFIX):
        await talk(scope, receive, send)
    elif scope["path"].startswith("/events/"):
        await events(scope, receive, send)
    else:
        await _page(scope, receive, send)


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    """Hand a request over once it has arrived whole: a slow sender must not hold a thread."""
    if not has_body(scope):
        return await pages(scope, io.BytesIO(), send)
    with bodies.one() as body:
        try:
            await body.fill(receive, limits_of(scope))
        except Unfit as unfit:
            return await pages(scope, io.BytesIO(), send, refused=unfit.status)
        except Gone:
            return
        await pages(scope, body.file, send)


async def _live_and_stop(receive: Receive, send: Send) -> None:
    await receive()
    with _goodbye_when_told_to_stop():
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await _close_streams()
    await send({"type": "lifespan.shutdown.complete"})


async def _close_streams() -> None:
    await asyncio.gather(events.close(), talk.close())


@contextmanager
def _goodbye_when_told_to_stop() -> Iterator[None]:
    """Close the streams at the signal: servers wait for open answers before lifespan.shutdown."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    closing: list[asyncio.Task[None]] = []

    def goodbye(number: int, frame: FrameType | None) -> None:
        # The loop hears of the signal by its own pipe all the same, so the server's handler runs.
        loop.call_soon_threadsafe(lambda: closing.append(loop.create_task(_close_streams())))
        usual = before[signal.Signals(number)]
        if callable(usual):
            usual(number, frame)

    try:
        for number in before:
            signal.signal(number, goodbye)
    except ValueError:  # not the main thread: no signal comes here, and none is to be heard
        yield
        return
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)
