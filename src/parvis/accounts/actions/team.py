"""What an administrator or the head of reception does with the accounts of colleagues."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts import rules
from parvis.accounts.events import AgentDeactivated, AgentMoved
from parvis.accounts.models import Agent, DeskChoice, RoleGrant, Skill
from parvis.common import journal
from parvis.common.codes import ALPHABET
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.organisations.models import Authority

Roles = Mapping[str, datetime | None]  # role -> until


@dataclass(frozen=True)
class Created:
    """A new agent and the password to hand over; it is kept nowhere."""

    agent: Agent
    password: str


@transaction.atomic
def create_agent(
    authority: Authority,
    *,
    actor: Agent | None,
    username: str,
    roles: Roles,
    password: str = "",
    **details: Any,
) -> Created:
    """Open an account with its roles; without a given password, a temporary one is made."""
    _may_give(actor, roles, before=())
    agent = Agent(authority=authority, username=username, **details)
    agent.password_is_temporary = not password
    password = password or new_password()
    agent.set_password(password)
    agent.save()
    _grant(agent, roles)
    journal.record(
        actor, "accounts.agent_created", agent, authority_id=authority.pk, roles=sorted(roles)
    )
    return Created(agent, password)


@transaction.atomic
def update_agent(
    agent: Agent, *, actor: Agent, roles: Roles, now: datetime, **details: Any
) -> Agent:
    """Change an account and its roles; both hold from the next page on."""
    before = _held(agent)
    service_before = Agent.objects.values_list("service_id", flat=True).get(pk=agent.pk)
    _may_touch(actor, agent)
    _may_give(actor, roles, before=before)
    if agent == actor and not _keeps_the_keys(actor, roles):
        raise Refused(_("You cannot take from yourself the right to manage: ask a colleague."))
    for name, value in details.items():
        setattr(agent, name, value)
    agent.save(update_fields=list(details) or None)
    _grant(agent, roles)
    journal.record(
        actor, "accounts.agent_changed", agent, roles=sorted(roles), before=sorted(before)
    )
    if agent.service_id != service_before:
        emit(AgentMoved(agent.pk, service_before, now))
    return agent


@transaction.atomic
def set_skills(agent: Agent, levels: Mapping[int, int], *, actor: Agent, on: date) -> None:
    """Note which families of topics a colleague knows, and since when it is validated."""
    _may_touch(actor, agent)
    agent.skills.exclude(family_id__in=levels).delete()
    known = dict(agent.skills.values_list("family_id", "level"))
    for family_id, level in levels.items():
        if known.get(family_id) != level:
            Skill.objects.update_or_create(
                agent=agent, family_id=family_id, defaults={"level": level, "validated_on": on}
            )
    journal.record(
        actor, "accounts.skills_changed", agent, skills={str(k): v for k, v in levels.items()}
    )


@transaction.atomic
def deactivate(agent: Agent, *, actor: Agent, now: datetime) -> None:
    """End an account: no sign-in, every session ends, and the password is gone for good."""
    _may_touch(actor, agent)
    if agent == actor:
        raise Refused(_("You cannot deactivate your own account: ask a colleague."))
    agent.is_active = False
    agent.pin_hash = ""
    agent.set_unusable_password()  # its mark is in every session: they all end
    agent.save(update_fields=["is_active", "password", "pin_hash"])
    DeskChoice.objects.filter(agent=agent).delete()
    journal.record(actor, "accounts.agent_deactivated", agent)
    emit(AgentDeactivated(agent.pk, now))


@transaction.atomic
def reactivate(agent: Agent, *, actor: Agent) -> Created:
    """Open an account again, with a temporary password to hand over."""
    _may_touch(actor, agent)
    agent.is_active = True
    agent.save(update_fields=["is_active"])
    journal.record(actor, "accounts.agent_reactivated", agent)
    return _with_new_password(agent)


@transaction.atomic
def reset_password(agent: Agent, *, actor: Agent) -> Created:
    """Give a temporary password to a colleague who forgot theirs; their sessions end."""
    _may_touch(actor, agent)
    if agent == actor:
        raise Refused(_("Change your own password on the page of your account."))
    if not agent.is_active:
        raise Refused(_("This account is closed: reopen it first."))
    journal.record(actor, "accounts.password_reset", agent)
    return _with_new_password(agent)


@transaction.atomic
def reset_second_factor(agent: Agent, *, actor: Agent) -> None:
    """Forget the second factor of a colleague who lost it."""
    _may_touch(actor, agent)
    if agent == actor:
        raise Refused(_("Change your own second factor on the page of your account."))
    Authenticator.objects.filter(user_id=agent.pk).delete()
    journal.record(actor, "accounts.second_factor_reset", agent)


@transaction.atomic
def rescue(agent: Agent) -> Created:
    """Let somebody in again by the hand of whoever runs the server: nobody else can."""
    Authenticator.objects.filter(user_id=agent.pk).delete()
    journal.record(None, "accounts.rescued", agent)
    return _with_new_password(agent)


def new_password() -> str:
    """A temporary password that can be read aloud: 16 signs, 68 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def _with_new_password(agent: Agent) -> Created:
    password = new_password()
    agent.set_password(password)
    agent.password_is_temporary = True
    agent.pin_hash = ""
    agent.save(update_fields=["password", "password_is_temporary", "pin_hash"])
    return Created(agent, password)


def _held(agent: Agent) -> frozenset[str]:
    return frozenset(agent.grants.values_list("role", flat=True))


def _may_touch(actor: Agent, agent: Agent) -> None:
    if agent != actor and not rules.may_manage(actor.capabilities, _held(agent)):
        raise Refused(_("Only an administrator may change the account of this colleague."))


def _may_give(actor: Agent | None, roles: Roles, *, before: frozenset[str] | tuple[()]) -> None:
    changed = frozenset(roles) ^ frozenset(before)
    if actor is not None and not changed <= rules.grantable(actor.capabilities):
        raise Refused(_("Only an administrator may give or take this role."))
    if any(until is None for role, until in roles.items() if role in rules.WITH_END):
        raise Refused(_("The role of an external auditor needs an end date."))


def _keeps_the_keys(actor: Agent, roles: Roles) -> bool:
    keys = {"staff.manage", "settings.manage"} & actor.capabilities
    return keys <= rules.capabilities_of(roles)


def _grant(agent: Agent, roles: Roles) -> None:
    agent.grants.exclude(role__in=roles).delete()
    for role, until in roles.items():
        RoleGrant.objects.update_or_create(agent=agent, role=role, defaults={"until": until})
