"""The stream of a hall: snapshot first, every change after, nobody waits for a slow screen."""

import asyncio
import importlib
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from parvis.queue import actions, hub
from parvis.queue.hub import Hub
from parvis.queue.stream import Stream
from tests.accounts.factories import ines
from tests.queue.factories import ScreenFactory, canteen, desk_of, town_hall

SOON = 4.0


class Screen:
    """A client of the stream, without any network."""

    def __init__(
        self, app: Stream, path: str, *, method: str = "GET", query: bytes = b"", headers: Any = ()
    ) -> None:
        self.scope = {
            "type": "http",
            "path": path,
            "query_string": query,
            "method": method,
            "headers": list(headers),
        }
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.gone = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()
        self.task = asyncio.ensure_future(app(self.scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.reads.wait()
        self.sent.put_nowait(message)

    async def message(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.sent.get(), SOON)

    async def display(self) -> dict[str, Any]:
        """The next snapshot, with the id under which it came."""
        while True:
            text = (await self.message())["body"].decode()
            if text.startswith("event: display"):
                fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
                return {**json.loads(fields["data"]), "id": int(fields["id"])}


@asynccontextmanager
async def screen(
    app: Stream, path: str = "/events/sites/orvanne-mairie", **asked: Any
) -> AsyncIterator[Screen]:
    client = Screen(app, path, **asked)
    try:
        yield client
    finally:
        client.gone.set()
        await asyncio.wait_for(client.task, SOON)


def run(journey: Callable[[Stream], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        app = Stream(Hub())
        try:
            await journey(app)
        finally:
            await app.close()

    asyncio.run(whole())


@pytest.fixture
def desk(shared_database: None) -> Any:
    return desk_of(town_hall())


def issue(desk: Any) -> None:
    actions.issue_ticket(
        desk.site, desk.topics.get(), now=timezone.now(), source="agent", actor=ines()
    )


def call(desk: Any) -> str:
    called = actions.call_next(desk, agent=ines(), now=timezone.now())
    assert called is not None
    return called.ticket.code


async def in_thread(job: Callable[..., Any], *args: Any) -> Any:
    def closing() -> Any:
        try:
            return job(*args)
        finally:
            connection.close()

    return await asyncio.to_thread(closing)


def test_the_snapshot_comes_first(desk):
    issue(desk)
    code = call(desk)

    async def journey(app: Stream) -> None:
        async with screen(app) as client:
            start = await client.message()
            assert start["status"] == 200
            assert (b"content-type", b"text/event-stream; charset=utf-8") in start["headers"]
            assert (await client.message())["body"].startswith(b"retry: ")
            shown = await client.display()
            assert [one["code"] for one in shown["calls"]] == [code]
            assert shown["id"] == shown["version"] == 2

    run(journey)


def test_a_call_is_pushed_to_every_screen_of_the_hall(desk):
    issue(desk)

    async def journey(app: Stream) -> None:
        async with screen(app) as one, screen(app, f"/events/sites/{desk.site_id}") as two:
            for client in (one, two):
                await client.message()
                assert (await client.display())["calls"] == []
            code = await in_thread(call, desk)
            for client in (one, two):
                assert [c["code"] for c in (await client.display())["calls"]] == [code]

    run(journey)


def test_two_calls_at_once_are_both_on_the_screen(desk):
    other = desk_of(desk.site, "Guichet 2", [desk.topics.get()])
    issue(desk)
    issue(desk)

    async def journey(app: Stream) -> None:
        async with screen(app) as client:
            await client.message()
            await client.display()
            codes = {await in_thread(call, desk), await in_thread(call, other)}
            shown = await client.display()
            while len(shown["calls"]) < 2:
                shown = await client.display()
            assert {one["code"] for one in shown["calls"]} == codes

    run(journey)


def test_what_was_rolled_back_is_never_told(desk):
    def call_and_fail() -> None:
        with transaction.atomic():
            call(desk)
            transaction.set_rollback(True)

    issue(desk)

    async def journey(app: Stream) -> None:
        async with screen(app) as client:
            await client.message()
            await client.display()
            await in_thread(call_and_fail)
            await asyncio.sleep(0.6)
            assert client.sent.empty() or (await client.display())["calls"] == []

    run(journey)


def test_a_display_for_some_topics_is_told_of_these_only(desk):
    other = desk_of(desk.site, "Guichet 2", [canteen(desk.site)])
    screen_of_canteen = ScreenFactory.create(site=desk.site, slug="cantine")
    screen_of_canteen.topics.set(other.topics.all())
    issue(desk)
    issue(other)

    async def journey(app: Stream) -> None:
        async with screen(app, query=b"screen=cantine") as client:
            await client.message()
            assert (await client.display())["waiting"] == 1
            await in_thread(call, desk)
            code = await in_thread(call, other)
            shown = await client.display()
            while not shown["calls"]:
                shown = await client.display()
            assert [one["code"] for one in shown["calls"]] == [code]

    run(journey)


def test_displays_alike_share_one_snapshot_per_version(desk, monkeypatch):
    made: list[hub.Place] = []
    frame = hub._frame
    monkeypatch.setattr(hub, "_frame", lambda place: made.append(place) or frame(place))
    for slug in ("un", "deux"):
        ScreenFactory.create(site=desk.site, slug=slug).topics.set(desk.topics.all())

    async def journey(app: Stream) -> None:
        async with (
            screen(app, query=b"screen=un") as one,
            screen(app, query=b"screen=deux") as two,
            screen(app) as whole,
            screen(app) as again,
        ):
            for client in (one, two, whole, again):
                await client.message()
                await client.display()
            assert len(made) == 2
            await in_thread(issue, desk)
            for client in (one, two, whole, again):
                while (await client.display())["waiting"] == 0:
                    pass
            assert len(made) <= 5  # one more each, and a refresh at most

    run(journey)


def test_a_screen_that_slept_for_days_is_right_at_once(desk):
    issue(desk)
    code = call(desk)

    async def journey(app: Stream) -> None:
        headers = [(b"last-event-id", b"999999999")]
        async with screen(app, headers=headers) as client:
            await client.message()
            assert [one["code"] for one in (await client.display())["calls"]] == [code]

    run(journey)


def test_an_unknown_display_is_not_found(desk):
    async def journey(app: Stream) -> None:
        async with screen(app, query=b"screen=nulle-part") as client:
            assert (await client.message())["status"] == 404

    run(journey)


@pytest.mark.parametrize("path", ["/events/sites/nowhere", "/events/sites/99999", "/events/other"])
def test_an_unknown_site_is_not_found(desk, path):
    async def journey(app: Stream) -> None:
        async with screen(app, path) as client:
            assert (await client.message())["status"] == 404

    run(journey)


def test_a_name_that_is_not_ours_gets_no_events(desk):
    async def journey(app: Stream) -> None:
        async with screen(app, headers=[(b"host", b"evil.example")]) as client:
            assert (await client.message())["status"] == 400
        async with screen(app, headers=[(b"host", b"127.0.0.1:8000")]) as client:
            assert (await client.message())["status"] == 200

    run(journey)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [(b"fr-FR,fr;q=0.9", "Il n’y a pas"), (b"en", "There is no"), (b"tlh", "Il n’y a pas")],
)
def test_who_is_turned_away_is_told_in_their_language(desk, asked, sentence):
    async def journey(app: Stream) -> None:
        headers = [(b"accept-language", asked)]
        async with screen(app, "/events/sites/nowhere", headers=headers) as client:
            await client.message()
            told = json.loads((await client.message())["body"])
            assert told["detail"].startswith(sentence)

    run(journey)


def test_events_are_only_read(desk):
    async def journey(app: Stream) -> None:
        client = Screen(app, "/events/sites/orvanne-mairie", method="POST")
        assert (await client.message())["status"] == 405

    run(journey)


def test_a_screen_that_does_not_read_is_dropped_and_the_others_do_not_wait(desk, monkeypatch):
    monkeypatch.setattr(hub, "BEHIND", 2)

    async def journey(app: Stream) -> None:
        stuck = Screen(app, "/events/sites/orvanne-mairie")
        async with screen(app) as good:
            await good.message()
            await good.display()
            await stuck.message()
            stuck.reads.clear()
            for _ in range(5):
                await in_thread(issue, desk)
                await good.display()
            await asyncio.wait_for(stuck.task, SOON)
            assert len(app.hub.rooms[hub.Place(desk.site_id)].clients) == 1

    run(journey)


def test_nothing_watches_when_nobody_looks(desk):
    async def journey(app: Stream) -> None:
        async with screen(app) as client:
            await client.message()
            assert app.hub._watching
        assert not app.hub._watching
        assert not app.hub.rooms

    run(journey)


def test_stopping_says_goodbye_to_every_screen(desk):
    async def journey(app: Stream) -> None:
        client = Screen(app, "/events/sites/orvanne-mairie")
        await client.message()
        await client.display()
        await app.close()
        await asyncio.wait_for(client.task, SOON)

    run(journey)


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_screens_are_right_again_after_the_listening_connection_is_killed(desk):
    def kill() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'parvis-hall' AND datname = current_database()"
            )

    issue(desk)

    async def journey(app: Stream) -> None:
        async with screen(app) as client:
            await client.message()
            await client.display()
            await asyncio.sleep(0.3)
            await in_thread(kill)
            code = await in_thread(call, desk)
            shown = await client.display()
            while not shown["calls"]:
                shown = await client.display()
            assert shown["calls"][0]["code"] == code

    run(journey)


# The dispatcher


@pytest.fixture
def asgi() -> Any:
    return importlib.import_module("parvis.asgi")


def test_the_dispatcher_answers_the_servers_lifespan(asgi):
    asked = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    answers: list[str] = []

    async def receive() -> Any:
        return next(asked)

    async def send(message: Any) -> None:
        answers.append(message["type"])

    asyncio.run(asgi.application({"type": "lifespan"}, receive, send))

    assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize(
    ("path", "served_by"),
    [("/events/sites/orvanne-mairie", "events"), ("/", "pages"), ("/events", "pages")],
)
def test_the_dispatcher_sends_each_request_where_it_belongs(asgi, monkeypatch, path, served_by):
    asked = []
    for name in ("events", "pages"):

        async def answer(scope: Any, given: Any, send: Any, name: str = name) -> None:
            asked.append(name)

        monkeypatch.setattr(asgi, name, answer)

    asyncio.run(asgi.application({"type": "http", "path": path, "headers": []}, None, None))

    assert asked == [served_by]


def test_the_dispatcher_takes_no_websocket(asgi):
    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    asyncio.run(asgi.application({"type": "websocket", "path": "/"}, None, send))

    assert answers == [{"type": "websocket.close", "code": 1000}]
