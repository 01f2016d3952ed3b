"""A sheet as a page shows it: what this reader may see, cleaned again, in its places."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.knowledge import guidance, markup, queries, rules
from parvis.knowledge.guidance import PathView
from parvis.knowledge.laying import Laid
from parvis.knowledge.models import Node, Sheet, SheetVersion
from parvis.knowledge.queries import Place
from parvis.knowledge.rules import Block

HEADINGS = {
    "short_answer": gettext_lazy("To say"),
    "for_whom": gettext_lazy("Who it is for"),
    "explanation": gettext_lazy("In detail"),
    "steps": gettext_lazy("How to do it"),
    "documents": gettext_lazy("Documents to bring"),
    "cost": gettext_lazy("Cost"),
    "delay": gettext_lazy("How long it takes"),
    "where": gettext_lazy("Where to go"),
    "online": gettext_lazy("Online"),
    "legal": gettext_lazy("Legal basis"),
    "step": gettext_lazy("Step"),
    "warning": gettext_lazy("Good to know"),
    "internal": gettext_lazy("Inside the house"),
    "coming": gettext_lazy("Soon to change"),
    "related": gettext_lazy("See also"),
    "more": gettext_lazy("Read more"),
    "glossary": gettext_lazy("Words of this sheet"),
}
FACTS = ("cost", "delay", "for_whom")
LONGEST_FACT = 140
NATIONAL = "https://www.service-public.gouv.fr/particuliers/vosdroits/{}"
ASIDE = ("where", "online", "related")
LAST = ("more", "glossary", "legal")
# The disclosure levels, as icon, words, kind of chip and frame of the block.
LEVELS = {
    rules.PUBLIC: ("globe2", gettext_lazy("Public"), "action", ""),
    rules.ASKED: ("chat-left-quote", gettext_lazy("If asked"), "", "pv-block-asked"),
    rules.INTERNAL: ("building", gettext_lazy("Internal"), "attention", "pv-block-inside"),
    rules.EMBARGO: ("lock", gettext_lazy("Not yet public"), "late", "pv-block-embargo"),
}

_LINK = re.compile(r'href="/fiches/([A-Za-z0-9-]{1,20})/"')
_PLAIN = re.compile(r'<a href="/fiches/(R\d{1,8})/"[^>]*>(.*?)</a>', re.DOTALL)
# A sheet of an authority: where it is not held, nobody else has it under this number.
_FOREIGN = re.compile(
    r'<a href="/fiches/((?![FNR]\d)[A-Za-z0-9-]{1,20})/"[^>]*>(.*?)</a>', re.DOTALL
)
_TABLE = re.compile(r"<table>(?:<caption>(.*?)</caption>)?", re.DOTALL)
_FLAT_LIST = re.compile(
    r"<ul>((?:<li>(?:(?!<(?:ul|ol|p|div|table|details)\b).)*?</li>)+)</ul>", re.DOTALL
)


Address = Callable[[str], str]


@dataclass(frozen=True)
class Part:
    """One block as it is shown."""

    kind: str
    heading: str
    html: SafeString
    level: str
    until: date | None
    lists: tuple[str, ...] = ()  # documents to bring that stand inside this part
    local: Laid | None = None  # these words are the reader's own authority's
    hidden: Laid | None = None  # not shown to the public here

    @property
    def is_long(self) -> bool:
        """More than a reader wants before opening it: the texts of law behind a national sheet."""
        return self.html.count("<li>") > 6

    @property
    def icon(self) -> str:
        return LEVELS[self.level][0]

    @property
    def level_label(self) -> str:
        return str(LEVELS[self.level][1])

    @property
    def chip(self) -> str:
        return LEVELS[self.level][2]

    @property
    def frame(self) -> str:
        return LEVELS[self.level][3]


@dataclass(frozen=True)
class SheetPage:
    """Everything that the templates of a sheet need."""

    sheet: Sheet
    version: SheetVersion
    parts: list[Part]
    is_stale: bool
    path: PathView | None = None
    has_choice: bool = False  # something is left out, by the answers of this reader
    owner: str = ""  # the other authority that wrote it
    short_answer: str = ""  # as the reader's authority says it
    short_local: Laid | None = None
    short_covered: str = ""  # what the text says there, for colleagues

    @property
    def has_local_words(self) -> bool:
        """Is anything here said by the reader's own authority, or left out by it?"""
        return bool(self.short_local) or any(part.local or part.hidden for part in self.parts)

    @cached_property
    def node(self) -> Node | None:
        """The dossier of a national sheet, read only by pages that show it."""
        return queries.node_of(self.sheet.ref) if self.sheet.authority_id is None else None

    @property
    def query(self) -> str:
        """The answers so far, to carry them to another page of this sheet."""
        return self.path.query if self.path else ""

    @property
    def is_withdrawn(self) -> bool:
        """A national sheet that left the set: still shown, never as what holds today."""
        return self.sheet.authority_id is None and self.sheet.state == Sheet.State.ARCHIVED

    @property
    def notices(self) -> list[Part]:
        return [part for part in self.parts if part.kind in {"notice", "warning"}]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Short answers that fit side by side."""
        return [
            {"term": part.heading, "text": markup.words(part.html)}
            for kind in FACTS
            for part in self.parts
            if part.kind == kind and _is_short(part)
        ]

    @property
    def main(self) -> list[Part]:
        """What is read in the middle, in the order it was written."""
        elsewhere = {"notice", "warning", *ASIDE, *LAST}
        return [p for p in self.parts if p.kind not in elsewhere and not _is_fact(p)]

    @property
    def aside(self) -> list[Part]:
        return [part for kind in ASIDE for part in self.parts if part.kind == kind]

    @property
    def last(self) -> list[Part]:
        return [part for kind in LAST for part in self.parts if part.kind == kind]

    @property
    def documents(self) -> list[Part]:
        given = [part for part in self.parts if not part.hidden]
        whole = [part for part in given if part.kind == "documents"]
        inner = [
            replace(part, kind="documents", html=mark_safe(html))  # noqa: S308 - cut out of cleaned
            for part in given
            if part.kind != "documents"
            for html in part.lists
        ]
        return whole + inner

    @property
    def places(self) -> list[str]:
        """The breadcrumb, from the widest to the nearest."""
        return [place for place in self.sheet.breadcrumb.split(" > ") if place]


def public_page(
    sheet: Sheet,
    *,
    authority_id: int,
    today: date,
    address: Address,
    version: SheetVersion | None = None,
    answers: Mapping[str, str] | None = None,
) -> SheetPage | None:
    """The sheet with its public blocks only; ``address`` tells where a sheet is read."""
    return _Writer(address, authority_id, today, answers or {}).page(
        sheet, lambda block: rules.is_public(block, today), version=version
    )


def agent_page(
    sheet: Sheet,
    *,
    authority_id: int,
    today: date,
    answers: Mapping[str, str] | None = None,
    address: Address | None = None,
    kept: Sequence[tuple[str, str]] = (),
) -> SheetPage | None:
    """The sheet with all of its blocks, each marked with its level; ``kept`` stays in addresses."""
    writer = _Writer(address or _agent_address, authority_id, today, answers or {}, kept=kept)
    return writer.page(sheet, lambda block: True)


def prose(html: str, address: Address) -> SafeString:
    """The little HTML of a node or a resource, with its links to what is held here."""
    cleaned = rules.shown(markup.clean(html), rules.Decision())
    writer = _Writer(address, 0, date.min, {})
    refs = set(_LINK.findall(cleaned))
    held = Sheet.objects.filter(authority=None, state=Sheet.State.PUBLISHED, ref__in=refs)
    writer.known = set(held.values_list("ref", flat=True)) | queries.known_resources(refs)
    return mark_safe(writer.shown(cleaned, ""))  # noqa: S308 - cleaned just above


def preview(
    sheet: Sheet, version: SheetVersion, *, authority_id: int, today: date, as_agent: bool
) -> SheetPage | None:
    """Words that are not published yet, as the public or a colleague would read them."""
    writer = _Writer(_agent_address, authority_id, today, {})
    return writer.page(
        sheet, lambda block: as_agent or rules.is_public(block, today), version=version
    )


def _agent_address(ref: str) -> str:
    return reverse("knowledge:agent-sheet", args=[ref])


@dataclass
class _Writer:
    """Writes the blocks of one page: links to sheets held here, tables with names of their own."""

    address: Address
    authority_id: int
    today: date
    answers: Mapping[str, str]
    kept: Sequence[tuple[str, str]] = ()
    known: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    tables: int = 0
    decision: rules.Decision = field(default_factory=rules.Decision)
    places: dict[str, list[Place]] = field(default_factory=dict)

    def page(
        self,
        sheet: Sheet,
        readable: Callable[[Block], bool],
        *,
        version: SheetVersion | None = None,
    ) -> SheetPage | None:
        version = version or sheet.current
        if version is None:
            return None
        answers, is_outdated = guidance.answers_in(self.answers, version)
        self.decision = rules.decide(version.path, answers)
        self.places = queries.places_for(
            self.authority_id, version.path.get("pivots", []), timezone.now()
        )
        said = queries.said(sheet, self.authority_id, today=self.today, version=version)
        blocks = [block for block in said.blocks if readable(block)]
        cleaned = [(block, markup.clean(block["html"])) for block in blocks]
        left = [(block, shown) for block, html in cleaned if (shown := self._chosen(html))]
        named = {ref for _block, html in left for ref in _LINK.findall(html)}
        self.known = queries.known_refs(self.authority_id, named)
        self.known |= queries.known_resources({ref for ref in named if ref[0] in "NR"})
        return SheetPage(
            sheet,
            version,
            [self._part(block, html) for block, html in left],
            sheet.is_stale(self.today),
            guidance.path_view(
                self.decision,
                version,
                sheet.ref,
                self.address,
                is_outdated=is_outdated,
                kept=self.kept,
            ),
            bool(self.decision.hidden),
            queries.owner_name(sheet, self.authority_id),
            said.short.text,
            Laid.of(said.short.local),
            said.short.covered,
        )

    def _chosen(self, html: str) -> str:
        """What the answers leave of a part, with the places of this authority in it."""
        if " data-" not in html:
            return html
        lists_kept = rules.shown(
            html, self.decision, only_for=_("Only for:"), place=self._local_places
        )
        return lists_kept if markup.words(lists_kept) else ""

    def _local_places(self, pivot: str) -> str:
        places = self.places.get(pivot, [])
        return render_to_string("knowledge/_local_places.html", {"places": places}).strip()

    def _part(self, block: Block, html: str) -> Part:
        level = block["level"] if block["level"] in LEVELS else rules.INTERNAL
        if level == rules.EMBARGO and rules.is_public(block, self.today):
            level = rules.PUBLIC
        local = Laid.of(block.get("local"))
        usual = str(HEADINGS.get(block["kind"], "")) if local else ""
        heading = block["title"] or usual or self._usual_heading(block["kind"])
        lists = rules.documents_in(html)
        # Cleaned just above, by the same list as when it came in.
        shown = mark_safe(self.shown(html, block["kind"]))  # noqa: S308
        until = block.get("until", "")
        return Part(
            block["kind"],
            heading,
            shown,
            level,
            date.fromisoformat(until) if until else None,
            tuple(self.shown(one, "documents") for one in lists),
            local,
            Laid.of(block.get("hidden")),
        )

    def _usual_heading(self, kind: str) -> str:
        """The name of this kind of block; only once, what follows goes on under it."""
        if kind in self.named:
            return ""
        self.named.add(kind)
        return str(HEADINGS.get(kind, ""))

    def shown(self, html: str, kind: str) -> str:
        """Cleaned HTML with its links, tables and lists as a page wants them."""
        html = html.replace(' data-part="documents"', "")
        html = _PLAIN.sub(self._words_or_link, html)
        html = _FOREIGN.sub(self._words_or_link, html)
        html = _LINK.sub(lambda link: f'href="{self._address(link[1])}"', html)
        html = _TABLE.sub(self._frame, html).replace("</table>", "</table></div>")
        if kind == "documents":
            html = _FLAT_LIST.sub(_check_list, html)
        if kind == "steps":
            html = html.replace("<ol>", '<ol class="pv-steps">', 1)
        return html

    def _words_or_link(self, link: re.Match[str]) -> str:
        # What is not held here stays a word.
        return link[0] if link[1] in self.known else link[2]

    def _address(self, ref: str) -> str:
        # What is not held here is on the national site.
        return self.address(ref) if ref in self.known else NATIONAL.format(ref)

    def _frame(self, table: re.Match[str]) -> str:
        self.tables += 1
        caption = markup.words(table[1] or "")
        name = _("Table %d") % self.tables + (f" : {caption}" if caption else "")
        opening = table[0].replace("<table>", '<table class="pv-table">', 1)
        label = f'role="region" tabindex="0" aria-label="{escape(name)}"'
        return f'<div class="pv-scroll" {label}>{opening}'


def _check_list(found: re.Match[str]) -> str:
    box = '<li><i class="bi bi-square" aria-hidden="true"></i><span>'
    entries = found[1].replace("<li>", box).replace("</li>", "</span></li>")
    return f'<ul class="pv-check">{entries}</ul>'


def _is_short(part: Part) -> bool:
    words = markup.words(part.html)
    if part.local or part.hidden:
        return False  # its mark needs room
    return len(words) <= LONGEST_FACT and "\n" not in words and "<a " not in part.html


def _is_fact(part: Part) -> bool:
    return part.kind in FACTS and _is_short(part)
