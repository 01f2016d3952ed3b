"""What ``parvis doctor`` says about accounts."""

from collections.abc import Sequence
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from parvis.accounts.adapters import UnreadableSecret


@register(Tags.database)
def second_factors_can_be_read(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    if not databases:
        return []
    try:
        unreadable = sum(not _is_readable(data) for data in _kept())
    except DatabaseError:
        return []  # no tables yet, or no answer: others say so
    if not unreadable:
        return []
    return [
        Warning(
            f"{unreadable} second factors were encrypted with another secret key.",
            hint="Give the former key back as PARVIS_SECRET_KEY, or name it in "
            "PARVIS_SECRET_KEY_FALLBACKS. If it is lost, an administrator resets each second "
            "factor on the page of the team; for the last administrator: parvis rescue USERNAME",
            id="accounts.W001",
        )
    ]


def _kept() -> list[dict[str, Any]]:
    coded = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    return list(coded.order_by("pk").values_list("data", flat=True))


def _is_readable(data: dict[str, Any]) -> bool:
    try:
        get_adapter().decrypt(data.get("secret") or data["seed"])
    except UnreadableSecret:
        return False
    return True
