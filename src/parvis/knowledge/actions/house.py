"""The house that takes sheets in: what it has of what records name, and what it was told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.law.models import Article
from parvis.organisations.models import Authority, Service, Topic

Record = dict[str, Any]
Files = dict[str, Callable[[], bytes]]


@dataclass
class Taken:
    """What became of one sheet, and what could not be taken with it."""

    ref: str
    result: str = "unchanged"  # new, changed
    remarks: list[str] = field(default_factory=list)

    def changed(self) -> None:
        if self.result == "unchanged":
            self.result = "changed"


@dataclass
class House:
    """What the taking house has of what records name; asked once for all."""

    authority: Authority
    now: datetime
    agent: Agent | None = None
    services: dict[str, Service] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    colleagues: dict[str, Agent] = field(default_factory=dict)
    articles: dict[tuple[str, str], Article] = field(default_factory=dict)

    @classmethod
    def of(cls, authority: Authority, *, now: datetime, agent: Agent | None = None) -> "House":
        articles = Article.objects.filter(text__authority=authority, current__isnull=False)
        return cls(
            authority,
            now,
            agent,
            {one.slug: one for one in Service.objects.filter(authority=authority)},
            {one.slug: one for one in Topic.objects.filter(authority=authority)},
            {one.username: one for one in Agent.objects.filter(authority=authority)},
            {
                (one.text.short_name, one.number): one
                for one in articles.select_related("text", "current").prefetch_related("versions")
            },
        )

    def colleague(self, name: str | None, taken: Taken) -> Agent | None:
        """The colleague of that name, if one works here."""
        if name and name not in self.colleagues:
            taken.remarks.append(_("nobody here is called “%s”") % name[:60])
        return self.colleagues.get(name or "")

    def signs(self, name: str | None, taken: Taken) -> Agent | None:
        """Who stands for a text or a file: its author, else who brings it, else an old hand."""
        found = self.colleague(name, taken) or self.agent
        return found or next(iter(self.colleagues.values()), None)
