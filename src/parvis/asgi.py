"""ASGI entry point, one port for all: live events here, pages and API in Django's WSGI threads.

Django's own ASGI handler is left out on purpose: it serves pages ten times slower than this.
"""

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
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await events.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
