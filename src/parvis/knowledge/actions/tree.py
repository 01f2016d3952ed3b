"""Every change to the national tree, and what leaves the set with a new edition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from parvis.common.text import one_line
from parvis.knowledge import markup
from parvis.knowledge.actions.national import Kept
from parvis.knowledge.actions.sheets import collection_changed
from parvis.knowledge.dila.draft import Branch, NodeDraft
from parvis.knowledge.models import Node, Placement, Sheet

# An edition that lacks so many of the held sheets is more likely cut short than true.
MOST_WITHDRAWN = 0.5
FEW = 20


@transaction.atomic
def keep_nodes(drafts: Sequence[NodeDraft], *, audience: str, has_tree: bool = False) -> list[Kept]:
    """Store themes and dossiers from files of their own; ``has_tree``: their order comes later."""
    tree = _Tree(audience, [draft.ref for draft in drafts])
    kept = []
    for draft in drafts:
        node, is_new = tree.node(draft.ref, draft.kind, draft.title)
        changed = _tell(node, draft)
        if not has_tree:
            changed |= tree.hang(draft.branch, node)
        kept.append(Kept.NEW if is_new else Kept.CHANGED if changed else Kept.UNCHANGED)
    return kept


def _tell(node: Node, draft: NodeDraft) -> bool:
    told = {
        "kind": draft.kind,
        "title": one_line(markup.printable(draft.title))[:300],
        "introduction": markup.clean(draft.introduction),
        "source_url": draft.origin.url,
        "source_note": draft.origin.note,
        "source_date": draft.origin.dated,
        "raw": markup.printable(draft.origin.raw),
    }
    different = [name for name, value in told.items() if getattr(node, name) != value]
    for name in different:
        setattr(node, name, told[name])
    if different:
        node.save(update_fields=different)
    return bool(different)


@transaction.atomic
def keep_tree(branches: Sequence[Branch], *, audience: str, is_complete: bool) -> Kept:
    """Store the order of themes; a complete tree also takes out what it no longer has."""
    tree = _Tree(audience, None)
    is_first = not tree.nodes
    changed = tree.arrange(branches)
    if is_complete:
        changed |= tree.drop_others()
    return Kept.NEW if is_first and changed else Kept.CHANGED if changed else Kept.UNCHANGED


@dataclass
class _Tree:
    """The nodes of one audience while they are put in order."""

    audience: str
    refs: Iterable[str] | None
    nodes: dict[str, Node] = field(init=False)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        rows = Node.objects.filter(authority=None, audience=self.audience)
        if self.refs is not None:
            rows = rows.filter(ref__in=list(self.refs))
        self.nodes = {node.ref: node for node in rows}

    def node(self, ref: str, kind: str, title: str) -> tuple[Node, bool]:
        """The node of this number, made now if it is new."""
        node = self.nodes.get(ref)
        is_new = False
        if node is None:
            node, is_new = Node.objects.get_or_create(
                authority=None,
                audience=self.audience,
                ref=ref,
                defaults={"kind": kind, "title": title or ref},
            )
            self.nodes[ref] = node
        return node, is_new

    def arrange(self, branches: Sequence[Branch], parent: Node | None = None) -> bool:
        changed = False
        for position, branch in enumerate(branches):
            if branch.ref in self.seen:
                continue  # once is enough: a node has one place
            self.seen.add(branch.ref)
            node, is_new = self.node(branch.ref, branch.kind, branch.title)
            changed |= is_new | self._set(node, branch, parent, position)
            # A node that only names its children does not know the sheets in them.
            if self.refs is None or branch.sheets:
                changed |= self._place(node, branch)
            changed |= self.arrange(branch.branches, node)
        return changed

    def hang(self, branch: Branch, node: Node) -> bool:
        """Hang the children that a node names under it."""
        return self._place(node, branch) | self.arrange(branch.branches, node)

    def _set(self, node: Node, branch: Branch, parent: Node | None, position: int) -> bool:
        told: dict[str, object] = {
            "parent_id": parent.pk if parent else None,
            "position": position,
        }
        if not node.source_note:  # no file of its own tells its name
            told |= {"title": branch.title or branch.ref, "kind": branch.kind}
        different = [name for name, value in told.items() if getattr(node, name) != value]
        for name in different:
            setattr(node, name, told[name])
        if different:
            node.save(update_fields=different)
        return bool(different)

    def _place(self, node: Node, branch: Branch) -> bool:
        wanted = list({ref: (ref, title[:300]) for ref, title in branch.sheets}.values())
        held = list(node.placements.order_by("position").values_list("ref", "title"))
        if held == wanted:
            return False
        node.placements.all().delete()
        Placement.objects.bulk_create(
            Placement(node=node, ref=ref, title=title, position=position)
            for position, (ref, title) in enumerate(wanted)
        )
        return True

    def drop_others(self) -> bool:
        gone = [node.pk for ref, node in self.nodes.items() if ref not in self.seen]
        Node.objects.filter(pk__in=gone).delete()
        return bool(gone)


@transaction.atomic
def withdraw_sheets(audience: str, *, except_refs: frozenset[str]) -> list[str] | None:
    """Archive national sheets that a complete edition lacks; None when they are too many."""
    held = Sheet.objects.filter(
        authority=None, audience=audience, state=Sheet.State.PUBLISHED
    ).values_list("ref", flat=True)
    gone = sorted(set(held) - except_refs)
    if len(gone) > FEW and len(gone) > MOST_WITHDRAWN * len(held):
        return None
    for start in range(0, len(gone), 400):
        Sheet.objects.filter(
            authority=None, audience=audience, ref__in=gone[start : start + 400]
        ).update(state=Sheet.State.ARCHIVED)
    if gone:
        collection_changed()
    return gone
