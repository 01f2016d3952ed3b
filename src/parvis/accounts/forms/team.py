"""Accounts of colleagues and keys of programs, as an administrator types them."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts import rules
from parvis.accounts.limits import normalised
from parvis.accounts.models import Agent, Role, Skill
from parvis.common.forms import ActorForm, ActorModelForm, DayField, Kind
from parvis.organisations.models import Service, Site, TopicFamily

plain_name = RegexValidator(
    r"^[a-z0-9][a-z0-9.@_-]*$", _("Use small letters, digits, dots and hyphens.")
)


class AgentForm(ActorModelForm[Agent]):
    """An account with its roles; only what the actor may give is offered."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    until = DayField(
        label=_("Last day of the auditor's access"),
        required=False,
        help_text=_("Only for the role of external auditor, who always has an end date."),
    )

    class Meta(Kind):
        model = Agent
        fields = ("username", "entry", "email", "service", "site")

    def __init__(self, *args: Any, actor: Agent, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        agent = self.instance
        held = {grant.role: grant.until for grant in agent.grants.all()} if agent.pk else {}
        offered = rules.grantable(actor.capabilities) | held.keys()
        roles = self.fields["roles"]
        assert isinstance(roles, forms.MultipleChoiceField)  # noqa: S101
        roles.choices = [(value, label) for value, label in Role.choices if value in offered]
        roles.initial = list(held)
        end = held.get(Role.AUDITOR)
        self.fields["until"].initial = end and (timezone.localtime(end) - timedelta(days=1)).date()
        entries = self.fields["entry"]
        assert isinstance(entries, forms.ModelChoiceField)  # noqa: S101
        entries.required = True
        entries.help_text = _("The colleague in the staff directory; add the entry there first.")
        free = Q(agent=None, is_active=True) | Q(pk=agent.entry_id)
        entries.queryset = entries.queryset.filter(free) if entries.queryset is not None else None

    def clean_username(self) -> str:
        name = normalised(self.cleaned_data["username"])
        plain_name(name)
        if Agent.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody has this user name already."))
        return name

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        wants_end = rules.WITH_END & frozenset(given.get("roles", ()))
        until = given.get("until")
        if wants_end and not until and "until" not in self.errors:
            self.add_error("until", _("The role of an external auditor needs an end date."))
        elif wants_end and until and until < timezone.localdate():
            self.add_error("until", _("This day is over."))
        return given

    def granted(self) -> dict[str, datetime | None]:
        """The roles as the action takes them: the last day counts to its end."""
        last = self.cleaned_data.get("until")
        end = last and timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
        return {
            role: end if role in rules.WITH_END else None for role in self.cleaned_data["roles"]
        }

    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SkillsForm(ActorForm):
    """One line per family of topics: what the colleague knows of it."""

    def __init__(self, *args: Any, actor: Agent, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        known = dict(agent.skills.values_list("family_id", "level"))
        for family in TopicFamily.objects.visible_to(actor):
            self.fields[f"family-{family.pk}"] = forms.TypedChoiceField(
                label=family.label,
                choices=[("", _("not yet")), *Skill.Level.choices],
                coerce=int,
                empty_value=None,
                required=False,
                initial=known.get(family.pk, ""),
            )

    def levels(self) -> dict[int, int]:
        return {
            int(name.removeprefix("family-")): level
            for name, level in self.cleaned_data.items()
            if level
        }


class TokenForm(ActorForm):
    """A key for another program."""

    name = forms.CharField(
        label=_("Used by"), max_length=80, help_text=_("The program, and who looks after it.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=())
    service = forms.ModelChoiceField(
        Service.objects.all(),
        label=_("Service"),
        required=False,
        empty_label=pgettext_lazy("service or site", "none"),
    )
    site = forms.ModelChoiceField(
        Site.objects.all(),
        label=_("Site"),
        required=False,
        empty_label=pgettext_lazy("service or site", "none"),
    )

    def __init__(self, *args: Any, actor: Agent, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        offered = rules.grantable(actor.capabilities) - rules.WITH_END
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101
        role.choices = [(value, label) for value, label in Role.choices if value in offered]
