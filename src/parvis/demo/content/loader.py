"""Load the demo town's words from the packaged JSON files as typed, frozen values."""

from __future__ import annotations

import json
import types
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from parvis.demo.content.federation import Between
from parvis.demo.content.procedures import Procedures
from parvis.demo.content.protocols import Protocols
from parvis.demo.content.schema import (
    Authority,
    Desk,
    DirectoryPerson,
    Family,
    Federation,
    FirstName,
    Service,
    SkillEntry,
    StaffMember,
    Text,
    Topic,
)
from parvis.demo.content.statutes import Statutes
from parvis.demo.content.wording import CaseWords, Sheet

T = TypeVar("T")
UNIONS = (Union, types.UnionType)


class ContentError(Exception):
    """The packaged words do not have the expected shape."""


@dataclass(frozen=True)
class Authorities:
    """The file `authorities.json`."""

    federations: tuple[Federation, ...]
    authorities: tuple[Authority, ...]


@dataclass(frozen=True)
class Topics:
    """The file `topics.json`; `subsets` lists the topics of each smaller authority."""

    series: dict[str, Text]
    families: tuple[Family, ...]
    topics: tuple[Topic, ...]
    subsets: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class People:
    """The file `people.json`; staff and directory are keyed by authority."""

    first_names: tuple[FirstName, ...]
    last_names: tuple[str, ...]
    skills: tuple[SkillEntry, ...]
    staff: dict[str, tuple[StaffMember, ...]]
    directory: dict[str, tuple[DirectoryPerson, ...]]


@dataclass(frozen=True)
class SheetFile:
    """One file of `sheets/`: sheets of one family, which may have several files."""

    family: str
    sheets: tuple[Sheet, ...]


def build(kind: Any, value: Any, path: str = "") -> Any:
    """Turn a decoded JSON value into the declared type, refusing what does not fit."""
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _build_record(kind, value, path)
    if origin is tuple:
        item = get_args(kind)[0]
        return tuple(build(item, v, f"{path}[{n}]") for n, v in enumerate(_of(list, value, path)))
    if origin is dict:
        item = get_args(kind)[1]
        return {k: build(item, v, f"{path}.{k}") for k, v in _of(dict, value, path).items()}
    if origin in UNIONS:
        return None if value is None else build(get_args(kind)[0], value, path)
    if kind is float:
        return float(_of((int, float), value, path))
    return _of(kind, value, path)


def _build_record(kind: Any, value: Any, path: str) -> Any:
    hints = get_type_hints(kind)
    names = {f.name for f in fields(kind)}
    given = _of(dict, value, path)
    if unknown := sorted(given.keys() - names):
        raise ContentError(f"{path}: unknown {', '.join(unknown)}")
    try:
        return kind(**{k: build(hints[k], v, f"{path}.{k}") for k, v in given.items()})
    except TypeError as error:
        raise ContentError(f"{path}: {error}") from error


def _of(kind: Any, value: Any, path: str) -> Any:
    # A boolean is an integer for Python, and never for these files.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ContentError(f"{path}: {value!r} is not {kind}")
    return value


def _read(kind: type[T], *parts: str) -> T:
    file = resources.files(__package__).joinpath(*parts)
    built: T = build(kind, json.loads(file.read_text(encoding="utf-8")), "/".join(parts))
    return built


@cache
def load_authorities() -> Authorities:
    """The authorities of the demo, the town first."""
    return _read(Authorities, "authorities.json")


@cache
def load_topics() -> Topics:
    """The catalogue of topics, by family."""
    return _read(Topics, "topics.json")


@cache
def load_people() -> People:
    """Names to draw from, skills, staff with an account and staff without one."""
    return _read(People, "people.json")


@cache
def load_sheets() -> tuple[Sheet, ...]:
    """Every local sheet, ordered by reference."""
    folder = resources.files(__package__).joinpath("sheets")
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".json"))
    sheets = [s for name in names for s in _read(SheetFile, "sheets", name).sheets]
    return tuple(sorted(sheets, key=lambda sheet: sheet.ref))


@cache
def load_case_words() -> CaseWords:
    """Templates of cases, thanks, comments, messages of the day and notes."""
    return _read(CaseWords, "cases.json")


@cache
def load_between() -> Between:
    """What the authorities share with each other."""
    return _read(Between, "federation.json")


@cache
def load_statutes() -> Statutes:
    """The texts, articles and readings of the legal register."""
    return _read(Statutes, "law.json")


@cache
def load_protocols() -> Protocols:
    """How reception works in hard or frequent situations, and where it went another way."""
    return _read(Protocols, "protocols.json")


@cache
def load_procedures() -> Procedures:
    """What silence means for each kind of request, to be confirmed by the town."""
    return _read(Procedures, "procedures.json")


@dataclass(frozen=True)
class Content:
    """All the words of the demo, with the look-ups a generator needs."""

    authorities: Authorities
    topics: Topics
    people: People
    sheets: tuple[Sheet, ...]
    cases: CaseWords
    statutes: Statutes
    between: Between
    protocols: Protocols
    procedures: Procedures

    @cached_property
    def town(self) -> Authority:
        """The authority that uses the whole catalogue."""
        return self.authorities.authorities[0]

    @cached_property
    def topic_by_slug(self) -> dict[str, Topic]:
        """Topics by slug."""
        return {topic.slug: topic for topic in self.topics.topics}

    @cached_property
    def sheet_by_topic(self) -> dict[str, Sheet]:
        """The sheet that each topic names as its own, by the slug of the topic."""
        by_ref = {sheet.ref: sheet for sheet in self.sheets}
        topics = self.topics.topics
        return {topic.slug: by_ref[topic.sheet] for topic in topics if topic.sheet in by_ref}

    def topics_of(self, authority: Authority) -> tuple[Topic, ...]:
        """The topics an authority offers, in the order of the catalogue."""
        if authority.slug not in self.topics.subsets:
            return self.topics.topics
        offered = frozenset(self.topics.subsets[authority.slug])
        return tuple(topic for topic in self.topics.topics if topic.slug in offered)

    def service_of(self, authority: Authority, topic: Topic) -> Service:
        """The service that answers for a topic in an authority."""
        by_family = authority.family_services.get(topic.family, topic.service)
        slug = authority.topic_services.get(topic.slug, by_family)
        return next(service for service in authority.services if service.slug == slug)

    def topics_of_desk(self, authority: Authority, desk: Desk) -> tuple[Topic, ...]:
        """The topics a desk serves, in the order of the catalogue."""
        return tuple(topic for topic in self.topics_of(authority) if serves(desk, topic))


def serves(desk: Desk, topic: Topic) -> bool:
    """Whether one of the desk's rules covers the topic."""
    return any(
        topic.slug in rule.topics or (topic.family in rule.families and topic.level in rule.levels)
        for rule in desk.serves
    )


@cache
def load() -> Content:
    """Everything at once; `checks.problems` says whether it holds together."""
    return Content(
        authorities=load_authorities(),
        topics=load_topics(),
        people=load_people(),
        sheets=load_sheets(),
        cases=load_case_words(),
        statutes=load_statutes(),
        between=load_between(),
        protocols=load_protocols(),
        procedures=load_procedures(),
    )
