"""Screens of the hall: plain sockets that read the stream and note when each call appeared."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx

SMALL = 4096  # bytes that the kernel keeps for a screen that never reads


@dataclass
class Screen:
    """One screen: what it was shown, and when it first saw each code."""

    snapshots: "list[dict[str, Any]]" = field(default_factory=list)
    events: "list[str]" = field(default_factory=list)
    seen: "dict[str, float]" = field(default_factory=dict)

    async def watch(self, base: str, site: str, last_event_id: str = "") -> None:
        """Read until the line breaks."""
        reader, writer = await _open(base)
        try:
            writer.write(_request(base, site, last_event_id))
            async for line in _lines(reader):
                self._take(line.decode().rstrip("\r\n"))
        finally:
            writer.close()

    def _take(self, line: str) -> None:
        name, _colon, value = line.partition(": ")
        if name == "event":
            self.events.append(value)
        if name == "data":
            snapshot = _read(value)
            self.snapshots.append(snapshot)
            for call in snapshot["calls"]:
                self.seen.setdefault(call["code"], time.monotonic())

    async def shows(self, code: str, *, within: float) -> bool:
        """Did the call appear in time?"""
        return await eventually(lambda: code in self.seen, within=within)


@lru_cache(16)  # hundreds of screens are told the same: the crowd must not outweigh the server
def _read(value: str) -> "dict[str, Any]":
    found: dict[str, Any] = json.loads(value)
    return found


async def eventually(what: Any, *, within: float) -> bool:
    """Does it become true in time?"""
    end = time.monotonic() + within
    while not what() and time.monotonic() < end:
        await asyncio.sleep(0.01)
    return bool(what())


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while line := await reader.readline():
        yield line


async def _open(base: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = urlsplit(base)
    return await asyncio.open_connection(address.hostname, address.port, limit=1_000_000)


def _request(base: str, site: str, last_event_id: str = "") -> bytes:
    known = f"Last-Event-ID: {last_event_id}\r\n" if last_event_id else ""
    host = urlsplit(base).netloc
    return f"GET /events/sites/{site} HTTP/1.1\r\nHost: {host}\r\n{known}\r\n".encode()


def never_reading(base: str, site: str) -> socket.socket:
    """A screen that asks and then never takes a byte."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    address = urlsplit(base)
    line.connect((address.hostname, address.port))
    line.sendall(_request(base, site))
    return line


@asynccontextmanager
async def watching(count: int, bases: "list[str]", site: str) -> AsyncIterator["list[Screen]"]:
    """So many screens, spread over the servers, that have all seen the first snapshot."""
    screens = [Screen() for _one in range(count)]
    tasks = [
        asyncio.ensure_future(screen.watch(bases[number % len(bases)], site))
        for number, screen in enumerate(screens)
    ]
    try:
        assert await eventually(lambda: all(one.snapshots for one in screens), within=30)
        yield screens
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class Hall:
    """The desk that calls, through one server."""

    facts: "dict[str, Any]"
    base: str
    http: httpx.AsyncClient
    called_at: "dict[str, float]" = field(default_factory=dict)

    async def post(self, path: str, body: "dict[str, Any]") -> httpx.Response:
        token = {"Authorization": f"Bearer {self.facts['token']}"}
        return await self.http.post(f"{self.base}/api/v1/{path}", json=body, headers=token)

    async def call_somebody(self, desk: int = 0) -> str:
        """Somebody comes, is called, and goes; returns the code that was called."""
        topic = str(self.facts["topics"][0])
        issued = await self.post(f"sites/{self.facts['site']}/tickets", {"topic": topic})
        assert issued.status_code == 201, issued.text
        before = time.monotonic()
        called = await self.post(f"desks/{self.facts['desks'][desk]}/call-next", {})
        assert called.status_code == 200, called.text
        ticket = called.json()["ticket"]
        self.called_at[ticket["code"]] = before
        await self.post(f"tickets/{ticket['id']}/finish", {"outcome": "resolved"})
        return str(ticket["code"])

    def delays(self, screens: "list[Screen]") -> "list[float]":
        """Seconds from each call to each screen, in order of length."""
        return sorted(
            screen.seen[code] - at
            for screen in screens
            for code, at in self.called_at.items()
            if code in screen.seen
        )


def told(delays: "list[float]") -> str:
    """The delays in one line."""
    middle, most = delays[len(delays) // 2], delays[int(len(delays) * 0.95)]
    return (
        f"{len(delays)} deliveries: p50 {middle * 1000:.0f} ms, p95 {most * 1000:.0f} ms, "
        f"longest {delays[-1] * 1000:.0f} ms"
    )
