"""What coordinators and editors type about sheets between authorities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent
from parvis.knowledge import queries
from parvis.knowledge.models import Group, Sheet, Workgroup
from parvis.knowledge.rules import sharing
from parvis.organisations.models import Authority

FATES = [
    (sharing.KEEP, _("They keep the last words as a sheet of their own")),
    (sharing.LEAVE, _("They have it no more; its address says so")),
]


class GroupForm(forms.Form):
    """A new group."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InviteForm(forms.Form):
    """An authority to be asked."""

    authority = forms.ModelChoiceField(label=_("Authority"), queryset=Authority.objects.none())

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = queries.not_in(group)  # type: ignore[attr-defined]


class WorkgroupForm(forms.Form):
    """A new workgroup."""

    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(label=_("What it writes"), max_length=300, required=False)


class SeatForm(forms.Form):
    """A colleague sent into a workgroup."""

    colleague = forms.ModelChoiceField(label=_("Colleague"), queryset=Agent.objects.none())

    def __init__(self, *args: Any, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Agent.objects.at_work().filter(
            authority_id=agent.authority_id,
            is_robot=False,
            grants__role__in={role for one in queries.EDITORS for role in queries.roles_with(one)},
        )
        colleagues = colleagues.select_related("entry").order_by("entry__last_name", "username")
        self.fields["colleague"].queryset = colleagues.distinct()  # type: ignore[attr-defined]


class ShareForm(forms.Form):
    """Where a sheet is offered, and who writes it."""

    group = forms.ModelChoiceField(label=_("Group"), queryset=Group.objects.none())
    workgroup = forms.ModelChoiceField(
        label=_("Workgroup that writes it"),
        queryset=Workgroup.objects.none(),
        required=False,
        help_text=_("Its members, of several houses, propose changes; your service reads them."),
    )

    def __init__(self, *args: Any, agent: Agent, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = Group.objects.of(agent.authority_id)
        shared = queries.shares_of(sheet).values("group")
        self.fields["group"].queryset = groups.exclude(pk__in=shared)  # type: ignore[attr-defined]
        workgroups = Workgroup.objects.filter(group__in=groups).select_related("group")
        self.fields["workgroup"].queryset = workgroups  # type: ignore[attr-defined]


class TakeBackForm(forms.Form):
    """What becomes of those who adopted."""

    fate = forms.ChoiceField(
        label=_("Those who adopted it"),
        choices=FATES,
        initial=sharing.KEEP,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("What they are told"), max_length=300, required=False)


class LeaveForm(forms.Form):
    """What becomes of what was adopted."""

    fate = forms.ChoiceField(
        label=_("The sheets that your house adopted"),
        choices=[
            (sharing.KEEP, _("Keep the last words as sheets of your own")),
            (sharing.LEAVE, _("Give them up; their addresses say so")),
        ],
        initial=sharing.KEEP,
        widget=forms.RadioSelect,
    )
