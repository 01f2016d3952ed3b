"""One public sheet as the assistant reads it: the parts that everybody reads, and its questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from parvis.assistant.rules import Piece
from parvis.knowledge import markup, presentation
from parvis.knowledge import queries as knowledge
from parvis.knowledge.models import Sheet, SheetText
from parvis.knowledge.queries import OtherText
from parvis.organisations.models import Authority

LEFT_OUT = frozenset({"legal", "more", "glossary", "related", "online"})
MOST_BASES = 3
MOST_DOCUMENTS = 15
MOST_BACK = 3  # questions of one sheet that are put


@dataclass(frozen=True)
class Read:
    """What a sheet says to somebody who gave these answers."""

    sheet: Sheet
    page: presentation.SheetPage
    pieces: Sequence[Piece]
    answers: Mapping[str, str]
    has_older: bool = False  # a translation that the reader could read, older than the sheet

    @property
    def ref(self) -> str:
        return self.sheet.ref

    @property
    def language(self) -> str:
        """The language of the lines that are quoted."""
        return self.page.version.language

    @property
    def documents(self) -> list[str]:
        """What is to be brought, line by line."""
        lines = [
            line for part in self.page.documents for line in markup.words(part.html).split("\n")
        ]
        return list(dict.fromkeys(lines))[:MOST_DOCUMENTS]

    def told(self) -> dict[str, Any]:
        """The sheet as a turn keeps it: name, last check, legal basis."""
        legal = [line for part in self.page.last if part.kind == "legal" for line in _lines(part)]
        checked = self.sheet.reviewed_on
        return {
            "ref": self.ref,
            "title": self.page.version.title,
            "language": self.language,
            "has_older": self.has_older,
            "checked_on": checked.isoformat() if checked else "",
            "is_stale": self.page.is_stale,
            "basis": legal[:MOST_BASES],
            "owner": self.page.owner,
            "service": self.sheet.service.label if self.sheet.service else "",
            "is_national": self.sheet.authority_id is None,
            "has_documents": bool(self.page.documents),
        }

    @property
    def way(self) -> dict[str, Any]:
        """How far the questions of the sheet were answered."""
        return {"ref": self.ref, "version": self.page.version.number, "answers": {**self.answers}}


def _lines(part: presentation.Part) -> list[str]:
    return [line for line in markup.words(part.html).split("\n") if len(line) > 3]


def read(
    authority: Authority,
    ref: str,
    *,
    today: date,
    answers: Mapping[str, str] | None = None,
    language: str = "fr",
) -> Read | None:
    """A sheet that the public of this authority reads, its own before the national one.

    In the reader's language where a translation says what the sheet says today: an older one is
    named and never quoted, for a price or a paper may have changed since.
    """
    sheet = knowledge.public_sheet(authority, ref)
    if sheet is None or sheet.current is None:
        return None
    given = dict(answers or {})
    translation = _translation(sheet, language)
    is_current = translation is not None and not translation.is_older
    page = presentation.public_page(
        sheet,
        authority_id=authority.pk,
        today=today,
        address=_nowhere,
        answers=given,
        version=knowledge.as_version(translation.text) if translation and is_current else None,
    )
    if page is None:
        return None
    has_older = translation is not None and translation.is_older
    return Read(sheet, page, _pieces(page), given, has_older)


def _translation(sheet: Sheet, language: str) -> OtherText | None:
    """What the public may read of this sheet in this language, if that is not its own."""
    if sheet.authority_id is None or sheet.current is None or sheet.current.language == language:
        return None
    texts = knowledge.shown_texts(sheet)
    kind = SheetText.Kind.TRANSLATION
    return next((t for t in texts if (t.text.kind, t.text.language) == (kind, language)), None)


def _nowhere(ref: str) -> str:
    return f"/fiches/{ref}/"


def _pieces(page: presentation.SheetPage) -> list[Piece]:
    short = page.version.short_answer.strip()
    pieces = [Piece("short", "", short)] if short else []
    return pieces + [
        Piece(part.kind, part.heading, markup.words(part.html), bool(part.local))
        for part in page.parts
        if part.kind not in LEFT_OUT and not part.hidden
    ]
