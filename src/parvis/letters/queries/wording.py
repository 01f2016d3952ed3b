"""The wordings of an authority: its own, or those that come with the software."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.db.models import QuerySet

from parvis.common.access import Actor
from parvis.letters.models import Kind, Letterhead, Template, TemplateVersion
from parvis.organisations.models import Authority


@dataclass(frozen=True)
class Wording:
    """What a letter begins with."""

    kind: str
    name: str
    subject: str
    body: str
    template: Template | None = None
    version: TemplateVersion | None = None

    @property
    def is_standard(self) -> bool:
        """Nobody of the authority has changed it."""
        return self.version is None

    @property
    def label(self) -> str:
        """What it is called where one is chosen."""
        return self.name or str(Kind(self.kind).label)

    @property
    def key(self) -> str:
        """How a page names it."""
        return f"{self.kind}:{self.template.pk}" if self.template else self.kind


@cache
def standard() -> Mapping[str, Mapping[str, str]]:
    """The wordings that come with the software, by kind."""
    text = files("parvis.letters").joinpath("standard.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found


def wordings(authority_id: int) -> list[Wording]:
    """Every wording in use: one for each kind, and the named ones beside it."""
    rows = Template.objects.filter(authority_id=authority_id, current__isnull=False)
    known = list(rows.select_related("current").order_by("name", "pk"))
    found = []
    for kind in Kind:
        own = [row for row in known if row.kind == kind]
        if not any(row.name == "" for row in own):
            found.append(_standard(kind))
        found += [_own(row) for row in own if row.is_active or row.name == ""]
    return found


def wording(authority_id: int, key: str) -> Wording | None:
    """One wording by its key; a kind alone names its first wording."""
    every = wordings(authority_id)
    return next(
        (one for one in every if one.key == key), next((o for o in every if o.kind == key), None)
    )


def _standard(kind: Kind) -> Wording:
    words = standard()[kind]
    return Wording(kind.value, "", words["subject"], words["body"])


def _own(row: Template) -> Wording:
    assert row.current is not None  # noqa: S101
    return Wording(row.kind, row.name, row.current.subject, row.current.body, row, row.current)


def versions(actor: Actor, kind: str, name: str) -> QuerySet[TemplateVersion]:
    """How a template read before, latest first."""
    rows = TemplateVersion.objects.visible_to(actor).filter(
        template__kind=kind, template__name=name
    )
    return rows.select_related("author__entry").order_by("-number")


def letterhead(authority: Authority) -> Letterhead:
    """The letterhead, or what it would be before anybody has set it."""
    found = Letterhead.objects.filter(authority=authority).first()
    return found or Letterhead(authority=authority, place=authority.name, foot=authority.address)
