"""Groups of authorities and their workgroups."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.accounts.http import AgentRequest
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.knowledge import actions, queries
from parvis.knowledge.forms.sharing import (
    GroupForm,
    InviteForm,
    LeaveForm,
    SeatForm,
    WorkgroupForm,
)
from parvis.knowledge.models import Group, Membership, Sheet, Workgroup, WorkgroupMember
from parvis.knowledge.rules import sharing as rules

WRITERS = (*queries.EDITORS, "knowledge.share")


@requires("knowledge.share")
@once
def listing(request: AgentRequest) -> HttpResponse:
    """The groups of this house, its invitations, and a new group."""
    form = GroupForm(request.POST or None)
    if form.is_valid():
        try:
            group = actions.found_group(request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The group is there: invite the others."))
            return redirect("knowledge:group", group.pk)
    context = {
        "groups": queries.groups_of(request.user),
        "invitations": queries.invitations(request.user),
        "form": form,
    }
    return render(request, "knowledge/groups.html", context)


def _group(request: AgentRequest, pk: int) -> Group:
    found = queries.group_for(request.user, pk)
    if found is None:
        raise Http404
    return found


@requires("knowledge.share")
def group(request: AgentRequest, pk: int) -> HttpResponse:
    """Who is in a group, who was invited, its workgroups."""
    found = _group(request, pk)
    context = {
        "group": found,
        "members": queries.members_of(found),
        "workgroups": queries.workgroups_of(found),
        "coordinates": queries.may_coordinate(request.user, found),
        "invite": InviteForm(group=found),
        "workgroup_form": WorkgroupForm(),
    }
    return render(request, "knowledge/group.html", context)


@requires("knowledge.share")
@require_POST
@once
def invite(request: AgentRequest, pk: int) -> HttpResponse:
    found = _group(request, pk)
    form = InviteForm(request.POST, group=found)
    try:
        if not form.is_valid():
            raise Refused(_("Choose an authority that is not in the group."))
        asked = form.cleaned_data["authority"]
        actions.invite(found, asked, agent=request.user, now=timezone.now())
        messages.success(request, _("%(name)s is invited.") % {"name": asked.name})
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:group", pk)


@requires("knowledge.share")
@require_POST
@once
def answer(request: AgentRequest, pk: int) -> HttpResponse:
    """Come into a group, or say no."""
    membership = get_object_or_404(Membership.objects.visible_to(request.user), pk=pk)
    accept = request.POST.get("do") == "accept"
    try:
        actions.answer_invitation(membership, agent=request.user, now=timezone.now(), accept=accept)
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:groups")
    if accept:
        messages.success(request, _("Your house is in the group."))
        return redirect("knowledge:group", membership.group_id)
    messages.success(request, _("The invitation is declined."))
    return redirect("knowledge:groups")


@requires("knowledge.share")
@once
def leave(request: AgentRequest, pk: int) -> HttpResponse:
    """Leave a group, and say what becomes of what was adopted."""
    found = _group(request, pk)
    form = LeaveForm(request.POST or None, initial={"fate": rules.KEEP})
    if form.is_valid():
        try:
            actions.leave_group(
                found, agent=request.user, now=timezone.now(), fate=form.cleaned_data["fate"]
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your house has left the group."))
            return redirect("knowledge:groups")
    return render(request, "knowledge/leave_group.html", {"group": found, "form": form})


@requires("knowledge.share")
@require_POST
@once
def new_workgroup(request: AgentRequest, pk: int) -> HttpResponse:
    found = _group(request, pk)
    try:
        made = actions.found_workgroup(
            found,
            agent=request.user,
            name=request.POST.get("name", ""),
            purpose=request.POST.get("purpose", ""),
        )
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:group", pk)
    messages.success(request, _("The workgroup is there: send colleagues."))
    return redirect("knowledge:workgroup", made.pk)


def _workgroup(request: AgentRequest, pk: int) -> Workgroup:
    found = queries.workgroup_for(request.user, pk)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class _Talked:
    """A sheet of a workgroup with what was said about it, for who may read that."""

    pk: int
    sheet: Sheet
    may_talk: bool
    remarks: int


def _talked(request: AgentRequest, found: Workgroup, *, sits: bool) -> list[_Talked]:
    shares = list(queries.shares_in(found))
    counts = queries.comment_counts(shares)
    return [
        _Talked(
            one.pk,
            one.sheet,
            sits or queries.answers_for(request.user, one.sheet),
            counts.get((one.sheet_id, one.workgroup_id), 0),
        )
        for one in shares
    ]


@requires(*WRITERS)
def workgroup(request: AgentRequest, pk: int) -> HttpResponse:
    """Who writes in a workgroup, which sheets, and what is on its way."""
    found = _workgroup(request, pk)
    seats = list(queries.seats_of(found))
    sits = any(one.agent_id == request.user.pk for one in seats)
    context = {
        "workgroup": found,
        "seats": seats,
        "sits": sits,
        "sends": request.user.may("knowledge.share"),
        "form": SeatForm(agent=request.user),
        "shares": _talked(request, found, sits=sits),
        "texts": queries.texts_together(found),
    }
    return render(request, "knowledge/workgroup.html", context)


@requires("knowledge.share")
@require_POST
@once
def seat(request: AgentRequest, pk: int) -> HttpResponse:
    """Send a colleague into a workgroup."""
    found = _workgroup(request, pk)
    form = SeatForm(request.POST, agent=request.user)
    try:
        if not form.is_valid():
            raise Refused(_("Choose a colleague who writes sheets."))
        colleague = form.cleaned_data["colleague"]
        actions.seat(found, colleague, agent=request.user, now=timezone.now())
        messages.success(
            request, _("%(name)s writes in the workgroup.") % {"name": colleague.display_name}
        )
    except Refused as refusal:
        refuse(request, refusal)
    return redirect("knowledge:workgroup", pk)


@requires(*WRITERS)
@require_POST
@once
def unseat(request: AgentRequest, pk: int) -> HttpResponse:
    """Take a colleague out of a workgroup, or go by oneself."""
    rows = WorkgroupMember.objects.visible_to(request.user).select_related("agent", "workgroup")
    sitting = get_object_or_404(rows, pk=pk)
    workgroup_id = sitting.workgroup_id
    try:
        actions.unseat(sitting, agent=request.user)
        messages.success(request, _("Done: this seat is free."))
    except Refused as refusal:
        refuse(request, refusal)
    if request.user.may("knowledge.share"):
        return redirect("knowledge:workgroup", workgroup_id)
    return redirect("knowledge:todo")
