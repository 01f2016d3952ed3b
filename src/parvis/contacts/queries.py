"""Reading the log of exchanges, and finding who somebody is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent
from parvis.common import clock, keyset
from parvis.common.access import Actor
from parvis.contacts import rules
from parvis.contacts.models import (
    AvoidableCause,
    Channel,
    Contact,
    Correction,
    Need,
    Outcome,
    Person,
)
from parvis.organisations.models import Topic
from parvis.organisations.models.words import in_reader_language

PAGE = 50
FOUND_AT_MOST = 20
COLUMNS = {  # of a correction
    "topic": _("Topic"),
    "channel": _("Channel"),
    "outcome": _("Outcome"),
    "person": _("Person"),
    "needs": _("Needs"),
    "avoidable_cause": _("Avoidable because of"),
    "note": _("Note"),
}


@dataclass(frozen=True)
class Filters:
    """What the reader of the log asked for; empty means everything."""

    day: date | None = None
    channel: str = ""
    topic_id: int | None = None
    outcome: str = ""
    corrected: bool = False
    beyond_level: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A contact as one line of the log tells it."""

    pk: int
    started_at: datetime
    channel: str
    outcome: str
    beyond_level: bool
    is_corrected: bool
    topic: str
    person: str
    agent: str

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)


@dataclass(frozen=True)
class Page:
    """One page of the log, with the keys of its neighbours."""

    contacts: Sequence[Line]
    older: str
    newer: str


def log(actor: Actor, filters: Filters, *, zone: str, before: str = "", after: str = "") -> Page:
    """Contacts as one reader may see them, latest first, by keyset."""
    rows = _filtered(actor, filters, zone)
    rows = rows.annotate(is_corrected=Exists(Correction.objects.filter(contact=OuterRef("pk"))))
    backwards = bool(after)
    key = keyset.read(after or before)
    if key:
        beyond = keyset.newer if backwards else keyset.older
        rows = rows.filter(beyond("started_at", key))
    order = ("started_at", "pk") if backwards else ("-started_at", "-pk")
    found = _lines(rows.order_by(*order)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    has_newer = more if backwards else bool(key)
    has_older = bool(key) if backwards else more
    return Page(
        found,
        older=_mark(found[-1]) if found and has_older else "",
        newer=_mark(found[0]) if found and has_newer else "",
    )


_OWN = ("pk", "started_at", "channel", "outcome", "beyond_level", "is_corrected")
_TOPIC = ("name", "name_en", "other_names")
_PERSON = ("first_name", "last_name", "email", "phone", "address")


def _lines(rows: QuerySet[Contact]) -> list[Line]:
    # Values, not models: making four of them for each line costs more than to write the page.
    topic, person = (f"topic__{name}" for name in _TOPIC), (f"person__{name}" for name in _PERSON)
    found = list(rows.values_list(*_OWN, "agent_id", "person_id", *topic, *person))
    colleagues = Agent.objects.filter(pk__in={row[6] for row in found}).select_related("entry")
    names = {agent.pk: agent.display_name for agent in colleagues}
    return [Line(*row[: len(_OWN)], *_words(row, names)) for row in found]


def _words(row: tuple[Any, ...], names: dict[int, str]) -> tuple[str, ...]:
    """What it was about, with whom and written down by whom, in the reader's language."""
    agent_id, person_id = row[6:8]
    person = str(Person(**dict(zip(_PERSON, row[11:], strict=True)))) if person_id else ""
    return in_reader_language(*row[8:11]), person, names.get(agent_id, "")


def _filtered(actor: Actor, filters: Filters, zone: str) -> QuerySet[Contact]:
    rows = Contact.objects.visible_to(actor).standing()
    if filters.day:
        start, end = clock.day_bounds(filters.day, ZoneInfo(zone))
        rows = rows.filter(started_at__gte=start, started_at__lt=end)
    if filters.channel:
        rows = rows.filter(channel=filters.channel)
    if filters.topic_id:
        rows = rows.filter(topic_id=filters.topic_id)
    if filters.outcome:
        rows = rows.filter(outcome=filters.outcome)
    if filters.corrected:
        rows = rows.filter(Exists(Correction.objects.filter(contact=OuterRef("pk"))))
    if filters.beyond_level:
        rows = rows.filter(beyond_level=True)
    if filters.mine:
        rows = rows.filter(agent_id=actor.pk)
    return rows


def _mark(contact: Line) -> str:
    return keyset.mark(contact.started_at, contact.pk)


def whole(actor: Actor) -> QuerySet[Contact]:
    """Contacts the actor may see, with all that a page about one of them shows."""
    return Contact.objects.visible_to(actor).select_related(
        "topic__service", "site", "desk__site", "person", "agent__entry", "authority"
    )


def corrections_of(contact: Contact) -> QuerySet[Correction]:
    """What was changed since, oldest first, with who did it."""
    return contact.corrections.select_related("by__entry").order_by("at", "pk")


def earlier_of_person(contact: Contact, actor: Actor, *, limit: int = 5) -> list[Contact]:
    """The last exchanges of the same person before this one (R10, R59)."""
    if contact.person_id is None:
        return []
    rows = Contact.objects.visible_to(actor).standing().select_related("topic")
    earlier = rows.filter(person_id=contact.person_id, started_at__lt=contact.started_at)
    return list(earlier.order_by("-started_at")[:limit])


def people(actor: Actor, text: str) -> list[Person]:
    """People of the house found by the beginning of the name, or a telephone, or an e-mail."""
    text = text.strip()
    if len(text) < 2:
        return []
    book = Person.objects.visible_to(actor)
    matches = Q(last_name__istartswith=text) | Q(email=rules.normal_email(text))
    words = text.split()
    if len(words) > 1:
        matches |= Q(first_name__iexact=words[0], last_name__istartswith=" ".join(words[1:]))
        matches |= Q(last_name__iexact=words[0], first_name__istartswith=" ".join(words[1:]))
    phone = rules.normal_phone(text)
    if phone:
        matches |= Q(phone=phone)
    return list(book.filter(matches).order_by("last_name", "first_name", "pk")[:FOUND_AT_MOST])


def topics_for(authority_id: int) -> list[Topic]:
    """Topics in use, for a list to choose from."""
    rows = Topic.objects.filter(authority_id=authority_id, is_active=True)
    return list(rows.select_related("service", "family").order_by("name"))


def topics_meant(authority_id: int, typed: str) -> list[Topic]:
    """Topics that a few letters may mean, in French or in English, best first."""
    topics = {topic.pk: topic for topic in topics_for(authority_id)}
    names = [
        (pk, name)
        for pk, topic in topics.items()
        for name in (topic.name, topic.name_en, topic.short_name, topic.short_name_en)
        if name
    ]
    return [topics[pk] for pk in dict.fromkeys(rules.choose_topic(typed, names))]


@dataclass(frozen=True)
class TeamCounts:
    """How the last days split, for the whole team."""

    by_channel: dict[str, int]
    beyond_level: int


def team_counts(authority_id: int, *, now: datetime, days: int = 7) -> TeamCounts:
    """Channels used and topics settled beyond level in the last days (R12, R61)."""
    rows = Contact.objects.standing().filter(
        authority_id=authority_id, started_at__gte=now - timedelta(days=days)
    )
    counted = rows.values("channel").annotate(n=Count("pk")).order_by("channel")
    return TeamCounts(
        {row["channel"]: row["n"] for row in counted}, rows.filter(beyond_level=True).count()
    )


def zone_of(agent: Agent) -> str:
    """The time zone that the agent's days are counted in."""
    return agent.site.timezone if agent.site else "Europe/Paris"


def in_words(field: str, value: Any) -> str:
    """A value of a correction as agents read it."""
    if field == "topic":
        topic = Topic.objects.filter(pk=value).first()
        return topic.label if topic else ""
    if field == "person":
        person = Person.objects.filter(pk=value).first()
        return str(person) if person else ""
    return _code_in_words(field, value)


def corrected_words(values: Sequence[dict[str, Any]]) -> list[str]:
    """The columns of many corrections as they are read, with one look for all their topics."""
    topics = Topic.objects.in_bulk({one["topic"] for one in values if one.get("topic")})
    people = Person.objects.in_bulk({one["person"] for one in values if one.get("person")})
    known = {
        "topic": {pk: topic.label for pk, topic in topics.items()},
        "person": {pk: str(person) for pk, person in people.items()},
    }

    def said(field: str, value: Any) -> str:
        return known[field].get(value, "") if field in known else _code_in_words(field, value)

    return [
        "\n".join(
            f"{COLUMNS.get(field, field)} – {said(field, value)}" for field, value in one.items()
        )
        for one in values
    ]


def _code_in_words(field: str, value: Any) -> str:
    if field == "needs":
        return ", ".join(str(Need(need).label) for need in value)
    choices: dict[str, type[TextChoices]] = {
        "channel": Channel,
        "outcome": Outcome,
        "avoidable_cause": AvoidableCause,
    }
    if field in choices and value:
        return str(choices[field](value).label)
    return str(value or "")
