"""The national tree, resources and redirections, and the imports that brought them."""

import re
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from parvis.common.access import Actor
from parvis.knowledge.models import ImportRun, Node, Placement, Redirection, Resource, Sheet

MOST_STEPS = 20
_NATIONAL = re.compile(r"^[FNR]\d{1,8}$")


@dataclass(frozen=True)
class Successor:
    """Where an address that was quoted leads now: another number, or out of the set."""

    ref: str = ""
    url: str = ""


def successor(ref: str, *, authority_id: int) -> Successor | None:
    """Follow the redirections of a reference to their end; None without any, or in a circle."""
    seen = {ref}
    here = ref
    for _step in range(MOST_STEPS):
        move = _move(here, authority_id)
        if move is None:
            return Successor(ref=here) if here != ref else None
        if not move.to_ref:
            return Successor(url=move.to_url)
        here = move.to_ref
        if here in seen:
            return None
        seen.add(here)
    return None


def _move(ref: str, authority_id: int) -> Redirection | None:
    """The authority's own redirection first, then the national one."""
    own = Redirection.objects.filter(authority_id=authority_id, from_ref=ref).first()
    return (
        own or Redirection.objects.filter(authority=None, from_ref=ref).order_by("audience").first()
    )


def withdrawn_sheet(ref: str) -> Sheet | None:
    """A national sheet that left the set and has no successor: shown as it was."""
    rows = Sheet.objects.filter(
        authority=None, ref=ref, state=Sheet.State.ARCHIVED, current__isnull=False
    )
    return rows.select_related("current", "service").defer("current__raw").first()


def is_national(ref: str) -> bool:
    """Whether this is a number of the national set."""
    return bool(_NATIONAL.match(ref))


def themes() -> QuerySet[Node]:
    """The themes of the national tree, in order, with their children."""
    return (
        Node.objects.filter(authority=None, parent=None, audience="particuliers")
        .exclude(kind__in=[Node.Kind.DOSSIER, Node.Kind.SUB_DOSSIER])
        .defer("raw")
        .prefetch_related("children")
    )


def node(ref: str) -> Node | None:
    """A theme or dossier by its number."""
    rows = Node.objects.filter(authority=None, ref=ref).select_related("parent__parent")
    return rows.defer("raw", "parent__raw", "parent__parent__raw").order_by("audience").first()


def children_of(parent: Node) -> list[Node]:
    """What stands directly under a node, in order."""
    return list(parent.children.defer("raw").annotate(sheets=Count("placements")))


def sheets_in(parent: Node, *, authority_id: int) -> list[tuple[str, str]]:
    """The sheets of a node that the public can read here: reference and title, in order."""
    placed = list(parent.placements.values_list("ref", "title"))
    held = dict(
        Sheet.objects.public(authority_id)
        .filter(ref__in=[ref for ref, _title in placed], current__isnull=False)
        .values_list("ref", "title")
    )
    return [(ref, held[ref]) for ref, _title in placed if ref in held]


def node_of(ref: str) -> Node | None:
    """The dossier or theme that a national sheet stands in."""
    placement = (
        Placement.objects.filter(ref=ref, node__authority=None)
        .select_related("node__parent__parent")
        .first()
    )
    return placement.node if placement else None


def resource(ref: str) -> Resource | None:
    """A form, letter, word or other resource by its number."""
    rows = Resource.objects.filter(authority=None, ref=ref).defer("raw")
    return rows.order_by("audience").first()


def glossary(letter: str = "") -> QuerySet[Resource]:
    """The words and acronyms that the national set explains."""
    kinds = [Resource.Kind.WORD, Resource.Kind.ACRONYM]
    rows = Resource.objects.filter(authority=None, kind__in=kinds, is_current=True)
    rows = rows.exclude(html="").defer("raw")
    return rows.filter(title__istartswith=letter) if letter else rows


def known_resources(refs: set[str]) -> set[str]:
    """Those of the numbers that are resources or nodes held here."""
    if not refs:
        return set()
    held = set(Resource.objects.filter(authority=None, ref__in=refs).values_list("ref", flat=True))
    return held | set(
        Node.objects.filter(authority=None, ref__in=refs).values_list("ref", flat=True)
    )


def imports(actor: Actor) -> QuerySet[ImportRun]:
    """The imports of the national set, the latest first; one line each."""
    return ImportRun.objects.visible_to(actor).select_related("started_by").defer("report")


def failed_daily_import(actor: Actor) -> ImportRun | None:
    """The last daily import, when it failed and nothing was taken in since."""
    runs = imports(actor)
    ended = runs.filter(state__in=[ImportRun.State.DONE, ImportRun.State.REFUSED])
    last = ended.filter(origin=ImportRun.Origin.FEED).first()
    is_failure = last is not None and last.is_scheduled and last.state == ImportRun.State.REFUSED
    return last if is_failure else None


def import_counts(run: ImportRun) -> list[tuple[str, int]]:
    """What became of the files, in words, in the usual order."""
    labels = {
        "new": _("new"),
        "changed": _("changed"),
        "unchanged": _("unchanged"),
        "older": _("older than what is stored"),
        "explained": _("nothing to keep"),
        "withdrawn": _("withdrawn"),
        "undone": _("not taken"),
        "broken": _("broken"),
        "failed": _("failed"),
    }
    return [
        (str(label), run.counts[name]) for name, label in labels.items() if run.counts.get(name)
    ]


@dataclass(frozen=True)
class ImportLine:
    """A file that was not simply taken, and why."""

    place: str
    outcome: str
    reason: str
    is_fault: bool


def import_lines(run: ImportRun) -> list[ImportLine]:
    """The files that were not simply taken: what is wrong first."""
    names = {
        "broken": _("broken"),
        "failed": _("failed"),
        "undone": _("not taken"),
        "withdrawn": _("withdrawn"),
        "older": _("older than what is stored"),
        "explained": _("nothing to keep"),
    }
    order = list(names)
    lines = sorted(run.report, key=lambda one: order.index(one["result"]))
    return [
        ImportLine(
            f"{one['name']}:{one['line']}" if one["line"] is not None else one["name"],
            str(names[one["result"]]),
            one["reason"],
            one["result"] in {"broken", "failed"},
        )
        for one in lines
    ]
