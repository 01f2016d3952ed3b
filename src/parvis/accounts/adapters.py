"""What the sign-in library must know about our agents."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class AgentAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the house, never by signing up."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
