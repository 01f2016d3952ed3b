"""Groups of authorities: founded, joined, left; and the workgroups that write in them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.knowledge import queries
from parvis.knowledge.actions.sharing import end_for_members, take_back_all
from parvis.knowledge.models import Group, Membership, Workgroup, WorkgroupMember
from parvis.organisations.models import Authority


@transaction.atomic
def found_group(agent: Agent, *, name: str, purpose: str, now: datetime) -> Group:
    """Found a group; the house of who founds it coordinates it."""
    _refuse_others(agent)
    if not one_line(name):
        raise Refused(_("The group has no name yet."))
    group = Group.objects.create(
        name=one_line(name)[:120],
        purpose=purpose.strip()[:2000],
        authority_id=agent.authority_id,
        created_at=now,
    )
    Membership.objects.create(
        group=group,
        authority_id=agent.authority_id,
        invited_by=agent,
        invited_at=now,
        accepted_by=agent,
        accepted_at=now,
    )
    journal.record(agent, "knowledge.group_founded", group, name=group.name)
    return group


@transaction.atomic
def invite(group: Group, authority: Authority, *, agent: Agent, now: datetime) -> Membership:
    """Ask another authority to come in; nothing is shared with it before it says yes."""
    if not queries.may_coordinate(agent, group):
        raise Refused(_("The house that coordinates the group invites others."))
    Group.objects.select_for_update().get(pk=group.pk)
    if group.memberships.filter(authority=authority, left_at=None).exists():
        raise Refused(_("%(name)s was invited already.") % {"name": authority.name})
    membership = Membership.objects.create(
        group=group, authority=authority, invited_by=agent, invited_at=now
    )
    journal.record(agent, "knowledge.member_invited", group, authority=authority.slug)
    return membership


@transaction.atomic
def answer_invitation(
    membership: Membership, *, agent: Agent, now: datetime, accept: bool
) -> Membership:
    """Come in, or say no."""
    _refuse_others(agent)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    if held.authority_id != agent.authority_id:
        raise Refused(_("Another house was invited."))
    if held.accepted_at or held.left_at:
        raise Refused(_("This invitation has been answered."))
    if accept:
        held.accepted_by, held.accepted_at = agent, now
    else:
        held.left_at = now
    held.save(update_fields=["accepted_by", "accepted_at", "left_at"])
    verb = "knowledge.invitation_accepted" if accept else "knowledge.invitation_declined"
    journal.record(agent, verb, held.group)
    return held


@transaction.atomic
def leave_group(group: Group, *, agent: Agent, now: datetime, fate: str) -> Membership:
    """Go: what was adopted stays as copies or goes too; what was shared stays with the others."""
    _refuse_others(agent)
    held = (
        Membership.objects.select_for_update()
        .filter(group=group, authority_id=agent.authority_id)
        .active()
        .first()
    )
    if held is None:
        raise Refused(_("Your house is not in this group."))
    others = group.memberships.filter(left_at=None).exclude(pk=held.pk)
    if group.authority_id == agent.authority_id and others.exists():
        raise Refused(_("The house that coordinates a group stays as long as others are in it."))
    take_back_all(group, agent=agent, now=now, note=_("Its owner left the group."))
    held.left_at = now
    held.save(update_fields=["left_at"])
    WorkgroupMember.objects.filter(
        workgroup__group=group, agent__authority_id=agent.authority_id
    ).delete()
    end_for_members([agent.authority_id], fate=fate, now=now, note=_("Your house left the group."))
    journal.record(agent, "knowledge.group_left", group, fate=fate)
    return held


@transaction.atomic
def found_workgroup(group: Group, *, agent: Agent, name: str, purpose: str = "") -> Workgroup:
    """Found a workgroup of agents of several authorities."""
    if not (agent.may("knowledge.share") and queries.is_member(agent.authority_id, group)):
        raise Refused(_("Workgroups are founded by the coordinators of the group."))
    name = one_line(name)[:120]
    if not name:
        raise Refused(_("The workgroup has no name yet."))
    if group.workgroups.filter(name=name).exists():
        raise Refused(_("There is already a workgroup of this name."))
    workgroup = Workgroup.objects.create(group=group, name=name, purpose=one_line(purpose)[:300])
    journal.record(agent, "knowledge.workgroup_founded", group, name=name)
    return workgroup


@transaction.atomic
def seat(workgroup: Workgroup, colleague: Agent, *, agent: Agent, now: datetime) -> WorkgroupMember:
    """Send a colleague of one's own house into a workgroup."""
    if not agent.may("knowledge.share") or colleague.authority_id != agent.authority_id:
        raise Refused(_("Each house sends its own colleagues."))
    if not queries.is_member(agent.authority_id, workgroup.group):
        raise Refused(_("Your house is not in this group."))
    if not any(map(colleague.may, queries.EDITORS)):
        raise Refused(_("%(name)s does not write sheets.") % {"name": colleague.display_name})
    sitting, is_new = WorkgroupMember.objects.get_or_create(
        workgroup=workgroup, agent=colleague, defaults={"since": now}
    )
    if is_new:
        journal.record(agent, "knowledge.workgroup_joined", workgroup, member=colleague.pk)
    return sitting


@transaction.atomic
def unseat(sitting: WorkgroupMember, *, agent: Agent) -> None:
    """Take a colleague of one's own house out of a workgroup; anybody may go by themselves."""
    is_own = sitting.agent_id == agent.pk
    sends = agent.may("knowledge.share") and sitting.agent.authority_id == agent.authority_id
    if not (is_own or sends):
        raise Refused(_("Each house sends its own colleagues."))
    journal.record(agent, "knowledge.workgroup_left", sitting.workgroup, member=sitting.agent_id)
    sitting.delete()


def _refuse_others(agent: Agent) -> None:
    if not agent.may("knowledge.share"):
        raise Refused(_("Groups are for the coordinator and the sheet editor."))
