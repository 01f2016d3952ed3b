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

BEHIND: Final = 8  # frames a client may miss while it does not read, before it has to come back
LOOK_EVERY: Final = {"sqlite": 0.1, "postgresql": 3.0}  # seconds between two looks at versions
REFRESH: Final = 10.0  # seconds: waits move on without any event, and screens see that we live
HEARTBEAT: Final = 11.0  # seconds without a word before proxies and screens take us for dead
# A first change is told at once; those that follow it are told together, at least this much later
# and so that telling takes a quarter of the time: pages come first, also with many screens.
REST: Final = (0.15, 0.4)  # seconds
REST_FOR_EACH: Final = 3.0
AT_A_TIME: Final = 50  # screens that are handed a frame before pages have their turn
STILL_HERE: Final = b": still here\n\n"
GOODBYE: Final = 2.0  # seconds a database that hangs may delay the end
RECONNECT: Final = (0.2, 3.0)  # seconds, growing, before listening again


class Client:
    """One screen: the last frame it has not yet been sent; None says goodbye.

    Every frame is the whole state: of several that a slow screen did not take, the last is enough.
    """

    def __init__(self, room: "Room") -> None:
        self.room = room
        self.dropped = asyncio.Event()
        self._frame: bytes | None = b""
        self._new = asyncio.Event()
        self._missed = 0

    @property
    def has_news(self) -> bool:
        """Is there a frame that was not taken yet?"""
        return self._new.is_set()

    def offer(self, frame: bytes | None) -> None:
        """Hand over a frame; a client that does not read is dropped, the others never wait."""
        self._missed += self.has_news
        self._frame = frame
        self._new.set()
        if self._missed >= BEHIND:
            self.dropped.set()

    async def take(self) -> bytes | None:
        """The next frame, once there is one."""
        await self._new.wait()
        self._new.clear()
        self._missed = 0
        return self._frame


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
        self.read_at = self.told_at = float("-inf")
        self.reading = asyncio.Lock()
        self.wanted = 0  # the version that we know to be there
        self.changed = asyncio.Event()
        self.follower: asyncio.Task[None] | None = None

    @property
    def is_fresh(self) -> bool:
        """Was it read lately enough for somebody who comes in?"""
        return time.monotonic() - self.read_at < REFRESH

    @property
    def is_due(self) -> bool:
        """Is there anything newer, or has time moved on?"""
        return self.version < self.wanted or not self.is_fresh

    def want(self, version: int) -> None:
        """There is a newer state than the one that was told."""
        self.wanted = max(self.wanted, version)
        if self.is_due:
            self.changed.set()


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
        room = self._room(place)
        client = Client(room)
        room.clients.add(client)  # before reading: whatever happens from now on is told
        self._watch()
        try:
            async with room.reading:
                if room.version < 0 or not room.is_fresh:  # else somebody read it while we waited
                    await self._read(room)
        except BaseException:
            await self.leave(client)
            raise
        if not client.has_news:
            client.offer(room.frame)
        return client

    async def leave(self, client: Client) -> None:
        """Go; the last one out stops the watch."""
        room = client.room
        room.clients.discard(client)
        if not room.clients and self.rooms.get(room.place) is room:
            del self.rooms[room.place]
            _cancel(room.follower)
        if not self.rooms:
            self._stop_watching()

    async def close(self) -> None:
        """Say goodbye to every client and stop."""
        for room in self.rooms.values():
            _cancel(room.follower)
            for client in room.clients:
                client.offer(None)
        self._stop_watching()
        if self._thread is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._in_thread(_close), GOODBYE)
            self._thread.shutdown(wait=False)
            self._thread = None

    def wake(self, site_id: int, version: int) -> None:
        """Something changed in this hall."""
        for room in self.rooms.values():
            if room.place.site_id == site_id:
                room.want(version)

    def _room(self, place: Place) -> Room:
        if place not in self.rooms:
            room = self.rooms[place] = Room(place)
            room.follower = asyncio.ensure_future(self._follow_for_ever(room))
        return self.rooms[place]

    async def _follow_for_ever(self, room: Room) -> None:
        """Tell the screens what is new, with a rest after each time."""
        while True:
            await room.changed.wait()
            room.changed.clear()
            began = time.monotonic()
            try:
                async with room.reading:
                    if room.is_due:
                        await self._read(room)
            except Exception:
                log.warning("the hall cannot be read; trying again", exc_info=True)
                room.changed.set()
                await asyncio.sleep(1)
            least, most = REST
            took = time.monotonic() - began
            await asyncio.sleep(min(most, max(least, REST_FOR_EACH * took)))

    async def _read(self, room: Room) -> None:
        """Read the hall and tell it; the caller holds ``room.reading``."""
        version, frame = await self._in_thread(_frame, room.place)
        room.read_at = time.monotonic()
        if version < room.version:
            return
        room.version, room.frame = version, frame
        await _tell(room, frame)

    # Learning of changes

    def _watch(self) -> None:
        if self._watching:
            return
        self._watching.append(asyncio.ensure_future(self._look_for_ever()))
        self._watching.append(asyncio.ensure_future(self._beat_for_ever()))
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
            room.want(versions.get(room.place.site_id, 0))

    async def _beat_for_ever(self) -> None:
        """A word to those who heard nothing for a while, also when the database says nothing."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            for room in list(self.rooms.values()):
                if time.monotonic() - room.told_at >= HEARTBEAT:
                    await _tell(room, STILL_HERE)

    async def _listen_for_ever(self) -> None:
        wait = RECONNECT[0]
        while True:
            try:
                async with await _listening_connection() as listener:
                    await listener.execute(f"LISTEN {claims.CHANNEL}")
                    wait = RECONNECT[0]
                    await self._look()  # what was said while nobody listened
                    async for told in listener.notifies():
                        site_id, version = told.payload.split(":")
                        self.wake(int(site_id), int(version))
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


async def _tell(room: Room, frame: bytes) -> None:
    room.told_at = time.monotonic()
    for number, client in enumerate(list(room.clients), start=1):
        if frame is not STILL_HERE or not client.has_news:
            client.offer(frame)
        if number % AT_A_TIME == 0:
            await asyncio.sleep(0)


def _cancel(task: "asyncio.Task[None] | None") -> None:
    if task is not None:
        task.cancel()


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
