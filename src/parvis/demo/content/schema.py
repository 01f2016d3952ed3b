"""The shape of the demo town's places, topics and people, one dataclass per kind of thing."""

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
