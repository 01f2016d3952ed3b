"""LMTP: a mail server beside us hands messages over, and hears for each whether it is kept."""

import asyncio
import logging
from typing import Any, Final

from aiosmtpd.controller import Controller, UnixSocketController
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from parvis.common.errors import Refused
from parvis.mail import actions
from parvis.mail.reading.scan import LARGEST_KEPT

log = logging.getLogger(__name__)
KEPT: Final = "250 2.0.0 kept"
AGAIN: Final = "451 4.3.0 not kept: try again"
NEVER: Final = "552 5.3.4 the message is not kept"


class Handler:
    """Says "kept" only once a message survives whatever happens next."""

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        answers = [
            await asyncio.to_thread(_keep_in_thread, raw, envelope.mail_from or "", to)
            for to in envelope.rcpt_tos
        ]
        return "\r\n".join(answers)  # one answer for each recipient (RFC 2033)


def keep(raw: bytes, sender: str, to: str) -> str:
    """Keep a message for one recipient, and the line that says so."""
    try:
        actions.keep(
            raw, way="lmtp", now=timezone.now(), envelope_from=sender.strip("<>"), envelope_to=to
        )
    except Refused:
        return NEVER
    except (DatabaseError, OSError, RuntimeError):
        log.exception("a message was not kept; the mail server tries again")
        return AGAIN
    return KEPT


def _keep_in_thread(raw: bytes, sender: str, to: str) -> str:
    """The same in a thread of the pool, which outlives the connection to a database."""
    close_old_connections()
    try:
        return keep(raw, sender, to)
    finally:
        close_old_connections()


class _Tcp(Controller):  # type: ignore[misc]
    def factory(self) -> LMTP:
        return LMTP(self.handler, data_size_limit=LARGEST_KEPT, enable_SMTPUTF8=True)


class _Unix(UnixSocketController):  # type: ignore[misc]
    def factory(self) -> LMTP:
        return LMTP(self.handler, data_size_limit=LARGEST_KEPT, enable_SMTPUTF8=True)


class Server:
    """Listens at a port of this machine, or at a socket."""

    def __init__(self, host: str, port: int, socket: str = "") -> None:
        self.place = socket or f"{host}:{port}"
        self._controller: Controller | UnixSocketController = (
            _Unix(Handler(), unix_socket=socket)
            if socket
            else _Tcp(Handler(), hostname=host, port=port)
        )

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()
