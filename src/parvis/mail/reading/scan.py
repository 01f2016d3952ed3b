"""What is looked at before any parser sees a message: its size, its heads, its likely parts."""

import hashlib
import re
from typing import Final

LARGEST_KEPT: Final = 64 * 1024 * 1024
LARGEST_READ: Final = 36 * 1024 * 1024  # a file of 25 MB, as mails carry it
LONGEST_HEAD: Final = 256 * 1024
LONGEST_FIELD: Final = 16 * 1024
MOST_FIELDS: Final = 1000

_END_OF_HEAD = re.compile(rb"\r?\n[ \t]*\r?\n|\r[ \t]*\r")
_FOLDED = re.compile(rb"^[ \t]")
_ID = re.compile(rb"<[^<>\s]{1,900}>")
# What the way of a message adds; the same mail by two mailboxes differs in these only.
_OF_THE_MESSAGE = (b"from", b"to", b"cc", b"date", b"subject")


class Unreadable(Exception):
    """The message is kept as it came, but not read; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Head and body; a message without an empty line is all head."""
    if raw[:1] in (b"\n", b"\r"):
        return b"", raw
    if raw.startswith((b"From ", b">From ")):  # the line that mailbox files put before a message
        raw = raw.partition(b"\n")[2]
    found = _END_OF_HEAD.search(raw)
    return (raw, b"") if found is None else (raw[: found.start()], raw[found.end() :])


def fields(head: bytes) -> list[tuple[str, bytes]]:
    """The fields of a head, unfolded, each cut to what an honest one needs."""
    found: list[tuple[str, bytearray]] = []
    for line in re.split(rb"\r\n|\n|\r", head):
        if _FOLDED.match(line) and found:
            unfolded = found[-1][1]
            if len(unfolded) < LONGEST_FIELD:
                unfolded += b" " + line.strip()
            continue
        name, colon, value = line.partition(b":")
        if colon and len(found) < MOST_FIELDS:
            plain = name.strip().decode("ascii", "replace").lower()
            found.append((plain, bytearray(value.strip()[:LONGEST_FIELD])))
    return [(name, bytes(value[:LONGEST_FIELD])) for name, value in found]


def check(raw: bytes) -> None:
    """Refuse what no parser should be given."""
    if len(raw) > LARGEST_READ:
        raise Unreadable("too_large")
    head, _body = split(raw[: LONGEST_HEAD + 4])
    if len(head) > LONGEST_HEAD:
        raise Unreadable("head_too_long")


def message_id(raw: bytes) -> str:
    """The Message-ID of a message, found without a parser; empty when it has none."""
    head, _body = split(raw[: LONGEST_HEAD + 4])
    for name, value in fields(head):
        if name == "message-id" and (found := _ID.search(value)):
            return found[0].decode("ascii", "replace")[:900]
    return ""


def fingerprint(raw: bytes) -> str:
    """The same for the same message, whichever mailbox it came by and however often."""
    head, body = split(raw)
    digest = hashlib.sha256()
    identity = message_id(raw).encode()
    if not identity:
        kept = dict(reversed(fields(head[:LONGEST_HEAD])))
        identity = b"\n".join(kept.get(name.decode(), b"") for name in _OF_THE_MESSAGE)
    digest.update(identity + b"\0")
    digest.update(body.replace(b"\r\n", b"\n").strip())
    return digest.hexdigest()
