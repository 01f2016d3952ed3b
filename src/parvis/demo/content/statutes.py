"""The shape of the demo town's legal register."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ArticleWords:
    """An article, in the words of the editor of the register.

    `became` is a wording that came into force lately. A local article names the `family` of
    topics whose first `sheets` sheets rest on it; the others are found in the sheets themselves.
    """

    number: str
    subject: str
    wording: str
    became: str = ""
    what_changed: str = ""
    family: str = ""
    sheets: int = 0


@dataclass(frozen=True)
class TextWords:
    """A text of the register and the service that follows it."""

    kind: str
    short_name: str
    title: str
    service: str
    articles: tuple[ArticleWords, ...]


@dataclass(frozen=True)
class Reading:
    """How the house reads an article, and what was decided."""

    text: str
    article: str
    status: str
    public: bool
    words: str
    reason: str = ""


@dataclass(frozen=True)
class Statutes:
    """The file `law.json`."""

    texts: tuple[TextWords, ...]
    readings: tuple[Reading, ...]
