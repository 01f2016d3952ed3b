"""One JSON line as a draft: the plain text of a sheet of an older edition."""

import json
import re
from datetime import date
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from parvis.knowledge import rules
from parvis.knowledge.dila.draft import LICENCE, OWNER, Broken, Draft
from parvis.knowledge.dila.publication import REF, shortened
from parvis.knowledge.rules import Block

MAX_LINE = 2 * 1024 * 1024
EDITION = re.compile(r"\b(20\d\d)(?:-(20\d\d))? edition")
TEXTS = ("id", "title", "text")
PARTIAL = (
    "Cette fiche est incomplète : seuls ses cas particuliers sont repris ici."
    " Lisez-la entière sur Service-Public."
)


def read(content: bytes, line: int) -> Draft:
    """The sheet that one line tells; Broken says what is missing in it."""
    row = _row(content, line)
    edition_end = _edition_end(str(row.get("source", "")))
    text, partial = row["text"], bool(row.get("partial"))
    short_answer = "" if partial else shortened(_first_line(text))
    return Draft(
        ref=row["id"],
        title=row["title"],
        kind=str(row.get("kind", ""))[:60],
        breadcrumb=_breadcrumb(row),
        short_answer=short_answer,
        # What the short answer says in full is not said again.
        blocks=tuple(_blocks(text.strip().removeprefix(short_answer), partial=partial)),
        source_url=_address(row),
        source_note=_attribution(row),
        raw=content.decode(),
        dated=edition_end,
        # An edition says when it was current, not when somebody last checked this sheet.
        review_due_on=edition_end,
    )


def _row(content: bytes, line: int) -> dict[str, Any]:
    if len(content) > MAX_LINE:
        raise Broken(_("The line is longer than %(limit)d MB.") % {"limit": MAX_LINE >> 20}, line)
    try:
        row = json.loads(content)
    except (ValueError, RecursionError):
        raise Broken(_("The line is not JSON in UTF-8."), line) from None
    if not isinstance(row, dict):
        raise Broken(_("The line is not a JSON object."), line)
    for name in TEXTS:
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise Broken(_("The line has no “%s”.") % name, line)
    if not REF.match(row["id"]):
        raise Broken(_("“%s” is no identifier of a sheet.") % row["id"][:40], line)
    return row


def _edition_end(source: str) -> date | None:
    found = EDITION.search(source)
    return date(int(found[2] or found[1]), 12, 31) if found else None


def _breadcrumb(row: dict[str, Any]) -> str:
    places = [str(row.get(name) or "").strip() for name in ("theme", "sous_theme", "dossier")]
    return " > ".join(place for place in places if place)[:400]


def _address(row: dict[str, Any]) -> str:
    given = str(row.get("url") or "")
    return given[:300] if given.startswith("https://") else ""


def _attribution(row: dict[str, Any]) -> str:
    return " · ".join(part for part in (OWNER, LICENCE, str(row.get("source") or "")) if part)[:300]


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.split("\n") if line.strip()), "")


def _blocks(text: str, *, partial: bool) -> list[Block]:
    found = []
    if partial:
        html = f"<p>{escape(PARTIAL)}</p>"
        found.append(Block(kind="notice", title="", level=rules.PUBLIC, html=html))
    html = "".join(_chunk(chunk) for chunk in re.split(r"\n\s*\n", text.strip()))
    if html:
        found.append(Block(kind="explanation", title="", level=rules.PUBLIC, html=html))
    return found


def _chunk(chunk: str) -> str:
    """One stretch between blank lines: a heading, paragraphs, and lists after a colon."""
    lines = [line.strip() for line in chunk.split("\n") if line.strip()]
    parts: list[str] = []
    entries: list[str] = []
    if lines and _is_heading(lines):
        parts.append(f"<h3>{escape(lines.pop(0))}</h3>")
    announced = False
    for line in lines:
        if announced and _is_entry(line):
            entries.append(f"<li>{escape(line)}</li>")
            continue
        parts += _listed(entries)
        entries = []
        parts.append(f"<p>{escape(line)}</p>")
        announced = line.endswith(":")
    return "".join(parts + _listed(entries))


def _listed(entries: list[str]) -> list[str]:
    return [f"<ul>{''.join(entries)}</ul>"] if entries else []


def _is_heading(lines: list[str]) -> bool:
    return len(lines[0]) < 120 and lines[0][-1] not in ".:;," and not lines[0][0].islower()


def _is_entry(line: str) -> bool:
    return line[0].islower() or line[-1] not in ".:"
