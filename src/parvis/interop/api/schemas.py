"""The JSON of the contract: ids are strings, times RFC 3339 with their zone."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from parvis.interop.api.values import Day, Email, Id, LongText, Moment, ShortText, Text

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


class FieldProblem(Schema):
    """What is wrong with one field, called as the sender wrote it."""

    field: str
    says: str


class Problem(Schema):
    """RFC 9457; `code` names a refusal for programs, `errors` the fields that are wrong."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    errors: list[FieldProblem] = []


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


class PersonIn(Schema):
    first_name: Annotated[Text, Field(max_length=80)] = ""
    last_name: Annotated[Text, Field(max_length=80)] = ""
    email: Email = ""
    phone: Annotated[Text, Field(max_length=24)] = ""
    address: Annotated[Text, Field(max_length=240)] = ""


class NewContact(Schema):
    channel: ChannelName
    topic: Id
    started_at: Moment | None = None
    ended_at: Moment | None = None
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
    received_on: Day | None = None
    posted_on: Day | None = None


class NamedContact(Schema):
    name: str
    function: str
    service: str


class ShownContact(Schema):
    """Whom the public sees today, and who is away."""

    name: str
    function: str
    service: str
    deputy: str
    stands_in: bool
    away: str
    away_until: date | None


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
    contact: ShownContact
    receipt: dict[str, Any]
    silence: Silence | None


class CaseEntryOut(Schema):
    at: datetime
    author: str
    what: str
    text: str
    internal: bool
    internal_reason: str


class HandoverOut(Schema):
    state: str
    to: NamedContact | None
    why: str
    promised: str
    next_step: str
    by_when: date | None
    offered_at: datetime


class StepOut(Schema):
    """A step of a protocol done in a case: by whom, when, with which version of the sheet."""

    protocol: str
    version: int
    step: int
    title: str
    by: str
    at: datetime
    otherwise: str


class ReadingOut(Schema):
    at: datetime
    who: str
    service: str
    reason: str
    words: str


class CaseOut(Schema):
    reference: str
    title: str
    state: str
    topic: Id
    service: ServiceOut
    referent: NamedContact | None
    deputy: NamedContact | None
    contact: ShownContact
    opened_at: datetime
    closed_at: datetime | None
    description: str
    handover: HandoverOut | None
    steps: list[StepOut]
    entries: list[CaseEntryOut]
    needs_reason: bool = False
    readings: list[ReadingOut] = []


class Message(Schema):
    text: LongText


class Close(Schema):
    text: LongText
    outcome: Literal["answers", "refuses"] = "answers"


class Note(Schema):
    text: LongText
    reason: Annotated[Text, Field(min_length=1, max_length=200)]


class HandOver(Schema):
    referent: Id
    note: LongText
    promised: LongText
    next_step: Annotated[Text, Field(min_length=1, max_length=200)]
    by_when: Day
    deputy: Id | None = None
    because: Annotated[Text, Field(max_length=200)] = ""


class StepIn(Schema):
    protocol: Annotated[Text, Field(min_length=1, max_length=60)]
    step: Annotated[int, Field(ge=1, le=999)]
    cause: Annotated[Text, Field(max_length=10)] = ""
    words: Annotated[Text, Field(max_length=300)] = ""


class GiveBack(Schema):
    reason: Annotated[Text, Field(min_length=1, max_length=300)]


class Forward(Schema):
    authority: Annotated[Text, Field(min_length=1, max_length=120)]
    reason: LongText


class ThanksIn(Schema):
    words: Annotated[Text, Field(max_length=500)] = ""
    may_be_shown: bool = False


class ThanksOut(ThanksIn):
    """The thanks as they were kept; they reach everybody who acted on the case."""

    at: datetime


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


class LocalWordsOut(Schema):
    """Who laid local words over a sheet of somebody else, and whether to look at them again."""

    id: Id
    act: str
    by: str
    on: date
    check: bool
    note: str


class SheetBlock(Schema):
    kind: str
    title: str
    level: str
    html: str
    local: LocalWordsOut | None = None  # the caller's own authority says this here
    hidden: LocalWordsOut | None = None  # left out for the caller's public


class Attribution(Schema):
    """What the licence of a national sheet wants told wherever it is shown."""

    source: str
    licence: str
    file: str
    file_date: date | None
    page_url: str
    download_url: str


class SheetQuestion(Schema):
    """A question that decides what of the sheet concerns somebody; answer it as ``?q1=2``."""

    key: str
    title: str
    choices: list[str]


class SheetOut(Schema):
    id: Id
    ref: str
    title: str
    kind: str
    breadcrumb: str
    short_answer: str
    blocks: list[SheetBlock]
    service: str | None
    shared_by: str  # the other authority that wrote it
    reviewed_on: date | None
    stale: bool
    source_url: str
    source_note: str
    attribution: Attribution | None
    questions: list[SheetQuestion]
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
