"""What is shared between authorities, and what each of them made of it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from parvis.accounts.models import Agent
from parvis.common.access import Actor
from parvis.knowledge.models import (
    Adoption,
    Group,
    Membership,
    Overlay,
    Share,
    Sheet,
    SheetDraft,
    Workgroup,
    WorkgroupMember,
)
from parvis.knowledge.queries.overlays import overlays_to_check
from parvis.knowledge.rules import sharing
from parvis.organisations.models import Authority

_SHEET = ("sheet__current", "sheet__authority", "sheet__service", "group")


def groups_of(actor: Actor) -> QuerySet[Group]:
    """The groups that the actor's house belongs to."""
    return Group.objects.visible_to(actor).select_related("authority")


def group_for(actor: Actor, pk: int) -> Group | None:
    """One group of the actor's house."""
    return groups_of(actor).filter(pk=pk).first()


def members_of(group: Group) -> QuerySet[Membership]:
    """The authorities of a group, and those that were invited."""
    rows = group.memberships.filter(left_at=None)
    return rows.select_related("authority", "accepted_by__entry").order_by("authority__name", "id")


def invitations(actor: Actor) -> QuerySet[Membership]:
    """Groups that asked the actor's house to come in."""
    rows = Membership.objects.visible_to(actor).invited()
    return rows.select_related("group__authority", "invited_by__entry").order_by("invited_at", "id")


def may_coordinate(agent: Agent, group: Group) -> bool:
    """Does the agent invite and look after a group on behalf of the house that coordinates it?"""
    return group.authority_id == agent.authority_id and agent.may("knowledge.share")


def not_in(group: Group) -> QuerySet[Authority]:
    """The authorities that can still be invited."""
    inside = group.memberships.filter(left_at=None).values("authority")
    return Authority.objects.exclude(pk__in=inside).order_by("name")


def may_share(agent: Agent, sheet: Sheet) -> bool:
    """Offering this sheet to others, and taking it back."""
    is_ours = sheet.authority_id is not None and sheet.authority_id == agent.authority_id
    return is_ours and sharing.may_share(agent.may, is_keeper=sheet.keeper_id == agent.pk)


def shares_of(sheet: Sheet) -> QuerySet[Share]:
    """Where a sheet is shared today."""
    rows = Share.objects.filter(sheet=sheet, ended_at=None)
    return rows.select_related("group", "workgroup", "agent__entry").order_by("group__name", "id")


def share_for(actor: Actor, pk: int) -> Share | None:
    """Something that is offered to the actor's house."""
    rows = Share.objects.offered_to(actor.authority_id).filter(pk=pk)
    return rows.select_related(*_SHEET, "workgroup").first()


def own_share(actor: Actor, pk: int) -> Share | None:
    """Something that the actor's house shares."""
    rows = Share.objects.visible_to(actor).filter(pk=pk, ended_at=None)
    return rows.select_related(*_SHEET).first()


def own_shares(actor: Actor) -> QuerySet[Share]:
    """Everything that the actor's house shares, with how many adopted it."""
    rows = Share.objects.visible_to(actor).active().select_related(*_SHEET)
    adopted = Q(sheet__adoptions__state=Adoption.State.ADOPTED)
    return rows.annotate(
        adopters=Count("sheet__adoptions", filter=adopted, distinct=True)
    ).order_by("sheet__title", "id")


def to_decide(actor: Actor) -> QuerySet[Share]:
    """Offers that nobody of the house has decided on, each sheet once."""
    decided = Adoption.objects.filter(
        authority_id=actor.authority_id,
        sheet=OuterRef("sheet"),
        state__in=(Adoption.State.ADOPTED, Adoption.State.IGNORED),
    )
    earlier = Share.objects.offered_to(actor.authority_id).filter(
        sheet=OuterRef("sheet"), pk__lt=OuterRef("pk")
    )
    rows = Share.objects.offered_to(actor.authority_id)
    rows = rows.filter(~Exists(decided), ~Exists(earlier))
    return rows.select_related(*_SHEET).order_by("-at", "sheet__title", "id")


def decisions(actor: Actor, state: str) -> QuerySet[Adoption]:
    """What the house adopted or ignored of what is still offered to it."""
    offered = Share.objects.offered_to(actor.authority_id).values("sheet")
    rows = Adoption.objects.visible_to(actor).filter(state=state, sheet__in=offered)
    laid = Overlay.objects.filter(
        authority_id=actor.authority_id, sheet=OuterRef("sheet"), removed_at=None
    )
    return (
        rows.annotate(is_adapted=Exists(laid))
        .select_related("sheet__current", "sheet__authority", "version", "agent__entry")
        .defer("version__raw", "version__text", "sheet__current__raw")
        .order_by("sheet__title", "id")
    )


def behind(actor: Actor) -> QuerySet[Adoption]:
    """Adopted sheets whose new words nobody of the house has looked at."""
    return decisions(actor, Adoption.State.ADOPTED).exclude(version=F("sheet__current"))


def ended(actor: Actor) -> QuerySet[Adoption]:
    """Sheets taken back by their owner that nobody of the house has noted yet."""
    rows = Adoption.objects.visible_to(actor).filter(state=Adoption.State.ENDED, settled_at=None)
    return rows.select_related("sheet__authority", "version", "copy").order_by("-ended_on", "id")


def adoption_of(actor: Actor, sheet: Sheet) -> Adoption | None:
    """What the actor's house decided on a sheet."""
    rows = Adoption.objects.visible_to(actor).filter(sheet=sheet)
    return rows.select_related("version", "agent__entry", "copy").first()


def offer_of(actor: Actor, sheet: Sheet) -> Share | None:
    """One of the ways on which a sheet is offered to the actor's house."""
    rows = Share.objects.offered_to(actor.authority_id).filter(sheet=sheet)
    return rows.select_related("group", "workgroup").order_by("id").first()


def left_here(authority_id: int, ref: str) -> Adoption | None:
    """A sheet that was adopted here and is no longer shared: its address says so."""
    rows = Adoption.objects.filter(authority_id=authority_id, sheet__ref=ref).exclude(
        state=Adoption.State.IGNORED
    )
    return (
        rows.select_related("authority", "sheet__authority", "version", "copy")
        .order_by("-at", "id")
        .first()
    )


@dataclass(frozen=True)
class Waiting:
    """How much waits between authorities, for a mail and for pages."""

    to_decide: int
    behind: int
    to_check: int
    ended: int

    @property
    def total(self) -> int:
        """Anything at all?"""
        return self.to_decide + self.behind + self.to_check + self.ended


# Workgroups


def workgroups_of(group: Group) -> QuerySet[Workgroup]:
    """The workgroups of a group, with how many write in each."""
    return group.workgroups.annotate(size=Count("seats")).order_by("name", "id")


def workgroup_for(actor: Actor, pk: int) -> Workgroup | None:
    """A workgroup of a group that the actor's house belongs to."""
    rows = Workgroup.objects.filter(pk=pk, group__in=Group.objects.visible_to(actor))
    return rows.select_related("group__authority").first()


def seats_of(workgroup: Workgroup) -> QuerySet[WorkgroupMember]:
    """Who writes in a workgroup: as long as their house is in the group."""
    inside = Membership.objects.active().filter(group=workgroup.group_id).values("authority")
    rows = workgroup.seats.filter(agent__authority__in=inside, agent__is_active=True)
    return rows.select_related("agent__entry", "agent__authority").order_by(
        "agent__authority__name", "agent__username"
    )


def sits_in(agent: Agent, workgroup: Workgroup | None) -> bool:
    """Does this agent write there?"""
    return workgroup is not None and seats_of(workgroup).filter(agent=agent).exists()


def seats_held(agent: Agent) -> QuerySet[WorkgroupMember]:
    """The workgroups in which an agent writes."""
    inside = Membership.objects.active().filter(authority_id=agent.authority_id).values("group")
    rows = WorkgroupMember.objects.filter(agent=agent, workgroup__group__in=inside)
    return rows.select_related("workgroup__group").order_by("workgroup__name", "id")


def shares_in(workgroup: Workgroup) -> QuerySet[Share]:
    """The sheets that a workgroup writes."""
    rows = Share.objects.active().filter(workgroup=workgroup)
    return rows.select_related(*_SHEET).order_by("sheet__title", "id")


def is_member(authority_id: int, group: Group) -> bool:
    """Is the authority in the group today?"""
    return Membership.objects.active().filter(group=group, authority_id=authority_id).exists()


def common_groups(authority_id: int) -> Collection[int]:
    """The other authorities that share a group with this one."""
    mine = Membership.objects.active().filter(authority_id=authority_id).values("group")
    rows = Membership.objects.active().filter(group__in=mine).exclude(authority_id=authority_id)
    return sorted(set(rows.values_list("authority_id", flat=True)))


def texts_together(workgroup: Workgroup) -> QuerySet[SheetDraft]:
    """What a workgroup proposed, the last text first: how it stands, not the words of a house."""
    rows = SheetDraft.objects.filter(workgroup=workgroup)
    return rows.select_related("sheet__authority", "author__entry", "reviewer__entry").defer(
        "blocks", "about"
    )[:50]


def adopters_of(share: Share) -> QuerySet[Adoption]:
    """The houses of a group that adopted one of its sheets."""
    members = Membership.objects.active().filter(group=share.group_id).values("authority")
    rows = Adoption.objects.filter(
        sheet=share.sheet_id, state=Adoption.State.ADOPTED, authority__in=members
    )
    return rows.select_related("authority", "version").order_by("authority__name")


def waiting(actor: Actor) -> Waiting:
    """How much waits for the editors of a house."""
    return Waiting(
        to_decide(actor).count(),
        behind(actor).count(),
        overlays_to_check(actor).count(),
        ended(actor).count(),
    )
