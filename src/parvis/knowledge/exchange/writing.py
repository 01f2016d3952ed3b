"""Records as JSON lines or XML, alone or in an archive with the files beside the sheets."""

import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final

from parvis.common import files
from parvis.knowledge.exchange.records import Record

JSONL: Final = "jsonl"
XML: Final = "xml"
FORMATS: Final = (JSONL, XML)
ROOT: Final = "parvis-sheet"
LINES: Final = "sheets.jsonl"
HOUSE: Final = "sheets/_house.xml"  # as no reference begins
_DAY_ONE: Final = (1980, 1, 1, 0, 0, 0)  # the same content gives the same archive
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_REFERENCES = {
    ord(sign): f"&#{ord(sign)};" for sign in '\r\n\t"<>&'
}  # a parser would change the first three, or take the others for its own
_TEXT = {ord(sign): f"&#{ord(sign)};" for sign in "\r<>&"}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def line(record: Record) -> bytes:
    """One line of JSON."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def lines(header: Record, records: Iterable[Record]) -> Iterator[bytes]:
    """All lines, the header first."""
    yield line(header)
    for record in records:
        yield line(record)


def xml(record: Record, header: Record) -> bytes:
    """One sheet as a document: each element is a field, ``t`` says what it is if not a text."""
    about = "".join(f' {name}="{value}"' for name, value in header.items())
    inner = "\n".join(_element(name, value) for name, value in record.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT}{about}>\n{inner}\n</{ROOT}>\n'.encode()


def _element(name: str, value: Any) -> str:
    tag, named = (name, "") if _NAME.fullmatch(name) else ("entry", _named(name))
    match value:
        case None:
            return f'<{tag}{named} t="null"/>'
        case bool():
            return f'<{tag}{named} t="bool">{str(value).lower()}</{tag}>'
        case int() | float():
            return f'<{tag}{named} t="number">{json.dumps(value)}</{tag}>'
        case list():
            return f'<{tag}{named} t="list">{"".join(_element("item", v) for v in value)}</{tag}>'
        case dict():
            inner = "".join(_element(key, one) for key, one in value.items())
            return f'<{tag}{named} t="object">{inner}</{tag}>'
    if _ILLEGAL.search(value):
        return f'<{tag}{named} t="json">{json.dumps(value).translate(_TEXT)}</{tag}>'
    return f"<{tag}{named}>{value.translate(_TEXT)}</{tag}>"


def _named(name: str) -> str:
    return f' name="{name.translate(_REFERENCES)}"'


def archive(target: IO[bytes], kind: str, header: Record, records: Iterable[Record]) -> int:
    """An archive with every sheet and every file beside one; gives the number of sheets."""
    digests: set[str] = set()
    count = 0
    with zipfile.ZipFile(target, "w") as packed:
        if kind == JSONL:
            with packed.open(_entry(LINES), "w", force_zip64=True) as stream:
                stream.write(line(header))
                for record in records:
                    stream.write(line(record))
                    digests |= _digests(record)
                    count += is_sheet(record)
        else:
            for record in records:
                name = f"sheets/{record['ref']}.xml" if is_sheet(record) else HOUSE
                packed.writestr(_entry(name), xml(record, header))
                digests |= _digests(record)
                count += is_sheet(record)
        for digest in sorted(digests):
            path = files.path_of(digest)
            if path.exists():
                packed.writestr(_entry(f"files/{digest}"), path.read_bytes())
    return count


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DAY_ONE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _digests(record: Record) -> set[str]:
    return {one["sha256"] for one in record.get("attachments", ())}


def is_sheet(record: Record) -> bool:
    """A sheet; else what its house laid around sheets."""
    return "ref" in record
