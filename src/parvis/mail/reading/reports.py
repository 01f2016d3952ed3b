"""Reports of mail servers (RFC 3464): which message did not arrive, where, and why."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parvis.mail.reading import words
from parvis.mail.reading.parts import Part
from parvis.mail.reading.scan import fields, split

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_LONGEST = 64 * 1024


@dataclass
class Report:
    """What a server says became of one message."""

    action: str = ""  # failed, delayed, delivered, relayed, expanded
    status: str = ""  # 5.1.1
    recipient: str = ""
    why: str = ""
    original_id: str = ""


def read(whole: Part, leaves: Iterable[Part]) -> Report | None:
    """The report in a message, if it is one."""
    if whole.kind != "multipart/report":
        return None
    if whole.parameter("report-type").lower() not in {"", "delivery-status"}:
        return None
    found = Report()
    seen = False
    for part in leaves:
        if part.kind in {"message/delivery-status", "message/global-delivery-status"}:
            _read_status(found, part.bytes(most=_LONGEST))
            seen = True
        elif part.kind in {"message/rfc822", "text/rfc822-headers", "message/global"}:
            head, _body = split(part.bytes(most=_LONGEST))
            told = dict(reversed(fields(head)))
            found.original_id = next(iter(words.ids(told.get("message-id", b""))), "")
    return found if seen else None


def _read_status(found: Report, content: bytes) -> None:
    for block in re.split(rb"\r?\n[ \t]*\r?\n", content.strip()):
        told = dict(reversed(fields(block)))
        if found.action or ("action" not in told and "status" not in told):
            continue
        found.action = words.line(told.get("action", b""), most=20).lower()
        status = _STATUS.search(words.line(told.get("status", b"")))
        found.status = status[1] if status else ""
        to = told.get("final-recipient") or told.get("original-recipient") or b""
        found.recipient = words.first_address(to.partition(b";")[2])[1]
        found.why = words.line(told.get("diagnostic-code", b""), most=300)
