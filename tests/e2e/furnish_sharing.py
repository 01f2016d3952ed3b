"""Sheets between authorities, as the demo's federation has them."""

from typing import Any

from parvis.knowledge.models import Group, Overlay, Share, SheetComment, Workgroup
from parvis.organisations.models import Authority


def arguments(town: Authority) -> dict[str, dict[str, Any]]:
    """Page -> arguments, seen by the town: its local words, its offers, its group."""
    laid = Overlay.objects.filter(authority=town, removed_at=None).select_related("sheet")[0]
    group = {"pk": Group.objects.get(authority=town).pk}
    offered = Share.objects.offered_to(town.pk).order_by("-pk")[0]
    ours = Share.objects.filter(sheet__authority=town, sheet__ref="SO-021").get()
    talked = SheetComment.objects.filter(sheet__authority=town)[0]
    on_it = {"ref": laid.sheet.ref}
    return {
        "knowledge:overlays": on_it,
        "knowledge:lay": on_it,
        "knowledge:overlay": {"pk": laid.pk},
        "knowledge:offer": {"pk": offered.pk},
        "knowledge:share": {"ref": "SO-021"},
        "knowledge:take-back": {"pk": ours.pk},
        "knowledge:group": group,
        "knowledge:leave-group": group,
        "knowledge:divergence": group,
        "knowledge:divergence-of": {"pk": ours.pk},
        "knowledge:workgroup": {"pk": Workgroup.objects.get().pk},
        "knowledge:discuss": {"pk": Share.objects.get(sheet=talked.sheet_id).pk},
        "knowledge:neighbour-sheet": {"slug": "tremalon", "ref": "TR-001"},
    }
