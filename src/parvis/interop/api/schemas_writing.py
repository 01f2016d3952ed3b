"""The JSON of writing sheets: versions, drafts, files, the register, protocols."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.schemas import (
    SheetBlock,
)
from parvis.interop.api.values import Day, Id, LongText, Text

Title = Annotated[Text, Field(min_length=1, max_length=300)]
Reason = Annotated[Text, Field(max_length=300)]


class VersionOut(Schema):
    number: int
    title: str
    published_at: datetime
    author: str
    reviewer: str
    reason: str
    urgent: bool
    current: bool


class WholeVersionOut(VersionOut):
    short_answer: str
    blocks: list[SheetBlock]


class VersionsOut(Schema):
    versions: list[VersionOut]


class FileOut(Schema):
    id: Id
    title: str
    name: str
    kind: str
    size: int
    level: str
    until: date | None
    sha256: str


class FilesOut(Schema):
    files: list[FileOut]


class ReviewOut(Schema):
    ref: str
    reviewed_on: date | None
    review_due_on: date | None


class DraftBlockIn(Schema):
    """A part of a text as editors type it; without an id it is a new one."""

    id: Annotated[Text, Field(max_length=12, pattern=r"^(b\d{1,6})?$")] = ""
    kind: Annotated[Text, Field(max_length=30)]
    title: Annotated[Text, Field(max_length=200)] = ""
    level: Literal["public", "asked", "internal", "embargo"] = "internal"
    text: Annotated[Text, Field(max_length=100_000)] = ""
    until: Day | None = None
    role: Annotated[Text, Field(max_length=120)] = ""
    support: Annotated[Text, Field(max_length=120)] = ""
    delay: Annotated[Text, Field(max_length=120)] = ""


class NewDraft(Schema):
    """A change of a sheet that is there (``ref``), or a new one (``title``)."""

    ref: Annotated[Text, Field(max_length=20)] = ""
    title: Annotated[Text, Field(max_length=300)] = ""
    service: Id | None = None
    urgent: bool = False


class DraftWords(Schema):
    """The whole text; ``revision`` is the one that it started from."""

    revision: int = Field(ge=1, le=10**6)
    title: Title
    short_answer: Annotated[Text, Field(max_length=5000)] = ""
    blocks: Annotated[list[DraftBlockIn], Field(max_length=60)]
    reason: Reason = ""


class DraftOut(Schema):
    id: Id
    ref: str
    state: str
    revision: int
    based_on: int | None
    urgent: bool
    title: str
    short_answer: str
    blocks: list[dict[str, str]]
    reason: str
    returned_words: str
    author: str
    reviewer: str | None
    saved_at: datetime


class DraftsOut(Schema):
    own: list[DraftOut]
    proposed: list[DraftOut]


class Revision(Schema):
    revision: int = Field(ge=1, le=10**6)
    reason: Reason = ""


class ReturnedWords(Schema):
    words: LongText


class InterpretationOut(Schema):
    words: str
    status: str
    author: str
    at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str


class ArticleOut(Schema):
    id: Id
    text: str
    number: str
    subject: str
    wording: str
    version: int | None
    in_force_on: date | None
    checked_on: date | None
    repealed_on: date | None


class WholeArticleOut(ArticleOut):
    readings: list[InterpretationOut]
    sheets: list[str]


class ArticlesOut(Schema):
    articles: list[ArticleOut]


class LegalTextOut(Schema):
    id: Id
    short_name: str
    title: str
    kind: str
    url: str
    in_force: bool
    articles: int


class RegisterOut(Schema):
    texts: list[LegalTextOut]


class ProtocolStepOut(Schema):
    number: int
    title: str
    html: str
    role: str
    support: str
    delay: str
    level: str


class ProtocolOut(Schema):
    ref: str
    title: str
    version: int
    read: bool


class WholeProtocolOut(ProtocolOut):
    steps: list[ProtocolStepOut]


class ProtocolsOut(Schema):
    protocols: list[ProtocolOut]


class WordOut(Schema):
    said: str
    written: str


class PinOut(Schema):
    words: str
    ref: str


class FindingOut(Schema):
    synonyms: list[WordOut]
    pins: list[PinOut]
