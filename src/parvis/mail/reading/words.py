"""Bytes of a message as words: character sets, encoded words, addresses, what is quoted."""

import codecs
import re
import unicodedata
from collections.abc import Iterable
from email import utils
from email.header import decode_header
from typing import Final

LONGEST_TEXT: Final = 200_000
_NOT_FOR_MAIL = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"}
_ALIASES = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso-8859-8-i": "iso-8859-8", "cp-850": "cp850",
    "ks_c_5601-1987": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "x-sjis": "cp932",
    "iso8859_1": "cp1252",
}  # fmt: skip
_DIRECTIONS = dict.fromkeys(
    map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")
)
_ADDRESS = re.compile(r"[^\s<>\"(),:;\[\]\\@]{1,64}@[^\s<>\"(),:;\[\]\\@]{1,250}")
_IDS = re.compile(r"<[^<>\s]{1,900}>")


def decode(content: bytes, charset: str) -> str:
    """The words of a content, whatever it says about its character set."""
    for name in (charset, "utf-8"):
        plain = name.strip().strip("\"'").lower()
        if plain == "utf-7":  # an encoding that hides what it says; its signs are plain ones
            continue
        try:
            found = codecs.lookup(_ALIASES.get(plain, plain))
            if not found._is_text_encoding or found.name in _NOT_FOR_MAIL:
                continue
            if found.name == "cp1252" and _is_utf8(content):
                return content.decode("utf-8")
            return content.decode(found.name)
        except (LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def _is_utf8(content: bytes) -> bool:
    """Does a content that says to be Western in fact hold signs of UTF-8?"""
    if content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def clean(text: str, *, most: int = LONGEST_TEXT) -> str:
    """Text as it is kept: no control signs, no tricks of direction, no heaps of accents."""
    plain = text[: most * 2].replace("\r\n", "\n").replace("\r", "\n").translate(_DIRECTIONS)
    kept: list[str] = []
    marks = 0
    for sign in plain[:most]:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind == "Mn" else 0
        if marks > 4 or kind in {"Cs", "Cn", "Co"} or (kind == "Cc" and sign not in "\n\t"):
            continue
        kept.append(sign)
    return "".join(kept)


def line(value: bytes, *, most: int = 1000) -> str:
    """A field as it is read: encoded words decoded, on one line."""
    text = value[:8000].decode("ascii", "surrogateescape")
    if any("\udc80" <= sign <= "\udcff" for sign in text):
        text = decode(value[:8000], "utf-8")  # eight-bit signs, against the rule
    if "=?" in text:
        text = _encoded(text)
    return " ".join(clean(text, most=most).split())


def _encoded(text: str) -> str:
    try:
        pieces = decode_header(text)
    except (ValueError, LookupError):
        return text
    words = [
        decode(piece, charset or "utf-8") if isinstance(piece, bytes) else piece
        for piece, charset in pieces
    ]
    return "".join(words)


def first_address(value: bytes) -> tuple[str, str]:
    """Name and address of whoever wrote; empty when there is none."""
    found = addresses(value, most=1)
    return found[0] if found else ("", "")


def addresses(value: bytes, *, most: int = 50) -> list[tuple[str, str]]:
    """Names and addresses of a field; what is no address is left out."""
    text = value[:8000].decode("ascii", "surrogateescape")
    if text.count("(") > 20 or text.count('"') > 400:  # comments inside comments: a trap
        pairs: Iterable[tuple[str, str]] = [("", found) for found in _ADDRESS.findall(text)]
    else:
        pairs = utils.getaddresses([text])
    kept = []
    for name, address in pairs:
        plain = address.encode("ascii", "surrogateescape")
        spelled = clean(decode(plain, "utf-8"), most=254).strip()
        if _ADDRESS.fullmatch(spelled):
            kept.append((line(name.encode("utf-8", "surrogateescape"), most=200), spelled))
    if not kept and (bare := _ADDRESS.search(text)):
        kept = [("", bare[0])]
    return kept[:most]


def ids(value: bytes, *, most: int = 100) -> list[str]:
    """The Message-IDs of a field, in their order."""
    found = _IDS.findall(value.decode("ascii", "replace"))
    return list(dict.fromkeys(found))[-most:]


# What is quoted -------------------------------------------------------------------------------

_WROTE = "a écrit|wrote|schrieb|escribió|ha scritto|schreef"
_FORWARDED = (
    "Message d['’]origine|Original Message|Message transféré|Forwarded message|Message initial|"
    "Ursprüngliche Nachricht"
)
_ATTRIBUTION = re.compile(
    r"^(?:> ?){0,20}(?:"
    rf"(?:Le|On|Am|El|Il|Op)\b[^\n]{{4,200}}(?:\n[^\n]{{0,120}})?(?:{_WROTE})\s*[:\u00a0\u202f ]*"
    rf"|-{{2,}}\s*(?:{_FORWARDED})\s*-{{2,}}"
    r"|_{20,}\s*\n\s*(?:De|From)\s?:"
    r"|(?:De|From)\s?:[^\n]{2,200}\n(?:[^\n]{0,200}\n){0,2}?(?:Envoyé|Sent|Date)\s?:[^\n]{2,100}"
    r")\s*$",
    re.M | re.I,
)


def fold(text: str) -> tuple[str, str]:
    """The new words, and what they quote; all of it is new when nothing else is left."""
    plain = re.sub(r"[ \t]+\n", "\n", text).strip("\n")
    place = len(plain)
    if found := _ATTRIBUTION.search(plain):
        place = found.start()
    fresh, history = plain[:place].rstrip(), plain[place:].strip("\n")
    if not history:
        fresh, history = _without_last_quote(plain)
    if not fresh.strip():
        return plain.strip(), ""
    return fresh.strip(), history


def _without_last_quote(text: str) -> tuple[str, str]:
    """A block of lines with ">" at the very end is history, too."""
    lines = text.split("\n")
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    quoted = [one for one in lines[end:] if one.startswith(">")]
    if not quoted:
        return text, ""
    return "\n".join(lines[:end]).rstrip(), "\n".join(lines[end:]).strip()


def unflow(text: str, *, delsp: bool) -> str:
    """Lines that a mail program broke for its own sake, put together again (RFC 3676)."""
    out: list[str] = []
    flowing = False
    for one in text.split("\n"):
        said = one.removeprefix(" ") if not one.startswith(">") else one
        if flowing and not said.startswith(">") and out:
            out[-1] += said
        else:
            out.append(said)
        flowing = said.endswith(" ") and said != "-- " and not said.startswith(">")
        if flowing and delsp:
            out[-1] = out[-1][:-1]
    return "\n".join(out)
