"""The one box of the desk: what else, beside sheets, is called like what was typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import queries as cases
from parvis.common import codes
from parvis.knowledge import queries as knowledge
from parvis.knowledge.models import Street
from parvis.knowledge.search.words import folded, question_stems, stems
from parvis.organisations.models import DirectoryEntry

EACH = 4
SHORTEST = 3


@dataclass(frozen=True)
class Other:
    """One thing that is not a sheet."""

    title: str
    detail: str
    url: str = ""


@dataclass(frozen=True)
class Others:
    """Things of one kind."""

    key: str
    title: str
    icon: str
    found: Sequence[Other]


def others(agent: Agent, words: str) -> list[Others]:
    """People, procedures, cases and streets that this agent may see, each kind with its name."""
    if len(words) < SHORTEST:
        return []
    kinds = (
        Others("people", _("People"), "person", list(_people(agent, words))),
        Others("procedures", _("Procedures"), "signpost", list(_procedures(agent, words))),
        Others("cases", _("Cases"), "folder2-open", list(_cases(agent, words))),
        Others("streets", _("Who answers there"), "geo-alt", list(_streets(agent, words))),
    )
    return [kind for kind in kinds if kind.found]


def _people(agent: Agent, words: str) -> Iterator[Other]:
    """Colleagues whose name, function or service begins with every word typed."""
    if not agent.may("directory.read"):
        return
    wanted = [folded(word) for word in words.split()]
    rows = DirectoryEntry.objects.visible_to(agent).filter(is_active=True)
    shown = 0
    for entry in rows.select_related("service").order_by("last_name", "first_name"):
        said = folded(
            f"{entry.first_name} {entry.last_name} {entry.function} {entry.service.name}"
        ).split()
        if all(any(part.startswith(word) for part in said) for word in wanted):
            name = f"{entry.first_name} {entry.last_name}"
            detail = [entry.function_label, entry.service.label, entry.phone]
            yield Other(name, " · ".join(part for part in detail if part))
            shown += 1
        if shown == EACH:
            return


def _procedures(agent: Agent, words: str) -> Iterator[Other]:
    if not agent.may("protocols.read"):
        return
    wanted = frozenset(question_stems(words))
    for sheet in knowledge.live_protocols(agent):
        if wanted and wanted <= frozenset(stems(f"{sheet.title} {sheet.keywords}")):
            address = reverse("knowledge:protocol", args=[sheet.ref])
            yield Other(sheet.title, sheet.service.label if sheet.service else "", address)


def _cases(agent: Agent, words: str) -> Iterator[Other]:
    """By reference or by the person's name, as the list of cases finds them."""
    if not agent.may("cases.read"):
        return
    for case in cases.search(agent, words)[:EACH]:
        address = reverse("cases:case", args=[case.reference])
        is_own = case.service_id == agent.service_id
        # Of another service's case the list says where it is; the page asks why, then tells more.
        title = case.title if is_own else _("Request followed by %s") % case.service.label
        yield Other(title, codes.format_reference(case.reference), address)


def _streets(agent: Agent, words: str) -> Iterator[Other]:
    for street in knowledge.streets_for(agent, words, limit=EACH):
        yield Other(f"{street.name} : {street.subject}", _answer(street))


def _answer(street: Street) -> str:
    who = street.body
    if not who and street.site:
        who = street.site.name
    if not who and street.service:
        who = street.service.label
    return " · ".join(part for part in (who, street.contact) if part)
