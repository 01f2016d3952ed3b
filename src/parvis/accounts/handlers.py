"""What the sign-in library announces about second factors goes into the journal."""

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.dispatch import receiver

from parvis.accounts.models import Agent
from parvis.common import journal


@receiver(signals.authenticator_added)
def note_added(user: Agent, authenticator: Authenticator, **kwargs: Any) -> None:
    journal.record(user, "accounts.second_factor_added", user, kind=authenticator.type)


@receiver(signals.authenticator_removed)
def note_removed(user: Agent, authenticator: Authenticator, **kwargs: Any) -> None:
    journal.record(user, "accounts.second_factor_removed", user, kind=authenticator.type)


@receiver(signals.authenticator_reset)
def note_reset(user: Agent, authenticator: Authenticator, **kwargs: Any) -> None:
    journal.record(user, "accounts.second_factor_renewed", user, kind=authenticator.type)


@receiver(signals.authentication_failed)
def note_failed(user: Agent, authenticator: Authenticator, **kwargs: Any) -> None:
    journal.record(user, "accounts.second_factor_refused", user, kind=authenticator.type)
