"""A public sheet in the words of schema.org: the same as its page says, for other programs.

One description, two ways out (decision 25): JSON-LD at an address of its own, and microdata in
the page itself, for readers that follow no link. Nothing but the public page goes in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from parvis.knowledge import markup
from parvis.knowledge.presentation import SheetPage
from parvis.organisations import queries as organisations
from parvis.organisations import rules as hours
from parvis.organisations.models import Authority, Site

Node = dict[str, Any]
SCHEMA = "https://schema.org/"
DESK, PHONE, _APPOINTMENT = hours.HoursChannel
LONGEST_ANSWER = 5000


@dataclass(frozen=True)
class Described:
    """What schema.org is told of one sheet; ``web`` gives the whole address of a public page."""

    page: SheetPage
    authority: Authority
    sites: Sequence[Site]
    today: date
    web: Callable[..., str]

    @property
    def graph(self) -> list[Node]:
        """The service, and the question that its sheet answers."""
        return [self._service(), self._questions()]

    @property
    def document(self) -> Node:
        """The whole as a JSON-LD document."""
        return {"@context": SCHEMA, "@graph": self.graph}

    @property
    def microdata(self) -> SafeString:
        """The whole as microdata that nobody sees."""
        return mark_safe("".join(_item(node) for node in self.graph))  # noqa: S308 - escaped below

    @property
    def _address(self) -> str:
        return self.web("knowledge:sheet", self.page.sheet.ref)

    def _service(self) -> Node:
        sheet, version = self.page.sheet, self.page.version
        return _filled(
            {
                "@type": "GovernmentService",
                "@id": f"{self._address}#service",
                "name": version.title,
                "description": self.page.short_answer,
                "url": self._address,
                "provider": self._provider(),
                "serviceOperator": self._operator(),
                "audience": _filled({"@type": "Audience", "audienceType": self._for_whom()}),
                "availableChannel": [self._channel(site) for site in self._open_sites()],
                "identifier": sheet.ref,
            }
        )

    def _provider(self) -> Node:
        authority = self.authority
        return _filled(
            {
                "@type": "GovernmentOrganization",
                "name": authority.name,
                "url": self.web("web:front"),
                "telephone": authority.phone,
                "email": authority.email,
                "address": authority.address,
            }
        )

    def _operator(self) -> Node:
        # The service of another house that shares its sheet answers nobody here.
        service = None if self.page.owner else self.page.sheet.service
        if service is None:
            return {}
        return _filled(
            {
                "@type": "GovernmentOrganization",
                "name": service.label,
                "telephone": service.phone,
                "email": service.email,
                "address": service.address,
            }
        )

    def _for_whom(self) -> str:
        parts = [markup.words(part.html) for part in self.page.parts if part.kind == "for_whom"]
        return "\n".join(parts)

    def _open_sites(self) -> Sequence[tuple[Site, hours.Schedule]]:
        schedules = organisations.schedules_of(self.sites) if self.sites else {}
        return [(site, schedules[site.pk]) for site in self.sites]

    def _channel(self, found: tuple[Site, hours.Schedule]) -> Node:
        site, schedule = found
        office = {
            "@type": "GovernmentOffice",
            "name": site.label,
            "address": site.address,
            "telephone": site.phone or self.authority.phone,
            "url": self.web("web:hours"),
            "openingHoursSpecification": hours.weekly_hours(schedule, DESK, self.today),
            "specialOpeningHoursSpecification": hours.unusual_days(schedule, DESK, self.today),
        }
        return {"@type": "ServiceChannel", "serviceLocation": _filled(office)}

    def _questions(self) -> Node:
        version = self.page.version
        pairs = [(version.title, self.page.short_answer)]
        pairs += [
            (f"{version.title} : {part.heading}", markup.words(part.html)[:LONGEST_ANSWER])
            for part in self.page.parts
            if part.heading and part.kind not in {"related", "legal", "glossary"}
        ]
        return _filled(
            {
                "@type": "FAQPage",
                "@id": self._address,
                "url": self._address,
                "name": version.title,
                "inLanguage": version.language,
                "datePublished": version.published_at.date().isoformat(),
                "dateModified": version.published_at.date().isoformat(),
                "lastReviewed": self.page.sheet.reviewed_on
                and self.page.sheet.reviewed_on.isoformat(),
                "mainEntity": [_question(*pair) for pair in pairs if pair[1]],
            }
        )


def _question(question: str, answer: str) -> Node:
    said = {"@type": "Answer", "text": answer}
    return {"@type": "Question", "name": question, "acceptedAnswer": said}


def _filled(node: Node) -> Node:
    """The same without what is empty; nothing at all when only its type is left."""
    kept = {name: value for name, value in node.items() if value}
    return kept if kept.keys() - {"@type"} else {}


def _item(node: Node, name: str = "") -> str:
    """One thing as microdata."""
    kind, known_as = SCHEMA + str(node["@type"]), node.get("@id", "")
    inner = format_html_join(
        "",
        "{}",
        (
            (mark_safe(_property(key, one)),)  # noqa: S308 - escaped by _property
            for key, value in node.items()
            if not key.startswith("@")
            for one in (value if isinstance(value, list) else [value])
        ),
    )
    as_part = format_html(' itemprop="{}"', name) if name else ""
    itself = format_html(' itemid="{}"', known_as) if known_as else ""
    opening = format_html('<div{} itemscope itemtype="{}"{}', as_part, kind, itself)
    return f"{opening}{'' if name else ' hidden'}>{inner}</div>"


def _property(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return _item(value, name)
    if str(value).startswith(("https://", "http://")):
        return format_html('<link itemprop="{}" href="{}">', name, value)
    return format_html('<meta itemprop="{}" content="{}">', name, value)
