"""ASGI entry point, one port for all: live events here, pages and API in Django's WSGI threads.

Django's own ASGI handler is left out on purpose: it serves pages ten times slower than this.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from a2wsgi import WSGIMiddleware

from parvis.wsgi import application as pages_and_api  # sets Django up; must come first

from parvis.queue.stream import Message, Receive, Scope, Send, Stream  # isort: skip

THREADS = 12  # pages waiting for the database; each holds at most one connection

pages = WSGIMiddleware(pages_and_api, workers=THREADS)
events = Stream()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Send each request where it belongs."""
    if scope["type"] == "lifespan":
        await _live_and_stop(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/events/"):
        await events(scope, receive, send)
    else:

        async def receive_in_coroutine() -> Message:
            return await receive()  # granian's own is awaitable, but a2wsgi wants a coroutine

        await pages(scope, receive_in_coroutine, send)


async def _live_and_stop(receive: Receive, send: Send) -> None:
    await receive()
    with _goodbye_when_told_to_stop():
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await events.close()
    await send({"type": "lifespan.shutdown.complete"})


@contextmanager
def _goodbye_when_told_to_stop() -> Iterator[None]:
    """Close the streams at the signal: servers wait for open answers before lifespan.shutdown."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    closing: list[asyncio.Task[None]] = []

    def goodbye(number: int, frame: FrameType | None) -> None:
        # The loop hears of the signal by its own pipe all the same, so the server's handler runs.
        loop.call_soon_threadsafe(lambda: closing.append(loop.create_task(events.close())))
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
