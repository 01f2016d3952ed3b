"""The shape of what the demo's authorities share with each other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SmallBody:
    """A body of the federation without a hall in this demo: a service, a place, an editor."""

    slug: str
    name: str
    hostname: str
    phone: str
    address: str
    service: str
    site: str
    editor_first: str
    editor_last: str


@dataclass(frozen=True)
class NeighbourSheet:
    """A sheet that a neighbour wrote and offers."""

    by: str
    ref: str
    title: str
    short: str
    documents: tuple[str, ...]
    cost: str
    delay: str
    where: str
    asked: str
    internal: str
    legal: str
    breadcrumb: str


@dataclass(frozen=True)
class LocalVariant:
    """Local words of one house over a part of a sheet of another."""

    by: str
    ref: str
    over: str  # the kind of block
    act: str
    kind: str
    level: str
    text: str
    note: str = ""
    on_older: bool = False  # laid on the text before the one of today: to be checked


@dataclass(frozen=True)
class Aside:
    """A sheet that a house leaves aside, and why."""

    by: str
    ref: str
    reason: str


@dataclass(frozen=True)
class Remark:
    """What a member of the workgroup says about a shared sheet, some days ago."""

    by: str
    ref: str
    text: str
    days: int


@dataclass(frozen=True)
class Between:
    """The file `federation.json`."""

    group: str
    purpose: str
    workgroup: str
    workgroup_purpose: str
    workgroup_family: str
    workgroup_members: tuple[str, ...]
    bodies: tuple[SmallBody, ...]
    sheets: tuple[NeighbourSheet, ...]
    variants: tuple[LocalVariant, ...]
    asides: tuple[Aside, ...]
    remarks: tuple[Remark, ...]
    adopts: dict[str, int]  # how many of the town's sheets each house adopts
