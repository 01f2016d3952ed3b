"""What agents do with their own account and place of work."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.events import DeskChosen, SignedOut
from parvis.accounts.models import Agent, DeskChoice
from parvis.accounts.rules import LONGEST_SESSION
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.organisations.models import Desk


@transaction.atomic
def choose_desk(desk: Desk, *, agent: Agent, now: datetime, take_over: bool = False) -> DeskChoice:
    """Take a place for the day; a desk that a colleague has is only taken over on purpose."""
    others = DeskChoice.objects.filter(desk=desk).exclude(agent=agent)
    # Who forgot to sign out yesterday holds nothing today.
    today = others.filter(since__gt=now - LONGEST_SESSION, agent__is_active=True)
    holder = today.select_related("agent__entry").first()
    if holder is not None and not take_over:
        raise Refused(
            _("%(colleague)s has this desk. Choose another one, or take it over.")
            % {"colleague": holder.agent.display_name},
            code="desk_taken",
        )
    choice = keep_place(desk, agent=agent, now=now)
    emit(DeskChosen(agent.pk, desk.pk, now))
    return choice


@transaction.atomic
def keep_place(desk: Desk, *, agent: Agent, now: datetime) -> DeskChoice:
    """Have colleagues see that this agent has the desk, however the agent came to sit there."""
    DeskChoice.objects.filter(desk=desk).exclude(agent=agent).delete()
    choice, _made = DeskChoice.objects.update_or_create(
        agent=agent, defaults={"desk": desk, "since": now}
    )
    return choice


@transaction.atomic
def leave_desk(*, agent: Agent, now: datetime) -> None:
    """Work without a desk; the one held until now is free."""
    DeskChoice.objects.filter(agent=agent).delete()
    emit(DeskChosen(agent.pk, None, now))


@transaction.atomic
def sign_out(*, agent: Agent, now: datetime) -> None:
    """Leave: the desk is free again."""
    DeskChoice.objects.filter(agent=agent).delete()
    journal.record(agent, "accounts.signed_out", agent)
    emit(SignedOut(agent.pk, now))


@transaction.atomic
def save_password(agent: Agent, password: str) -> None:
    """Keep a password that the agent chose; all other sessions of theirs end with it."""
    agent.set_password(password)
    agent.password_is_temporary = False
    agent.save(update_fields=["password", "password_is_temporary"])
    journal.record(agent, "accounts.password_changed", agent)


@transaction.atomic
def save_pin(agent: Agent, pin: str) -> None:
    """Keep a PIN that unlocks the screen (an empty one: none); it never signs in."""
    agent.pin_hash = make_password(pin) if pin else ""
    agent.save(update_fields=["pin_hash"])
    journal.record(agent, "accounts.pin_changed" if pin else "accounts.pin_removed", agent)


@transaction.atomic
def save_preferences(agent: Agent, *, language: str, shortcuts: bool) -> None:
    """Keep the language and the one-key shortcuts, for every computer of the hall."""
    agent.language = language
    agent.shortcuts = shortcuts
    agent.save(update_fields=["language", "shortcuts"])
