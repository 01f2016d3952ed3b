"""The JSON of received e-mails, in the manner of the contract."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.values import Id, ShortText, Text

ShelfName = Literal["waiting", "apart", "machines", "done"]


class MailFileOut(Schema):
    name: str
    kind: str | None
    size: int


class MailOut(Schema):
    id: Id
    state: str
    reason: str
    received_at: datetime
    from_name: str
    from_address: str
    to: str | None
    subject: str
    case: str | None


class MailWholeOut(MailOut):
    text: str
    history: str
    files: list[MailFileOut]


class MailListOut(Schema):
    mails: list[MailOut]


class AttachMail(Schema):
    case: Annotated[Text, Field(min_length=1, max_length=20)]


class OpenFromMail(Schema):
    topic: Id
    title: ShortText = ""


class SetMailAside(Schema):
    reason: Annotated[Text, Field(min_length=1, max_length=300)]
