"""Fetching an edition from its feed address: only there, only so much, never inside the house."""

import contextlib
import http.client
import os
import socket
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from django.utils.translation import gettext as _

from parvis import __version__
from parvis.common import network
from parvis.common.errors import Refused

MOST_BYTES = 500 * 1024 * 1024
MOST_SECONDS = 600
SILENCE = 30  # seconds without a byte
MOST_REDIRECTS = 5
CHUNK = 256 * 1024
MOVED = {301, 302, 303, 307, 308}
FAULTS = (OSError, http.client.HTTPException, ssl.SSLError, ValueError)


@dataclass(frozen=True)
class Limits:
    """What a download may cost; smaller in tests."""

    bytes: int = MOST_BYTES
    seconds: float = MOST_SECONDS
    silence: float = SILENCE
    may_be_private: bool = False


def is_address(given: str) -> bool:
    """Whether this names a place on the web and not a file."""
    return given.startswith(("https://", "http://"))


@contextlib.contextmanager
def fetched(
    address: str, folder: Path, *, limits: Limits, progress: Callable[[int, int], None]
) -> Iterator[Path]:
    """The edition as a temporary file, which is gone afterwards."""
    path = download(address, folder, limits=limits, progress=progress)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def download(
    address: str,
    folder: Path,
    *,
    limits: Limits,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Fetch the address into the folder; Refused says in words why not."""
    deadline = time.monotonic() + limits.seconds
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".zip", prefix="edition-", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece, total in _pieces(address, limits, deadline):
                file.write(piece)
                progress(file.tell(), total)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _pieces(address: str, limits: Limits, deadline: float) -> Iterator[tuple[bytes, int]]:
    try:
        with contextlib.closing(_Connection(address, limits)) as connection:
            response = connection.follow(deadline)
            total = int(response.headers.get("Content-Length") or 0)
            received = 0
            while piece := response.read1(CHUNK):
                received += len(piece)
                _check(max(received, total), limits, deadline)
                yield piece, total
            if total and received < total:
                raise Refused(_("The download broke off before its end: try again."))
    except FAULTS as error:
        raise Refused(_("The feed cannot be fetched: %s.") % (error or type(error))) from error


def _check(size: int, limits: Limits, deadline: float) -> None:
    if size > limits.bytes:
        raise Refused(_("The feed is larger than %d MB: refused.") % (limits.bytes >> 20))
    if time.monotonic() > deadline:
        raise Refused(_("The feed takes too long: given up after %d s.") % limits.seconds)


class _Connection:
    """One download with its redirections, each address looked at before it is asked."""

    def __init__(self, address: str, limits: Limits) -> None:
        self._address = address
        self._limits = limits
        self._open: http.client.HTTPConnection | None = None

    def close(self) -> None:
        if self._open is not None:
            self._open.close()

    def follow(self, deadline: float) -> http.client.HTTPResponse:
        for _turn in range(MOST_REDIRECTS + 1):
            _check(0, self._limits, deadline)
            response = self._ask(_looked_at(self._address))
            if response.status == 200:
                return response
            if response.status not in MOVED:
                raise Refused(_("The feed answers %d.") % response.status)
            self._turn_to(response.headers.get("Location", ""))
        raise Refused(_("The feed redirects in circles."))

    def _turn_to(self, location: str) -> None:
        target = urljoin(self._address, location)
        before, after = urlsplit(self._address), _looked_at(target)
        if before.scheme == "https" and after.scheme != "https":
            raise Refused(_("The feed redirects to an address without encryption: refused."))
        if before.hostname != after.hostname:
            raise Refused(_("The feed redirects to another host (%s): refused.") % after.hostname)
        self._address = target

    def _ask(self, parts: SplitResult) -> http.client.HTTPResponse:
        self.close()
        host = parts.hostname or ""
        self._open = _to(host, parts, self._limits)
        target = parts.path or "/"
        if parts.query:
            target += f"?{parts.query}"
        name = parts.netloc.rpartition("@")[2]
        headers = {"Host": name, "User-Agent": f"Parvis/{__version__}", "Accept": "*/*"}
        self._open.request("GET", target, headers=headers)
        return self._open.getresponse()


def _looked_at(address: str) -> SplitResult:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(_("“%s” is no address of the web.") % address[:200])
    return parts


def _to(host: str, parts: SplitResult, limits: Limits) -> http.client.HTTPConnection:
    """A connection to the very address that was looked at: the name is not asked twice."""
    is_safe = parts.scheme == "https"
    port = parts.port or (443 if is_safe else 80)
    place = _public_place(host, port, limits)
    connection: http.client.HTTPConnection
    if is_safe:
        connection = http.client.HTTPSConnection(host, port, timeout=limits.silence)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=limits.silence)
    raw = socket.create_connection((place, port), timeout=limits.silence)
    if is_safe:
        try:
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        except BaseException:
            raw.close()
            raise
    else:
        connection.sock = raw
    return connection


def _public_place(host: str, port: int, limits: Limits) -> str:
    found = network.places_of(host, port)
    if not found:
        raise Refused(_("The host “%s” is not known.") % host)
    if not limits.may_be_private and not all(network.is_public(place) for place in found):
        sentence = _("The host “%s” lies in a private network: refused.")
        raise Refused(sentence % host)
    return found[0]
