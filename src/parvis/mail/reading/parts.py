"""The structure of a body, by places in the bytes: nothing is copied, nothing calls itself.

Python's own parser needs ten times the memory of a message and gives up on what is nested.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final

from parvis.mail.reading import words
from parvis.mail.reading.scan import LONGEST_HEAD, Unreadable, fields, split

MOST: Final = 500
DEEPEST: Final = 30
_NEXT_LINE = re.compile(rb"\r\n|\n|\r")


@dataclass
class Part:
    """A piece of a message: what its head says, and where its content lies."""

    head: Message
    raw: bytes
    start: int
    end: int
    depth: int = 0

    @property
    def kind(self) -> str:
        return self.head.get_content_type().lower()

    def parameter(self, name: str) -> str:
        """A parameter of the Content-Type; empty when there is none, or none that makes sense."""
        try:
            given: Any = self.head.get_param(name, "")
        except (ValueError, TypeError, LookupError):
            return ""
        return str(given[2] if isinstance(given, tuple) else given or "")

    @property
    def name(self) -> str:
        """The name that the sender gave to the file."""
        try:
            given = self.head.get_filename() or ""
            return words.line(str(given).encode("utf-8", "surrogateescape"), most=255)
        except (ValueError, LookupError, TypeError):
            return "document"

    @property
    def is_file(self) -> bool:
        disposition = str(self.head.get("content-disposition", "")).strip().lower()
        return disposition.startswith("attachment") or bool(self.name)

    def bytes(self, *, most: int | None = None) -> bytes:
        """The content, decoded as far as it can be."""
        content = self.raw[
            self.start : self.end if most is None else min(self.end, self.start + most)
        ]
        how = str(self.head.get("content-transfer-encoding", "")).strip().lower()
        try:
            if how == "base64":
                return _from_base64(content)
            if how == "quoted-printable":
                return binascii.a2b_qp(content)
            if how in {"x-uuencode", "uuencode", "x-uue", "uue"}:
                return _from_uu(content)
        except (binascii.Error, ValueError):
            return content
        return content


def _from_base64(content: bytes) -> bytes:
    try:
        return binascii.a2b_base64(content)
    except binascii.Error:  # cut off on its way: what is whole of it
        signs = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
        return binascii.a2b_base64(signs[: len(signs) // 4 * 4])


def _from_uu(content: bytes) -> bytes:
    found = bytearray()
    lines = iter(content.splitlines())
    for one in lines:
        if one.startswith(b"begin "):
            break
    for one in lines:
        if one.strip() == b"end":
            break
        try:
            found += binascii.a2b_uu(one)
        except binascii.Error:
            length = (((one[0] - 32) & 63) * 4 + 5) // 3
            found += binascii.a2b_uu(one[:length])
    return bytes(found)


def whole(raw: bytes, given: list[tuple[str, bytes]], start: int) -> Part:
    """The message itself as its first part."""
    return Part(_head(given), raw, start, len(raw))


def _head(given: list[tuple[str, bytes]]) -> Message:
    """The fields that say what a part is; the first of a kind counts, a second one is a trick."""
    head = Message()
    for name, value in given:
        if name.startswith("content-") and name not in head:
            head[name] = value.decode("ascii", "surrogateescape")
    return head


def leaves(first: Part) -> Iterator[Part]:
    """The pieces that hold something, in their order; messages inside are not opened."""
    ahead, count = [first], 0
    while ahead:
        part = ahead.pop()
        inside = list(_inside(part))
        count += len(inside)
        if count > MOST:
            raise Unreadable("too_many_parts")
        if part.depth >= DEEPEST and inside:
            raise Unreadable("too_deep")
        if inside:
            ahead += reversed(inside)
        else:
            yield part


def _inside(part: Part) -> Iterator[Part]:
    boundary = part.parameter("boundary").strip()
    if not part.kind.startswith("multipart/") or not boundary:
        return
    sign = re.escape(boundary[:200].encode("ascii", "surrogateescape"))
    line = re.compile(rb"(?:\A|\r?\n|\r)--" + sign + rb"(--)?[ \t]*(?=\r|\n|\Z)")
    start: int | None = None
    for count, found in enumerate(line.finditer(part.raw, max(0, part.start - 2), part.end)):
        if count > MOST:
            raise Unreadable("too_many_parts")
        if start is not None:
            yield _piece(part, start, found.start())
        start = None if found[1] else found.end()
        if found[1]:
            return
    if start is not None:  # nobody closed it: what came counts
        yield _piece(part, start, part.end)


def _piece(part: Part, start: int, end: int) -> Part:
    if found := _NEXT_LINE.match(part.raw, start, end):
        start = found.end()
    head, body = split(part.raw[start : min(end, start + LONGEST_HEAD)])
    if not body and end - start > LONGEST_HEAD:
        raise Unreadable("head_too_long")
    length = min(end, start + LONGEST_HEAD) - start - len(body)
    return Part(_head(fields(head)), part.raw, start + length, end, part.depth + 1)
