"""Passwords, checked only when the account and the address are within their limits."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone

from parvis.accounts import limits
from parvis.accounts.models import Agent


class ThrottledPasswords(BaseBackend):
    """Counts tries in the database before any hashing is done."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Agent | None:
        """The agent whose password this is; Busy, before any hashing, beyond the limits."""
        if not username or password is None:
            return None
        limits.count_try(request, username, now=timezone.now())
        agent: Agent | None = Agent.objects.filter(
            username__iexact=limits.normalised(username)
        ).first()
        if not _password_is_right(agent, password) or agent is None:
            return None
        if not agent.is_active or agent.is_robot:
            return None
        limits.forgive(request, username)
        return agent

    def get_user(self, user_id: int) -> Agent | None:
        """The agent of a session, with roles; nobody once deactivated, whatever the cookie says."""
        agent: Agent | None = Agent.objects.at_work().with_rights().filter(pk=user_id).first()
        return agent


def _password_is_right(agent: Agent | None, password: str) -> bool:
    if agent is None or not agent.has_usable_password():
        make_password(password)  # as long as a check takes: the time must not tell who exists
        return False
    return agent.check_password(password)
