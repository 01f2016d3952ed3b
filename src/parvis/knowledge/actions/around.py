"""Taking back what this house laid around sheets: nothing that stands here is written over.

Only what the house may do today comes back: a sheet that is no longer offered to it is not
adopted by a file, and nobody is put into a group that they have not accepted.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.common import journal
from parvis.knowledge import markup
from parvis.knowledge.actions.house import House, Record, Taken
from parvis.knowledge.actions.sheets import collection_changed
from parvis.knowledge.models import (
    Adoption,
    Group,
    Membership,
    Overlay,
    OverlayEdit,
    Pin,
    Share,
    Sheet,
    SheetVersion,
    Synonym,
    Workgroup,
    WorkgroupMember,
)
from parvis.knowledge.rules import overlays


@transaction.atomic
def take_around(record: Record, house: House) -> Taken:
    """Lay again what this house had laid around sheets, as far as it still may."""
    taken = Taken("")
    if record["house"] != house.authority.slug:
        taken.remarks.append(_("Local words, shares and pins stay in the house that laid them."))
        return taken
    for part, take in _PARTS.items():
        for given in record[part]:
            take(given, house, taken)
    if taken.result != "unchanged":
        journal.record(
            house.agent, "knowledge.around_taken_in", house.authority,
            authority_id=house.authority.pk,
        )  # fmt: skip
        collection_changed()
    return taken


def _synonym(given: Record, house: House, taken: Taken) -> None:
    values = {name: given[name] for name in ("written", "author", "created_at")}
    _row, is_new = Synonym.objects.get_or_create(
        authority=house.authority, said=given["said"], defaults=values
    )
    _count(is_new, taken)


def _pin(given: Record, house: House, taken: Taken) -> None:
    sheet = _sheet(given["sheet"], house, taken)
    if sheet is None:
        return
    values = {"sheet": sheet, "author": given["author"], "created_at": given["created_at"]}
    _row, is_new = Pin.objects.get_or_create(
        authority=house.authority, words=given["words"], defaults=values
    )
    _count(is_new, taken)


def _group(given: Record, house: House, taken: Taken) -> None:
    """A group that this house coordinated; the others come in when they accept."""
    if _found_group(given["name"], given["coordinator"], house) is not None:
        return
    agent = house.signs(None, taken)
    if given["coordinator"] != house.authority.slug or agent is None:
        taken.remarks.append(_("this house is not in the group “%s”") % given["name"])
        return
    group = Group.objects.create(
        name=given["name"], purpose=given["purpose"], authority=house.authority,
        created_at=given["created_at"],
    )  # fmt: skip
    Membership.objects.create(
        group=group, authority=house.authority, invited_by=agent, invited_at=house.now,
        accepted_by=agent, accepted_at=house.now,
    )  # fmt: skip
    for one in given["workgroups"]:
        made = Workgroup.objects.create(group=group, name=one["name"], purpose=one["purpose"])
        colleagues = [house.colleague(name, taken) for name in one["members"]]
        WorkgroupMember.objects.bulk_create(
            WorkgroupMember(workgroup=made, agent=colleague, since=house.now)
            for colleague in colleagues
            if colleague is not None
        )
    if len(given["members"]) > 1:
        taken.remarks.append(_("invite the other houses into “%s” again") % given["name"])
    taken.changed()


def _share(given: Record, house: House, taken: Taken) -> None:
    group = _found_group(given["group"], given["coordinator"], house)
    sheet = Sheet.objects.filter(
        authority=house.authority, ref=given["ref"], nature=Sheet.Nature.SHEET, is_public=True,
        state=Sheet.State.PUBLISHED, current__isnull=False,
    ).first()  # fmt: skip
    agent = house.signs(given["agent"], taken)
    if group is None or sheet is None or agent is None:
        taken.remarks.append(
            _("%s is not shared again: its group or its text is not here") % given["ref"]
        )
        return
    if Share.objects.filter(sheet=sheet, group=group, ended_at=None).exists():
        return
    workgroup = group.workgroups.filter(name=given["workgroup"]).first()
    Share.objects.create(sheet=sheet, group=group, workgroup=workgroup, agent=agent, at=given["at"])
    taken.changed()


def _adoption(given: Record, house: House, taken: Taken) -> None:
    named = given["sheet"]
    offered = Share.objects.offered_to(house.authority.pk).filter(
        sheet__ref=named["ref"], sheet__authority__slug=named["owner"]
    )
    share = offered.select_related("sheet").first()
    version = _version(share.sheet, given["text"]) if share else None
    agent = house.signs(given["agent"], taken)
    if share is None or version is None or agent is None:
        taken.remarks.append(_("%s is not offered here any more") % named["ref"])
        return
    # An own sheet of this number, or a decision that was made here since, counts first.
    own = Sheet.objects.filter(authority=house.authority, ref__iexact=named["ref"])
    if own.exclude(state=Sheet.State.ARCHIVED).exists():
        taken.remarks.append(_("there is an own sheet %s here") % named["ref"])
        return
    values = {name: given[name] for name in ("state", "reason", "at")}
    _row, is_new = Adoption.objects.get_or_create(
        authority=house.authority,
        sheet=share.sheet,
        defaults={**values, "version": version, "agent": agent},
    )
    _count(is_new, taken)


def _overlay(given: Record, house: House, taken: Taken) -> None:
    sheet = _sheet(given["sheet"], house, taken)
    agent = house.signs(given["agent"], taken)
    if sheet is None or agent is None or sheet.authority_id == house.authority.pk:
        return
    at_place = {name: given[name] for name in ("position", "at", "act")}
    edits = given["edits"]
    if _is_held(given, sheet, house):
        return  # the same words, or what a colleague made of them since
    version = _version(sheet, given["text"])
    if version is None or not _fits(given, version):
        taken.remarks.append(_("the text below local words on %s is not here") % sheet.ref)
        return
    plain = {
        name: given[name]
        for name in ("kind", "title", "level", "until", "note", "revision", "removed_at")
    }
    row = Overlay.objects.create(
        authority=house.authority, sheet=sheet, version=version, agent=agent,
        html=markup.clean(given["html"]), **at_place, **plain,
    )  # fmt: skip
    for one in edits:
        seen, by = _version(sheet, one["text"]) or version, house.signs(one["agent"], taken)
        OverlayEdit.objects.create(
            overlay=row, did=one["did"], version=seen, said=_cleaned(one["said"]),
            agent=by or agent, at=one["at"],
        )  # fmt: skip
    taken.changed()


def _is_held(given: Record, sheet: Sheet, house: House) -> bool:
    """Do these words stand here already? They are known by their first step."""
    held = Overlay.objects.filter(authority=house.authority, sheet=sheet)
    if not given["edits"]:
        same = {name: given[name] for name in ("position", "at", "act")}
        return held.filter(**same).exists()
    first = given["edits"][0]
    steps = OverlayEdit.objects.filter(overlay__in=held, did=first["did"], at=first["at"])
    return _cleaned(first["said"]) in list(steps.values_list("said", flat=True))


def _fits(given: Record, version: SheetVersion) -> bool:
    """What may be laid at all: by the same rules as on the screen."""
    if given["position"] > len(version.blocks):
        return False
    if given["act"] == overlays.HIDE:
        return bool(given["position"] > 0)
    return not overlays.lacking(
        act=given["act"], kind=given["kind"], words=markup.words(markup.clean(given["html"])),
        level=given["level"], until=given["until"].isoformat() if given["until"] else "",
        position=given["position"],
    )  # fmt: skip


def _cleaned(said: dict[str, str]) -> dict[str, str]:
    return said | ({"html": markup.clean(said["html"])} if "html" in said else {})


def _sheet(named: Record, house: House, taken: Taken) -> Sheet | None:
    """A sheet that this house reads today."""
    rows = Sheet.objects.readable_by(house.authority.pk).filter(ref=named["ref"])
    rows = rows.filter(audience=named["audience"], current__isnull=False)
    found = rows.filter(authority__slug=named["owner"]) if named["owner"] else None
    sheet = (rows.filter(authority=None) if found is None else found).first()
    if sheet is None:
        taken.remarks.append(_("there is no sheet %s here") % named["ref"])
    return sheet


def _version(sheet: Sheet, digest: str) -> SheetVersion | None:
    return SheetVersion.objects.filter(sheet=sheet, content_hash=digest).order_by("-number").first()


def _found_group(name: str, coordinator: str, house: House) -> Group | None:
    rows = Group.objects.of(house.authority.pk).filter(name=name, authority__slug=coordinator)
    return rows.order_by("pk").first()


def _count(is_new: bool, taken: Taken) -> None:
    if is_new:
        taken.changed()


# Groups before shares, adoptions before the words laid on what is adopted.
_PARTS: dict[str, Callable[[dict[str, Any], House, Taken], None]] = {
    "synonyms": _synonym,
    "groups": _group,
    "shares": _share,
    "adoptions": _adoption,
    "overlays": _overlay,
    "pins": _pin,
}
