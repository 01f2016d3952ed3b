"""What a house laid around sheets, as one record: local words, groups, shares, pins, synonyms."""

from collections.abc import Iterator
from datetime import date, datetime

from parvis.knowledge.exchange.records import Record, Scope, records
from parvis.knowledge.models import (
    Adoption,
    Group,
    Membership,
    Overlay,
    OverlayEdit,
    Pin,
    Share,
    Sheet,
    Synonym,
    WorkgroupMember,
)
from parvis.organisations.models import Authority

PARTS = ("synonyms", "pins", "groups", "shares", "adoptions", "overlays")


def everything(
    authority: Authority, scope: Scope, *, today: date, refs: list[str] | None = None
) -> Iterator[Record]:
    """One record per sheet; then, of a whole house, the one of what it laid around sheets."""
    yield from records(authority, scope, today=today, refs=refs)
    if scope is Scope.WHOLE and refs is None:
        found = around(authority)
        if any(found[part] for part in PARTS):
            yield found


def around(authority: Authority) -> Record:
    """Everything that a house laid around its own sheets and those of others."""
    return {
        "house": authority.slug,
        "synonyms": [
            {"said": one.said, "written": one.written, "author": one.author,
             "created_at": one.created_at.isoformat()}
            for one in Synonym.objects.filter(authority=authority).order_by("said", "id")
        ],
        "pins": [
            {"words": one.words, "sheet": _sheet(one.sheet), "author": one.author,
             "created_at": one.created_at.isoformat()}
            for one in Pin.objects.filter(authority=authority)
            .select_related("sheet__authority")
            .order_by("words", "id")
        ],
        "groups": _groups(authority),
        "shares": _shares(authority),
        "adoptions": _adoptions(authority),
        "overlays": _overlays(authority),
    }  # fmt: skip


def _sheet(sheet: Sheet) -> Record:
    owner = sheet.authority.slug if sheet.authority else None
    return {"ref": sheet.ref, "audience": sheet.audience, "owner": owner}


def _groups(authority: Authority) -> list[Record]:
    """The groups of a house; of the workgroups only its own colleagues are named."""
    groups = list(Group.objects.of(authority.pk).select_related("authority").order_by("pk"))
    members: dict[int, list[str]] = {}
    inside = Membership.objects.active().filter(group__in=groups)
    for group_id, slug in inside.order_by("authority__slug").values_list(
        "group", "authority__slug"
    ):
        members.setdefault(group_id, []).append(slug)
    seats: dict[int, list[str]] = {}
    own = WorkgroupMember.objects.filter(
        workgroup__group__in=groups, agent__authority=authority
    ).order_by("agent__username")
    for workgroup, name in own.values_list("workgroup", "agent__username"):
        seats.setdefault(workgroup, []).append(name)
    workgroups: dict[int, list[Record]] = {}
    for group in Group.objects.filter(pk__in=[g.pk for g in groups]).prefetch_related("workgroups"):
        workgroups[group.pk] = [
            {"name": one.name, "purpose": one.purpose, "members": seats.get(one.pk, [])}
            for one in sorted(group.workgroups.all(), key=lambda one: one.name)
        ]
    return sorted(
        (
            {
                "name": one.name,
                "purpose": one.purpose,
                "coordinator": one.authority.slug,
                "created_at": one.created_at.isoformat(),
                "members": members.get(one.pk, []),
                "workgroups": workgroups.get(one.pk, []),
            }
            for one in groups
        ),
        key=lambda one: (str(one["name"]), str(one["coordinator"])),
    )


def _shares(authority: Authority) -> list[Record]:
    rows = Share.objects.filter(sheet__authority=authority, ended_at=None)
    rows = rows.select_related("sheet", "group__authority", "workgroup", "agent")
    return [
        {
            "ref": one.sheet.ref,
            "group": one.group.name,
            "coordinator": one.group.authority.slug,
            "workgroup": one.workgroup.name if one.workgroup else None,
            "agent": one.agent.username,
            "at": one.at.isoformat(),
        }
        for one in rows.order_by("sheet__ref", "group__name", "id")
    ]


def _adoptions(authority: Authority) -> list[Record]:
    rows = Adoption.objects.filter(authority=authority).exclude(state=Adoption.State.ENDED)
    rows = rows.select_related("sheet__authority", "version", "agent")
    return [
        {
            "sheet": _sheet(one.sheet),
            "state": one.state,
            "text": one.version.content_hash,
            "reason": one.reason,
            "agent": one.agent.username,
            "at": one.at.isoformat(),
        }
        for one in rows.order_by("sheet__ref", "sheet__authority__slug")
    ]


def _overlays(authority: Authority) -> list[Record]:
    steps: dict[int, list[Record]] = {}
    edits = OverlayEdit.objects.filter(overlay__authority=authority)
    for step in edits.select_related("version", "agent").order_by("id"):
        steps.setdefault(step.overlay_id, []).append(
            {
                "did": step.did,
                "text": step.version.content_hash,
                "said": step.said,
                "agent": step.agent.username,
                "at": step.at.isoformat(),
            }
        )
    rows = Overlay.objects.filter(authority=authority)
    rows = rows.select_related("sheet__authority", "version", "agent")
    return [
        {
            "sheet": _sheet(one.sheet),
            "text": one.version.content_hash,
            "position": one.position,
            "act": one.act,
            "kind": one.kind,
            "title": one.title,
            "level": one.level,
            "until": one.until.isoformat() if one.until else None,
            "html": one.html,
            "note": one.note,
            "agent": one.agent.username,
            "at": one.at.isoformat(),
            "revision": one.revision,
            "removed_at": _iso(one.removed_at),
            "edits": steps.get(one.pk, []),
        }
        for one in rows.order_by("sheet__ref", "sheet__authority__slug", "at", "position", "id")
    ]


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
