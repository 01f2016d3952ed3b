"""One hub per process: it learns of changes, reads a hall once, and hands it to every client."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

import psycopg
from django.db import close_old_connections, connection
from django.utils import timezone

from parvis.organisations.models import Site
from parvis.queue import claims, queries

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

QUEUE_SIZE: Final = 8  # frames a client may be behind before it is asked to come back
LOOK_EVERY: Final = {"sqlite": 0.2, "postgresql": 3.0}  # seconds between two looks at versions
REFRESH: Final = 10.0  # seconds: waits move on without any event, and screens see that we live
GOODBYE: Final = 2.0  # seconds a database that hangs may delay the end
RECONNECT: Final = (0.2, 3.0)  # seconds, growing, before listening again


class Client:
    """One screen: the frames it has not yet been sent; None says goodbye."""

    def __init__(self, room: "Room") -> None:
        self.room = room
        self.frames: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE_SIZE)
        self.dropped = asyncio.Event()

    def offer(self, frame: bytes | None) -> None:
        """Hand over a frame; a client that does not read is dropped, the others never wait."""
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.dropped.set()


@dataclass(frozen=True)
class Place:
    """What a stream shows: a hall, whole or for some topics; displays alike share one room."""

    site_id: int
    topics: frozenset[int] = frozenset()


class Room:
    """The clients of one place, and what they saw last."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.clients: set[Client] = set()
        self.version = -1
        self.frame = b""
        self.read_at = float("-inf")
        self.reading = asyncio.Lock()

    @property
    def is_fresh(self) -> bool:
        """Was it read lately enough for somebody who comes in?"""
        return time.monotonic() - self.read_at < REFRESH


class Hub:
    """The rooms of this process; busy only while somebody looks."""

    def __init__(self) -> None:
        self.rooms: dict[Place, Room] = {}
        self._thread: ThreadPoolExecutor | None = None
        self._watching: list[asyncio.Task[None]] = []

    async def join(self, site: str, screen: str = "") -> Client | None:
        """Come in with the snapshot already in hand; None when there is no such hall or display."""
        place = await self._in_thread(_place, site, screen)
        if place is None:
            return None
        room = self.rooms.setdefault(place, Room(place))
        client = Client(room)
        room.clients.add(client)  # before reading: whatever happens from now on is told
        self._watch()
        try:
            await self._read(room, at_least=0)
        except BaseException:
            await self.leave(client)
            raise
        if client.frames.empty():
            client.offer(room.frame)
        return client

    async def leave(self, client: Client) -> None:
        """Go; the last one out stops the watch."""
        client.room.clients.discard(client)
        if not client.room.clients:
            self.rooms.pop(client.room.place, None)
        if not self.rooms:
            self._stop_watching()

    async def close(self) -> None:
        """Say goodbye to every client and stop."""
        for room in self.rooms.values():
            for client in room.clients:
                client.offer(None)
        self._stop_watching()
        if self._thread is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._in_thread(_close), GOODBYE)
            self._thread.shutdown(wait=False)
            self._thread = None

    async def wake(self, site_id: int) -> None:
        """Something changed in this hall."""
        for room in [room for room in self.rooms.values() if room.place.site_id == site_id]:
            await self._read(room)

    async def _read(self, room: Room, *, at_least: int | None = None) -> None:
        async with room.reading:
            if at_least is not None and room.version >= at_least and room.is_fresh:
                return  # somebody else read it while we waited
            version, frame = await self._in_thread(_frame, room.place)
            room.read_at = time.monotonic()
            if version < room.version:
                return
            room.version, room.frame = version, frame
            for client in room.clients:
                client.offer(frame)

    # Learning of changes

    def _watch(self) -> None:
        if self._watching:
            return
        self._watching.append(asyncio.ensure_future(self._look_for_ever()))
        if connection.vendor == "postgresql":
            self._watching.append(asyncio.ensure_future(self._listen_for_ever()))

    def _stop_watching(self) -> None:
        for task in self._watching:
            task.cancel()
        self._watching.clear()

    async def _look_for_ever(self) -> None:
        """Compare versions: the only way on SQLite, the safety net on PostgreSQL."""
        while True:
            await asyncio.sleep(LOOK_EVERY[connection.vendor])
            try:
                await self._look()
            except Exception:
                log.warning("the halls cannot be read; trying again", exc_info=True)
                await asyncio.sleep(1)

    async def _look(self) -> None:
        sites = {place.site_id for place in self.rooms}
        versions = await self._in_thread(queries.versions_of, sites)
        for room in list(self.rooms.values()):
            await self._read(room, at_least=versions.get(room.place.site_id, 0))

    async def _listen_for_ever(self) -> None:
        wait = RECONNECT[0]
        while True:
            try:
                async with await _listening_connection() as listener:
                    await listener.execute(f"LISTEN {claims.CHANNEL}")
                    wait = RECONNECT[0]
                    await self._look()  # what was said while nobody listened
                    async for told in listener.notifies():
                        await self.wake(int(told.payload))
            except Exception as error:
                log.warning("listening again in %s s: %s", wait, error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, RECONNECT[1])

    async def _in_thread(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._thread is None:
            # One is enough for reads of some milliseconds, and it holds one connection.
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="parvis-hall")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: _job(job, *args, **kwargs))


def _job(job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()  # a connection that the database dropped is replaced
    return job(*args, **kwargs)


def _close() -> None:
    connection.close()


def _place(site: str, screen: str) -> Place | None:
    by = {"pk": int(site)} if site.isascii() and site.isdigit() else {"slug": site}
    with suppress(OverflowError):
        found = Site.objects.filter(is_active=True, **by).first()
        if found is not None:
            topics = queries.topics_of_screen(found, screen)
            return None if topics is None else Place(found.pk, topics)
    return None


def _frame(place: Place) -> tuple[int, bytes]:
    site = Site.objects.get(pk=place.site_id)
    snapshot = queries.display_snapshot(site, timezone.now(), topics=place.topics)
    data = json.dumps(snapshot, ensure_ascii=False, separators=(",", ":"))
    version = int(snapshot["version"])
    return version, f"event: display\nid: {version}\ndata: {data}\n\n".encode()


async def _listening_connection() -> psycopg.AsyncConnection[Any]:
    settings = connection.settings_dict
    known = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    options = {name: v for name, v in settings["OPTIONS"].items() if name.startswith("ssl")}
    given = {name: value for name, value in {**known, **options}.items() if value}
    return await psycopg.AsyncConnection.connect(
        **given, autocommit=True, connect_timeout=5, application_name="parvis-hall"
    )
