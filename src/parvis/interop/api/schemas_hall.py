"""The JSON of the hall: tickets, calls, displays and waits."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.schemas import (
    CauseName,
    ContactOut,
    OutcomeName,
    PriorityName,
)
from parvis.interop.api.values import Id, ShortText, Text


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


class Finished(Schema):
    ticket: TicketOut
    contact: ContactOut


class Call(Schema):
    code: str
    desk: str
    desk_names: dict[str, str]  # in the other languages of the hall
    called_at: datetime
    awaited: bool  # called and not at the desk yet


class NoticeOut(Schema):
    topic: str | None  # its name; nothing for everyone waiting
    text: str


class FamilyWait(Schema):
    name: str
    names: dict[str, str]  # in the other languages of the hall
    low_minutes: int
    high_minutes: int


class HallOpening(Schema):
    open: bool | None  # nothing while the hours are not confirmed
    until: datetime | None
    next: datetime | None


class DisplayOut(Schema):
    version: int
    calls: list[Call]
    waiting: int
    message: str
    notices: list[NoticeOut]
    next: list[str]
    waits: list[FamilyWait]
    opening: HallOpening
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
