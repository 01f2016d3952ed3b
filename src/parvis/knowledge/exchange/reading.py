"""Reading records that somebody brings: lenient about what is missing, strict about what is not.

Everything that is said of hostile files (decision 26) happens here or in ``dila.sources`` and
``dila.xml``: size, number, depth, entities, encodings, paths that lead outside, links, bombs.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from parvis.common.errors import Refused
from parvis.knowledge.dila import sources
from parvis.knowledge.dila.draft import Broken
from parvis.knowledge.dila.sources import Source
from parvis.knowledge.dila.xml import MAX_BYTES, parse
from parvis.knowledge.exchange.checking import checked
from parvis.knowledge.exchange.records import FORMAT, VERSION, Record
from parvis.knowledge.exchange.writing import ROOT

MAX_DEPTH: Final = 30
_DIGEST = re.compile(r"(?:.*/)?([0-9a-f]{64})")


@dataclass
class Bundle:
    """What was brought: sheets to read one after the other, and files by their hash."""

    items: list[Source] = field(default_factory=list)
    files: dict[str, Callable[[], bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """One sheet that was brought, or why it cannot be read."""

    place: str
    record: Record | None
    reason: str = ""
    house: str = ""  # who took it out, as far as the file says it


def is_ours(path: Path) -> bool:
    """Whether the sheets of a path were written by an installation like this one."""
    try:
        items = sources.listed(path)
    except Refused:
        return False
    first = next((one for one in items if one.suffix in {".jsonl", ".ndjson", ".xml"}), None)
    if first is None:
        return False
    try:
        start = first.read()[:2000]
    except Broken:
        return False
    return f'"format":"{FORMAT}"'.encode() in start or f"<{ROOT} ".encode() in start


def opened(path: Path) -> Bundle:
    """What lies at the path; refused as a whole when it is no archive that may be used."""
    bundle = Bundle()
    for source in sources.listed(path):
        digest = _DIGEST.fullmatch(source.name)
        if digest and not source.is_line:
            bundle.files[digest[1]] = source.read
        elif source.is_line or source.suffix == ".xml":
            bundle.items.append(source)
    if not bundle.items:
        raise Refused(_("There are no sheets in it."))
    return bundle


def read(bundle: Bundle) -> Iterator[Given]:
    """Every sheet in turn; one that cannot be read stops none of the others."""
    house = ""
    for source in bundle.items:
        try:
            record, said = _line(source) if source.is_line else _document(source.read())
            house = said if said is not None else house
            if record is not None:
                yield Given(source.place, checked(record), house=house)
        except Broken as broken:
            yield Given(source.place, None, str(broken.reason))


def _line(source: Source) -> tuple[Record | None, str | None]:
    content = source.read()
    if len(content) > MAX_BYTES:
        raise Broken(_("The line is longer than %(limit)d MB.") % {"limit": MAX_BYTES >> 20})
    try:
        row = json.loads(content)
    except (ValueError, RecursionError):
        raise Broken(_("The line is not JSON in UTF-8.")) from None
    if not isinstance(row, dict):
        raise Broken(_("The line is not a JSON object."))
    _too_deep(row)
    if "format" in row:
        _header(row.get("format"), row.get("version"))
        return None, str(row.get("house", ""))[:50]
    return row, None


def _header(name: object, version: object) -> None:
    if name != FORMAT:
        raise Broken(_("These are not sheets as Parvis writes them."))
    if str(version) != str(VERSION):
        raise Broken(_("Written by another version of Parvis: %s.") % str(version)[:20])


def _document(content: bytes) -> tuple[Record, str]:
    root = parse(content)
    if root.tag != ROOT:
        raise Broken(_("These are not sheets as Parvis writes them."))
    _header(root.get("format"), root.get("version"))
    record: Record = {one.tag: _value(one) for one in root}
    _too_deep(record)
    return record, root.get("house", "")[:50]


def _value(element: Element) -> Any:
    text = element.text or ""
    try:
        match element.get("t", "text"):
            case "null":
                return None
            case "bool":
                return text == "true"
            case "number" | "json":
                return json.loads(text)
            case "list":
                return [_value(one) for one in element]
            case "object":
                return {one.get("name", one.tag): _value(one) for one in element}
    except (ValueError, RecursionError):
        raise Broken(_("“%s” cannot be read.") % element.tag[:40]) from None
    return text


def _too_deep(value: Any, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise Broken(_("It is nested more than %d deep.") % MAX_DEPTH)
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return
    for one in value:
        _too_deep(one, depth + 1)
