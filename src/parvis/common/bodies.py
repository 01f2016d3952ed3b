"""What a request brings: read whole before it gets a thread, in memory while it is short.

Most addresses take a form. Those that take files say so (``common.http.takes_files``): what they
are sent waits on the disk, and only so much of it at a time.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

from django.urls import Resolver404, resolve

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

IN_MEMORY: Final = 1024 * 1024  # bytes of one body; the rest of it lies on the disk
ON_DISK: Final = 1024 * 1024 * 1024  # bytes of all bodies together


@dataclass(frozen=True)
class Limits:
    """How much may come, and how long it may take."""

    size: int
    seconds: float


FORM: Final = Limits(10 * 1024 * 1024, 20)  # also from a telephone in a cellar
FILES_TIME: Final = 300.0  # five photos over a thin line
BODY_HEADERS: Final = {b"content-length", b"transfer-encoding"}


class Unfit(Exception):
    """The body is not taken; ``status`` says why, as HTTP has it."""

    def __init__(self, status: int) -> None:
        self.status = status


class Gone(Exception):
    """Whoever sent it left before the end."""


class Bodies:
    """Takes bodies in, and knows how much room is left for them."""

    def __init__(self, on_disk: int = ON_DISK) -> None:
        self.free = on_disk

    @contextmanager
    def one(self) -> Iterator["Body"]:
        """A place for one body, given back afterwards."""
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
            body = Body(file, self)
            try:
                yield body
            finally:
                self.free += body.on_disk


class Body:
    """One body on its way in."""

    def __init__(self, file: IO[bytes], place: Bodies) -> None:
        self.file, self.place = file, place
        self.size = self.on_disk = 0

    async def fill(self, receive: Receive, limits: Limits) -> None:
        """Read it whole; one that is not taken is read to its end and thrown away.

        A browser that is cut off while it sends shows a broken connection, not our sentence.
        """
        unfit = 0
        try:
            async with asyncio.timeout(limits.seconds):
                async for piece in _pieces(receive):
                    self.size += len(piece)
                    unfit = unfit or self._why_not(len(piece), limits)
                    if not unfit:
                        await self._write(piece)
        except TimeoutError:
            unfit = unfit or 408
        if unfit:
            raise Unfit(unfit)
        self.file.seek(0)

    def _why_not(self, coming: int, limits: Limits) -> int:
        if self.size > limits.size:
            return 413
        return 503 if self.size > IN_MEMORY and self.place.free < coming else 0

    async def _write(self, piece: bytes) -> None:
        if self.size <= IN_MEMORY:
            self.file.write(piece)
            return
        lies_there, self.on_disk = self.on_disk, self.size
        self.place.free -= self.on_disk - lies_there
        await asyncio.to_thread(self.file.write, piece)


async def _pieces(receive: Receive) -> Any:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        yield message.get("body", b"")
        more = message.get("more_body", False)


def limits_of(scope: MutableMapping[str, Any]) -> Limits:
    """What the address takes: a form, or files if it says so."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    if not kind.lower().startswith(b"multipart/form-data"):
        return FORM
    try:
        view = resolve(scope["path"]).func
    except Resolver404:
        return FORM
    size = getattr(view, "takes_bytes", 0)
    return Limits(size, FILES_TIME) if size else FORM


def has_body(scope: MutableMapping[str, Any]) -> bool:
    """Does the request announce a body?"""
    return any(name in BODY_HEADERS for name, _value in scope["headers"])
