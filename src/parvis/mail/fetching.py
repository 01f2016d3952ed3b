"""Fetching from mailboxes on mail servers (IMAP): nothing twice, nothing left out.

A message is kept before the place of the next one is noted: after a kill -9 the last one comes
again, and is recognised.
"""

import imaplib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from parvis.common.errors import Refused
from parvis.mail import actions
from parvis.mail.models import MailFolder
from parvis.mail.reading.scan import LARGEST_KEPT

log = logging.getLogger(__name__)
TIMEOUT: Final = 30  # seconds
AT_ONCE: Final = 200  # messages of one run: the others come with the next
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True)
class Account:
    """A folder on a mail server, and how to get in."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    is_encrypted: bool

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"[:200]


def account_of(url: str) -> Account:
    """The account that an address names; ValueError, without the password, when it names none."""
    parts = urlsplit(url)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username:
        raise ValueError("this is no address of a mailbox: imaps://user:password@host/folder")
    is_encrypted = parts.scheme == "imaps"
    return Account(
        host=parts.hostname,
        port=parts.port or (993 if is_encrypted else 143),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_encrypted=is_encrypted,
    )


def fetch_all(*, now: datetime) -> int:
    """Fetch what is new in every mailbox that is set; one that fails keeps no other from it."""
    return sum(fetch(account_of(url), now=now) for url in settings.MAIL["IMAP"])


def next_at(now: datetime) -> datetime | None:
    """When to fetch again; None when nothing is set, or when somebody will do so anyway."""
    if not settings.MAIL["IMAP"]:
        return None
    ahead = DBTaskResult.objects.filter(
        task_path="parvis.mail.tasks.fetch_mails", status="READY", run_after__gt=now
    )
    seconds = max(10, int(settings.MAIL["IMAP_EVERY"]))
    return None if ahead.exists() else now + timedelta(seconds=seconds)


def fetch(account: Account, *, now: datetime) -> int:
    """Fetch one folder; what goes wrong is noted for whoever looks after the machine."""
    folder, _made = MailFolder.objects.get_or_create(account=account.name)
    try:
        with _connected(account) as server:
            count = _fetch(server, account, folder, now)
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        log.warning("%s was not fetched: %s", account.name, type(error).__name__)
        folder.failures, folder.tried_at = folder.failures + 1, now
        folder.error = _harmless(error, account)
        folder.save(update_fields=["failures", "error", "tried_at"])
        return 0
    folder.failures, folder.error, folder.fetched_at, folder.tried_at = 0, "", now, now
    folder.save(update_fields=["failures", "error", "fetched_at", "tried_at"])
    return count


def _harmless(error: Exception, account: Account) -> str:
    words = f"{type(error).__name__}: {error}".replace(account.password or "\0", "…")
    return " ".join(words.split())[:200]


@contextmanager
def _connected(account: Account) -> Iterator[imaplib.IMAP4]:
    if account.is_encrypted:
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(account.host, account.port, timeout=TIMEOUT)
    else:
        server = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT)
    try:
        server.login(account.user, account.password)
        yield server
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()
        with suppress(imaplib.IMAP4.error, OSError):
            server.shutdown()  # a line that broke is not closed by a farewell


def _fetch(server: imaplib.IMAP4, account: Account, folder: MailFolder, now: datetime) -> int:
    _ok(server.select(f'"{account.folder}"'))
    _answer, said = server.response("UIDVALIDITY")
    validity = int(said[0] or 0) if said else 0
    if validity != folder.validity:  # the server numbers anew: what is known is recognised
        folder.validity, folder.last_uid = validity, 0
        folder.save(update_fields=["validity", "last_uid"])
    found = _ok(server.uid("SEARCH", f"UID {folder.last_uid + 1}:*"))
    uids = sorted(int(uid) for uid in (found[0] or b"").split() if int(uid) > folder.last_uid)
    count = 0
    for uid in uids[:AT_ONCE]:
        count += _take(server, account, uid, now)
        folder.last_uid = uid
        folder.save(update_fields=["last_uid"])
    return count


def _take(server: imaplib.IMAP4, account: Account, uid: int, now: datetime) -> int:
    size = _SIZE.search(_flat(_ok(server.uid("FETCH", str(uid), "(RFC822.SIZE)"))))
    if size and int(size[1]) > LARGEST_KEPT:
        log.error("message %s of %s is too large and stays on the server", uid, account.name)
        return 0
    for part in _ok(server.uid("FETCH", str(uid), "(UID BODY.PEEK[])")):
        if isinstance(part, tuple):
            with suppress(Refused):  # an empty message: nothing to keep
                actions.keep(part[1], way="imap", now=now, envelope_to=_written_to(account))
            server.uid("STORE", str(uid), "+FLAGS", r"(\Seen)")
            return 1
    return 0  # deleted by somebody in between


def _written_to(account: Account) -> str:
    """The mailbox counts when the head of the message names none of ours."""
    return account.user if "@" in account.user else ""


def _ok(answer: tuple[str, Any]) -> list[Any]:
    state, given = answer
    if state != "OK":
        raise imaplib.IMAP4.error(f"the server says {state}")
    return list(given)


def _flat(given: list[Any]) -> bytes:
    return b" ".join(one if isinstance(one, bytes) else one[0] for one in given if one)
