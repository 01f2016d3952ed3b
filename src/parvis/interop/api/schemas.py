"""The JSON of the contract: ids are strings, times RFC 3339 with their zone."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints


def _id(value: Any) -> Any:
    # Ids are strings; a number is taken for its digits, anything else for a mistake.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Id = Annotated[str, BeforeValidator(_id)]


def _no_nul(value: Any) -> Any:
    # PostgreSQL refuses NUL in text while SQLite stores it: refuse it for both, in words.
    if isinstance(value, str) and "\0" in value:
        raise ValueError("must not contain NUL characters")
    return value


Text = Annotated[str, BeforeValidator(_no_nul), StringConstraints(strip_whitespace=True)]
ShortText = Annotated[Text, Field(max_length=200)]
LongText = Annotated[Text, Field(min_length=1, max_length=20_000)]

OutcomeName = Literal[
    "resolved", "passed_on", "case_opened", "appointment_made", "other_authority", "abandoned"
]
ChannelName = Literal["desk", "phone", "email", "post", "web", "assistant"]
CauseName = Literal[
    "chasing",
    "unclear_letter",
    "wrong_service",
    "proof_twice",
    "web_information",
    "it_failure",
    "promise_not_kept",
]
PriorityName = Literal["", "reduced_mobility", "pregnant", "child", "elderly", "card"]


class Nothing(Schema):
    """A body without fields."""


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str


class NewTicket(Schema):
    topic: Id
    topics: list[Id] = Field(default_factory=list, max_length=6)  # those that come after
    priority: PriorityName | bool | None = None
    name: ShortText = ""
    language: Annotated[Text, Field(max_length=5)] = ""


class Receive(NewTicket):
    reason: ShortText = ""


class WaitRange(Schema):
    low_minutes: int
    high_minutes: int


class IssuedTicket(Schema):
    id: Id
    code: str
    number: int
    topic: Id
    state: str
    issued_at: datetime
    ahead: int
    wait: WaitRange | None
    page_url: str


class TicketEventOut(Schema):
    at: datetime
    kind: str
    desk: Id | None
    data: dict[str, Any]


class TicketOut(Schema):
    id: Id
    code: str
    number: int
    site: Id
    topic: Id
    state: str
    priority: str
    issued_at: datetime
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    desk: Id | None
    calls: int
    transfers: int
    booked_at: datetime | None
    reserved_desk: Id | None
    reserved_agent: Id | None


class LegOut(Schema):
    """One topic of a visit: planned, waiting, at_desk or ended."""

    id: Id
    topic: Id
    state: str
    waiting_since: datetime | None
    called_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    outcome: str
    desk: Id | None
    contact: Id | None


class NewLeg(Schema):
    topic: Id


class TicketWithEvents(TicketOut):
    legs: list[LegOut]
    events: list[TicketEventOut]


class Finish(Schema):
    outcome: OutcomeName
    topic: Id | None = None
    sheets: list[ShortText] = Field(default_factory=list, max_length=20)
    avoidable_cause: CauseName | None = None
    note: ShortText = ""


class FinishHere(Finish):
    """``go_on``: with the next topic of the visit at once, if this desk serves it."""

    go_on: bool = False


class Hold(Schema):
    wish: Literal["me", "desk", "anyone"] = "me"


class Choose(Schema):
    ticket: Id
    reason: Annotated[Text, Field(min_length=1, max_length=200)]


class CallNext(Schema):
    finish: Finish | None = None


class Called(Schema):
    ticket: TicketOut
    reason: str


class Received(Schema):
    ticket: TicketOut
    page_url: str


class InLine(Schema):
    """Somebody in line, as a desk sees them: why they stand there, and whether it may call them."""

    ticket: TicketOut
    waited_minutes: int
    reason: str
    for_this_desk: bool


class Transfer(Schema):
    topic: Id | None = None
    desk: Id | None = None
    agent: Id | None = None
    note: ShortText = ""


class ContactOut(Schema):
    id: Id
    channel: str
    topic: Id
    outcome: str
    person: Id | None
    linking: str
    started_at: datetime
    ended_at: datetime
    recorded_at: datetime
    avoidable_cause: str | None
    sheets: list[str]


class Finished(Schema):
    ticket: TicketOut
    contact: ContactOut


class Call(Schema):
    code: str
    desk: str
    called_at: datetime


class NoticeOut(Schema):
    topic: str | None  # its name; nothing for everyone waiting
    text: str


class DisplayOut(Schema):
    version: int
    calls: list[Call]
    waiting: int
    message: str
    notices: list[NoticeOut]
    next: list[str]
    at: datetime


class TopicWait(Schema):
    topic: Id
    name: str
    wait: WaitRange | None


class TopicNotice(Schema):
    topic: Id | None
    text: str


class AccuracyOut(Schema):
    count: int
    right: int
    earlier: int
    later: int
    share: float
    interval: list[float]
    median_error_minutes: float | None


class HalfHourOut(Schema):
    weekday: int  # Monday is 1
    time: str
    people: int
    median_minutes: int
    ninety_percent_minutes: int


class WaitsOut(Schema):
    site: Id
    now: list[TopicWait]
    notices: list[TopicNotice]
    first_day: date
    last_day: date
    announcements: AccuracyOut | None  # nothing of fewer than five
    announcements_above_five_minutes: AccuracyOut | None
    half_hours: list[HalfHourOut]


class PersonIn(Schema):
    first_name: Annotated[Text, Field(max_length=80)] = ""
    last_name: Annotated[Text, Field(max_length=80)] = ""
    email: Annotated[Text, Field(max_length=254)] = ""
    phone: Annotated[Text, Field(max_length=24)] = ""
    address: Annotated[Text, Field(max_length=240)] = ""


class NewContact(Schema):
    channel: ChannelName
    topic: Id
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    outcome: OutcomeName
    person: Id | PersonIn | None = None
    avoidable_cause: CauseName | None = None
    sheets: list[ShortText] = Field(default_factory=list, max_length=20)
    note: ShortText = ""


class NewCase(Schema):
    topic: Id
    channel: ChannelName
    description: LongText
    title: Annotated[Text, Field(max_length=160)] = ""
    person: PersonIn | None = None
    received_on: date | None = None
    posted_on: date | None = None


class NamedContact(Schema):
    name: str
    function: str
    service: str


class ServiceOut(Schema):
    id: Id
    name: str
    phone: str
    email: str


class Silence(Schema):
    meaning: str
    date: date


class CaseOpened(Schema):
    reference: str
    tracking_url: str
    service: ServiceOut
    referent: NamedContact | None
    deputy: NamedContact | None
    receipt: dict[str, Any]
    silence: Silence | None


class CaseEntryOut(Schema):
    at: datetime
    author: str
    what: str
    text: str
    internal: bool
    internal_reason: str


class CaseOut(Schema):
    reference: str
    title: str
    state: str
    topic: Id
    service: ServiceOut
    referent: NamedContact | None
    deputy: NamedContact | None
    opened_at: datetime
    closed_at: datetime | None
    description: str
    entries: list[CaseEntryOut]


class Message(Schema):
    text: LongText


class Note(Schema):
    text: LongText
    reason: Annotated[Text, Field(min_length=1, max_length=200)]


class HandOver(Schema):
    referent: Id
    note: LongText
    deputy: Id | None = None


class Forward(Schema):
    authority: Annotated[Text, Field(min_length=1, max_length=120)]
    reason: LongText


class ThanksIn(Schema):
    words: Annotated[Text, Field(max_length=500)] = ""
    may_be_shown: bool = False


class SheetHit(Schema):
    id: Id
    ref: str
    title: str
    score: float
    passage: str
    url: str
    reviewed_on: date | None
    stale: bool


class SearchOut(Schema):
    answered: bool
    results: list[SheetHit]


class SheetBlock(Schema):
    kind: str
    title: str
    level: str
    html: str


class SheetOut(Schema):
    id: Id
    ref: str
    title: str
    kind: str
    breadcrumb: str
    short_answer: str
    blocks: list[SheetBlock]
    service: str | None
    reviewed_on: date | None
    stale: bool
    source_url: str
    source_note: str
    url: str


class IndicatorOut(Schema):
    code: str
    name: str
    definition: str
    version: int
    value: float | None
    unit: str
    numerator: float | None
    denominator: int | None
    interval: list[float] | None
    excluded: dict[str, int]
    hidden: bool
    few: bool
    detail: dict[str, Any]
