"""winmail.dat: the files that one mail program of the world hides in a file of its own."""

import struct
from collections.abc import Iterator
from typing import Final

SIGNATURE: Final = 0x223E9F78
_TITLE: Final = 0x8010
_DATA: Final = 0x800F
_START: Final = 0x9002
_MOST: Final = 50


def is_tnef(content: bytes) -> bool:
    """Does this content say so itself?"""
    return len(content) > 6 and struct.unpack_from("<I", content)[0] == SIGNATURE


def files(content: bytes) -> list[tuple[str, bytes]]:
    """Names and contents of what lies inside; nothing when it is damaged."""
    found: list[tuple[str, bytes]] = []
    name, data = "", b""
    for what, value in _attributes(content):
        if what == _START:
            if data:
                found.append((name, data))
            name, data = "", b""
        elif what == _TITLE:
            name = value.rstrip(b"\0").decode("cp1252", "replace")
        elif what == _DATA:
            data = value
    if data:
        found.append((name, data))
    return found[:_MOST]


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 6
    while place + 9 <= len(content):
        _level, what, _kind, length = struct.unpack_from("<BHHI", content, place)
        end = place + 9 + length
        if end > len(content):
            return
        yield what, content[place + 9 : end]
        place = end + 2  # a sum that nobody needs
