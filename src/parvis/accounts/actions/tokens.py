"""Keys for other programs: one authority, one role, shown once, kept as a hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts import rules
from parvis.accounts.models import Agent, ApiToken, RoleGrant
from parvis.common import journal
from parvis.common.codes import hash_secret, new_secret
from parvis.common.errors import Refused
from parvis.organisations.models import Authority

PREFIX = "parvis_"


@dataclass(frozen=True)
class NewToken:
    """A token and its secret, which nobody can read again."""

    token: ApiToken
    secret: str


@transaction.atomic
def create_token(
    authority: Authority,
    *,
    actor: Agent | None,
    now: datetime,
    name: str,
    role: str,
    secret: str = "",
    **details: Any,
) -> NewToken:
    """Give another program a key: it acts as an agent of its own, who can never sign in.

    ``details`` are those of the agent (service, site); a given secret serves demonstrations.
    """
    if role in rules.WITH_END:
        raise Refused(_("A program cannot hold this role."))
    if actor is not None and role not in rules.grantable(actor.capabilities):
        raise Refused(_("Only an administrator may give or take this role."))
    username = f"api.{authority.slug}.{secrets.token_hex(4)}"
    robot = Agent(
        authority=authority, username=username[:80], is_robot=True, program=name, **details
    )
    robot.set_unusable_password()
    robot.save()
    RoleGrant.objects.create(agent=robot, role=role)
    secret = secret or PREFIX + new_secret()
    token = ApiToken.objects.create(
        agent=robot, name=name, secret_hash=hash_secret(secret), created_at=now
    )
    journal.record(
        actor, "accounts.token_created", token, authority_id=authority.pk, name=name, role=role
    )
    return NewToken(token, secret)


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Agent, now: datetime) -> None:
    """Make a key worthless, from the next request on."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        return
    Agent.objects.filter(pk=token.agent_id).update(is_active=False)
    journal.record(actor, "accounts.token_revoked", token, name=token.name)
