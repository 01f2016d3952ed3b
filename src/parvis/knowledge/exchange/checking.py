"""Whether a record is one: every field of its kind, no longer than a sheet may be."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from parvis.knowledge import markup, rules
from parvis.knowledge.dila.draft import Broken
from parvis.knowledge.exchange.records import Record
from parvis.knowledge.models import OverlayEdit, Sheet, SheetText
from parvis.knowledge.rules import overlays, writing

MOST_BLOCKS: Final = 500
MOST_VERSIONS: Final = 5000
MOST_ROWS: Final = 100_000
LONGEST: Final = 2_000_000
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
Check = Callable[[Any], Any]


def checked(record: Record) -> Record:
    """The same with every field in its place; Broken names the first that is wrong."""
    if "ref" not in record and "house" in record:
        return _fields(record, _HOUSE)
    found = _fields(record, _SHEET)
    if found["current"] is None:
        if found["versions"] or not found["drafts"]:
            raise Broken(_("None of its versions is the current one."))
        found["state"] = Sheet.State.DRAFT.value
    elif found["state"] == Sheet.State.DRAFT.value or found["current"] not in {
        version["number"] for version in found["versions"]
    }:
        raise Broken(_("None of its versions is the current one."))
    numbers = [version["number"] for version in found["versions"]]
    if len(set(numbers)) != len(numbers):
        raise Broken(_("Two of its versions have one number."))
    made = [*found["texts"], *(one for one in found["drafts"] if one["based_on"] is not None)]
    if any(text["based_on"] not in numbers for text in made):
        raise Broken(_("One of its texts was made from a version that is not there."))
    found["versions"].sort(key=lambda version: version["number"])
    return found


def _fields(given: Any, wanted: dict[str, tuple[Check, Any]]) -> Record:
    if not isinstance(given, dict):
        raise Broken(_("A part of it is not an object."))
    found: Record = {}
    for name, (check, default) in wanted.items():
        if name not in given and default is not ...:
            found[name] = default() if callable(default) else default
            continue
        try:
            found[name] = check(given.get(name))
        except (TypeError, ValueError):
            raise Broken(_("“%s” is missing or not what it should be.") % name) from None
    return found


def _text(longest: int) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise ValueError
        value.encode()  # half of a pair of surrogates is no text
        if "\0" in value:
            raise ValueError
        return str(value)

    return check


def _one_of(*values: str) -> Check:
    def check(value: Any) -> str:
        if value not in values:
            raise ValueError
        return str(value)

    return check


def _like(pattern: re.Pattern[str]) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError
        return str(value)

    return check


def _maybe(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _many(check: Check, most: int) -> Check:
    def checks(value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            raise ValueError
        return [check(one) for one in value]

    return checks


def _web(value: Any) -> str:
    address = str(_text(300)(value))
    if address and not address.startswith(("https://", "http://")):
        raise ValueError
    return address


def _day(value: Any) -> date:
    return date.fromisoformat(_text(10)(value))


def _moment(value: Any) -> datetime:
    found = datetime.fromisoformat(_text(40)(value))
    if found.tzinfo is None:
        raise ValueError
    return found


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(lowest: int, highest: int) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError
        if not lowest <= value <= highest:
            raise ValueError
        return value

    return check


def _path(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    if value:
        try:
            rules.decide(value, {})  # type: ignore[arg-type]
        except Exception:  # whatever it is, the page of the sheet would stumble over it
            raise ValueError from None
    return value


def _block(value: Any) -> dict[str, Any]:
    found = _fields(value, _BLOCK)
    if found["level"] == rules.EMBARGO and not found["until"]:
        raise Broken(_("A part that waits for a day has none."))
    kept = {name: found[name] for name in ("kind", "title", "level", "html")}
    if found["until"]:
        kept["until"] = found["until"].isoformat()
    if found["kind"] == rules.STEP:
        kept |= {part: found[part] for part in rules.STEP_PARTS}
    return kept


def _asked(value: Any) -> str:
    return writing.asked_lines(markup.printable(_text(LONGEST)(value)))


_NAME = _maybe(_text(150))
_BLOCK: dict[str, tuple[Check, Any]] = {
    "kind": (_text(30), ...),
    "title": (_text(500), ""),
    "level": (_one_of(*rules.LEVELS), ...),
    "html": (_text(LONGEST), ...),
    "until": (_maybe(_day), None),
    **{part: (_text(120), "") for part in rules.STEP_PARTS},
}
_BLOCKS = _many(_block, MOST_BLOCKS)
_VERSION: dict[str, tuple[Check, Any]] = {
    "number": (_number(1, 10**6), ...),
    "title": (_text(300), ...),
    "short_answer": (_text(LONGEST), ""),
    "blocks": (_BLOCKS, list),
    "path": (_path, dict),
    "language": (_text(5), "fr"),
    "published_at": (_moment, ...),
    "author": (_text(120), ""),
    "reviewer": (_text(120), ""),
    "written_by": (_NAME, None),
    "reviewed_by": (_NAME, None),
    "reason": (_text(300), ""),
    "is_urgent": (_truth, False),
    "raw": (_text(LONGEST), ""),
}
_OTHER_TEXT: dict[str, tuple[Check, Any]] = {
    "kind": (_one_of(*SheetText.Kind.values), ...),
    "language": (_text(7), ...),
    "title": (_text(300), ...),
    "short_answer": (_text(LONGEST), ""),
    "blocks": (_BLOCKS, list),
    "based_on": (_number(1, 10**6), ...),
    "is_shown": (_truth, False),
    "panel": (_text(160), ""),
    "signed_on": (_maybe(_day), None),
    "author": (_NAME, None),
    "saved_at": (_moment, ...),
}
_FILE: dict[str, tuple[Check, Any]] = {
    "title": (_text(200), ...),
    "name": (_text(120), ...),
    "sha256": (_like(_DIGEST), ...),
    "level": (_one_of(*rules.LEVELS), ...),
    "until": (_maybe(_day), None),
    "agent": (_NAME, None),
    "at": (_moment, ...),
    "removed_at": (_maybe(_moment), None),
}
_CITATION: dict[str, tuple[Check, Any]] = {
    "text": (_text(40), ...),
    "article": (_text(40), ...),
    "wording": (_number(1, 10**6), 1),
    "words": (_text(200), ""),
}
_DRAFT_BLOCK: dict[str, tuple[Check, Any]] = {
    "id": (_like(re.compile(r"[a-z]\d{1,9}")), ...),
    "kind": (_text(30), ...),
    "title": (_text(500), ""),
    "level": (_one_of(*rules.LEVELS), ...),
    "text": (_text(LONGEST), ...),
    "until": (_maybe(_day), None),
    **{part: (_maybe(_text(120)), None) for part in rules.STEP_PARTS},
}


def _draft_block(value: Any) -> dict[str, Any]:
    found = _fields(value, _DRAFT_BLOCK)
    if found["until"]:
        found["until"] = found["until"].isoformat()
    return {name: one for name, one in found.items() if one is not None}


_ABOUT: dict[str, tuple[Check, Any]] = {
    "service": (_maybe(_text(50)), None),
    "keeper": (_NAME, None),
    "topics": (_many(_text(50), 200), list),
    "keywords": (_text(LONGEST), ""),
    "asked": (_maybe(_asked), None),  # files of before have none: what is here stays
    "breadcrumb": (_text(400), ""),
    "is_public": (_truth, True),
    "review_every_days": (_number(1, 32767), 180),
    "source_note": (_text(300), ""),
    "source_url": (_web, ""),
}
_DRAFT: dict[str, tuple[Check, Any]] = {
    "title": (_text(300), ""),
    "short_answer": (_text(LONGEST), ""),
    "blocks": (_many(_draft_block, MOST_BLOCKS), list),
    "about": (lambda one: _fields(one, _ABOUT), lambda: _fields({}, _ABOUT)),
    "state": (_one_of(*sorted(writing.OPEN)), writing.WRITING),
    "is_urgent": (_truth, False),
    "reason": (_text(300), ""),
    "returned_words": (_text(LONGEST), ""),
    "based_on": (_maybe(_number(1, 10**6)), None),
    "author": (_NAME, None),
    "reviewer": (_NAME, None),
    "saved_by": (_NAME, None),
    "revision": (_number(1, 10**9), 1),
    "started_at": (_moment, ...),
    "saved_at": (_moment, ...),
    "proposed_at": (_maybe(_moment), None),
}
_STATES = (Sheet.State.PUBLISHED.value, Sheet.State.ARCHIVED.value, Sheet.State.DRAFT.value)
_SHEET: dict[str, tuple[Check, Any]] = {
    "ref": (_like(_REF), ...),
    "nature": (_one_of(*Sheet.Nature.values), Sheet.Nature.SHEET.value),
    "audience": (_text(20), "particuliers"),
    "kind": (_text(60), ""),
    "breadcrumb": (_text(400), ""),
    "service": (_maybe(_text(50)), None),
    "topics": (_many(_text(50), 200), list),
    "reviewed_on": (_maybe(_day), None),
    "review_due_on": (_maybe(_day), None),
    "review_every_days": (_number(1, 32767), 180),
    "source_url": (_web, ""),
    "source_note": (_text(300), ""),
    "source_date": (_maybe(_day), None),
    "keywords": (_text(LONGEST), ""),
    "asked": (_maybe(_asked), None),  # files of before have none: what is here stays
    "keeper": (_NAME, None),
    "urgent_check_by": (_maybe(_day), None),
    "state": (_one_of(*_STATES), _STATES[0]),
    "is_public": (_truth, True),
    "moved_to": (_maybe(_like(_REF)), None),
    "archived_on": (_maybe(_day), None),
    "archive_note": (_text(300), ""),
    "current": (_maybe(_number(1, 10**6)), ...),
    "versions": (_many(lambda one: _fields(one, _VERSION), MOST_VERSIONS), ...),
    "texts": (_many(lambda one: _fields(one, _OTHER_TEXT), 50), list),
    "attachments": (_many(lambda one: _fields(one, _FILE), 500), list),
    "citations": (_many(lambda one: _fields(one, _CITATION), 500), list),
    "drafts": (_many(lambda one: _fields(one, _DRAFT), 2), list),
}
_SLUG = _text(50)
_NAMED_SHEET: dict[str, tuple[Check, Any]] = {
    "ref": (_like(_REF), ...),
    "audience": (_text(20), "particuliers"),
    "owner": (_maybe(_SLUG), None),
}


def _of_sheet(value: Any) -> dict[str, Any]:
    return _fields(value, _NAMED_SHEET)


def _said(value: Any) -> dict[str, Any]:
    """The words of one step in the life of local words: texts under short names."""
    if not isinstance(value, dict) or len(value) > 12:
        raise ValueError
    return {_text(30)(name): _text(LONGEST)(one) for name, one in value.items()}


_WORKGROUP: dict[str, tuple[Check, Any]] = {
    "name": (_text(120), ...),
    "purpose": (_text(300), ""),
    "members": (_many(_text(150), 1000), list),
}
_EDIT: dict[str, tuple[Check, Any]] = {
    "did": (_one_of(*OverlayEdit.Did.values), ...),
    "text": (_like(_DIGEST), ...),
    "said": (_said, ...),
    "agent": (_NAME, None),
    "at": (_moment, ...),
}
_OVERLAY: dict[str, tuple[Check, Any]] = {
    "sheet": (_of_sheet, ...),
    "text": (_like(_DIGEST), ...),
    "position": (_number(overlays.SHORT, MOST_BLOCKS), ...),
    "act": (_one_of(*overlays.ACTS), ...),
    "kind": (_text(60), ...),
    "title": (_text(200), ""),
    "level": (_one_of(*rules.LEVELS), ...),
    "until": (_maybe(_day), None),
    "html": (_text(LONGEST), ""),
    "note": (_text(300), ""),
    "agent": (_NAME, None),
    "at": (_moment, ...),
    "revision": (_number(1, 10**9), 1),
    "removed_at": (_maybe(_moment), None),
    "edits": (_many(lambda one: _fields(one, _EDIT), MOST_VERSIONS), list),
}
_LISTS: dict[str, dict[str, tuple[Check, Any]]] = {
    "synonyms": {
        "said": (_text(200), ...),
        "written": (_text(300), ...),
        "author": (_text(120), ""),
        "created_at": (_moment, ...),
    },
    "pins": {
        "words": (_text(200), ...),
        "sheet": (_of_sheet, ...),
        "author": (_text(120), ""),
        "created_at": (_moment, ...),
    },
    "groups": {
        "name": (_text(120), ...),
        "purpose": (_text(2000), ""),
        "coordinator": (_SLUG, ...),
        "created_at": (_moment, ...),
        "members": (_many(_SLUG, 5000), list),
        "workgroups": (_many(lambda one: _fields(one, _WORKGROUP), 1000), list),
    },
    "shares": {
        "ref": (_like(_REF), ...),
        "group": (_text(120), ...),
        "coordinator": (_SLUG, ...),
        "workgroup": (_maybe(_text(120)), None),
        "agent": (_NAME, None),
        "at": (_moment, ...),
    },
    "adoptions": {
        "sheet": (_of_sheet, ...),
        "state": (_one_of("adopted", "ignored"), ...),
        "text": (_like(_DIGEST), ...),
        "reason": (_text(300), ""),
        "agent": (_NAME, None),
        "at": (_moment, ...),
    },
    "overlays": _OVERLAY,
}


def _list_of(wanted: dict[str, tuple[Check, Any]]) -> Check:
    return _many(lambda one: _fields(one, wanted), MOST_ROWS)


_HOUSE: dict[str, tuple[Check, Any]] = {
    "house": (_SLUG, ...),
    **{name: (_list_of(wanted), list) for name, wanted in _LISTS.items()},
}
