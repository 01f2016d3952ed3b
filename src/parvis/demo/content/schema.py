"""The shape of the demo town's words, one dataclass per kind of thing."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Text:
    """A wording in French and English, sometimes in other languages of the kiosk."""

    fr: str
    en: str
    ar: str = ""
    uk: str = ""


@dataclass(frozen=True)
class Address:
    """A postal address that exists nowhere."""

    line: str
    postcode: str
    city: str


@dataclass(frozen=True)
class Colours:
    """The colours of an authority; `action_dark` is the action colour in dark mode."""

    action: str
    action_strong: str
    action_soft: str
    deep: str
    action_dark: str


@dataclass(frozen=True)
class LegalEntity:
    """A body with a legal personality of its own, such as the town or its CCAS."""

    key: str
    name: Text


@dataclass(frozen=True)
class Service:
    """A department as the public meets it."""

    slug: str
    name: Text
    email: str
    phone: str
    legal_entity: str
    sensitive: bool
    mission: Text


@dataclass(frozen=True)
class Season:
    """A part of the year with its own hours; bounds are month-day, both included."""

    slug: str
    name: Text
    starts: str
    ends: str


@dataclass(frozen=True)
class Slot:
    """A stretch of time within a day."""

    opens: str
    closes: str


@dataclass(frozen=True)
class QuietHours:
    """A weekly stretch with soft light and no sound (weekday 0 is Monday)."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True)
class Hours:
    """Weekly opening of a site in a season (`all` the year round) on a channel."""

    season: str
    channel: str
    weekdays: tuple[int, ...]
    opens: str
    closes: str


@dataclass(frozen=True)
class HoursException:
    """A day unlike the others: every year on `date`, or `days` after the demo's today."""

    rule: str
    channel: str
    slots: tuple[Slot, ...]
    reason: Text
    date: str = ""
    days: int = 0


@dataclass(frozen=True)
class Closure:
    """Days in a row when a site is closed, and where to go instead."""

    starts_in_days: int
    days: int
    reason: Text
    instead: Text


@dataclass(frozen=True)
class DeskRule:
    """Some topics a desk serves: whole families at some levels, and single topics."""

    families: tuple[str, ...]
    levels: tuple[int, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """A numbered desk and what it serves."""

    number: int
    label: Text
    zone: str
    seasonal: bool
    by_appointment: bool
    serves: tuple[DeskRule, ...]


@dataclass(frozen=True)
class Site:
    """A place, or the phone centre, with its desks and hours."""

    slug: str
    letter: str
    name: Text
    short: Text
    kind: str
    address: Address
    phone: str
    access: Text
    quiet_hours: tuple[QuietHours, ...]
    kiosk: bool
    display: bool
    desks: tuple[Desk, ...]
    hours: tuple[Hours, ...]
    exceptions: tuple[HoursException, ...]
    closures: tuple[Closure, ...]
    lines: int = 0


@dataclass(frozen=True)
class Authority:
    """A town or a community, with everything it is made of."""

    slug: str
    name: str
    full_name: Text
    kind: str
    population: int
    staff: int
    hostname: str
    email: str
    phone: str
    address: Address
    colours: Colours
    legal_entities: tuple[LegalEntity, ...]
    members: tuple[str, ...]
    federation: str
    services: tuple[Service, ...]
    family_services: dict[str, str]
    topic_services: dict[str, str]
    seasons: tuple[Season, ...]
    sites: tuple[Site, ...]


@dataclass(frozen=True)
class Federation:
    """A network of authorities that share sheets."""

    slug: str
    name: Text


@dataclass(frozen=True)
class Family:
    """A family of topics, as the kiosk and the catalogue group them; share in percent."""

    slug: str
    name: Text
    kiosk_label: Text
    kiosk_hint: Text
    icon: str
    series: str
    position: int
    share: float


@dataclass(frozen=True)
class Handling:
    """How long a topic takes at the desk: mean in minutes, coefficient of variation."""

    mean: float
    cv: float


@dataclass(frozen=True)
class Topic:
    """Why people come; `share` is the percentage of all human contacts."""

    slug: str
    family: str
    name: Text
    kiosk_label: Text
    service: str
    series: str
    level: int
    fcr_days: int
    share: float
    handling: Handling
    kiosk: bool
    by_appointment: bool
    sensitive: bool
    sheet: str


@dataclass(frozen=True)
class FirstName:
    """A first name and the gender it suggests (f or m)."""

    name: str
    gender: str


@dataclass(frozen=True)
class SkillEntry:
    """A skill, its group, and the topic families it prepares for."""

    slug: str
    name: Text
    family: str
    families: tuple[str, ...]


@dataclass(frozen=True)
class NamePolicy:
    """What the public may read instead of a full name, why, and until when."""

    mode: str
    alias: str = ""
    reason: Text = field(default=Text("", ""))
    until_days: int = 0


@dataclass(frozen=True)
class StaffMember:
    """Somebody with an account."""

    username: str
    first: str
    last: str
    function: Text
    service: str
    roles: tuple[str, ...]
    skills: tuple[str, ...]
    fte: float
    site: str
    desk: int | None
    group: str
    name_policy: NamePolicy
    email: str
    phone: str
    deputy: str


@dataclass(frozen=True)
class DirectoryPerson:
    """Somebody in the staff directory who has no account."""

    first: str
    last: str
    function: Text
    service: str
    phone: str
    email: str
    published: bool
    unpublished_reason: Text


@dataclass(frozen=True)
class DocumentCase:
    """The documents to bring in one situation (`case` is empty for everybody)."""

    case: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class LegalBasis:
    """A text a sheet rests on, always to be confirmed by the authority."""

    text: str
    to_confirm: bool


@dataclass(frozen=True)
class Block:
    """One part of a sheet with its own disclosure level (public, asked, internal).

    An internal block with `embargo_days` becomes public that many days after the demo's today.
    """

    kind: str
    level: str
    text: str = ""
    items: tuple[str, ...] = ()
    cases: tuple[DocumentCase, ...] = ()
    legal: tuple[LegalBasis, ...] = ()
    url: str = ""
    embargo_days: int = 0


@dataclass(frozen=True)
class Sheet:
    """A local sheet: the answer to say, then everything behind it."""

    ref: str
    topic: str
    title: Text
    short: Text
    service: str
    shared: bool
    reviewed_days_ago: int
    review_every_days: int
    synonyms: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happens in a case some working days after it was opened.

    With a `reason` the entry is internal; `awaits` names what the person is asked for.
    """

    day: int
    kind: str
    by: str
    text: tuple[str, ...]
    reason: str = ""
    awaits: str = ""


@dataclass(frozen=True)
class CaseTemplate:
    """A case as it typically goes, for one topic."""

    key: str
    topic: str
    title: Text
    channels: tuple[str, ...]
    weight: int
    due_days: int
    first_words: tuple[str, ...]
    timeline: tuple[TimelineEntry, ...]
    outcome: str
    closing: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeEntry:
    """A way for a case to end."""

    code: str
    name: Text


@dataclass(frozen=True)
class Comment:
    """A free comment and the topic families it fits (none: all of them)."""

    text: str
    families: tuple[str, ...] = ()


@dataclass(frozen=True)
class HallMessage:
    """A message of the day on the desk's bar or on the lobby display."""

    text: Text
    place: str
    audience: str


@dataclass(frozen=True)
class Visitor:
    """A resident that several pages of the demo tell the same story about."""

    first: str
    last: str
    title: str
    story: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class CaseWords:
    """All the wordings around cases and opinions."""

    outcomes: tuple[OutcomeEntry, ...]
    phrases: dict[str, tuple[str, ...]]
    templates: tuple[CaseTemplate, ...]
    thanks: tuple[Comment, ...]
    not_solved: tuple[Comment, ...]
    satisfaction: dict[str, tuple[Comment, ...]]
    complaints: tuple[Comment, ...]
    suggestions: tuple[Comment, ...]
    hall_messages: tuple[HallMessage, ...]
    notes: tuple[Comment, ...]
    visitors: tuple[Visitor, ...]
