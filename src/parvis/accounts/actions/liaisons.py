"""Who is asked in a service, and whether they are there today."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from parvis.accounts.events import PresenceSaid
from parvis.accounts.models import Agent, Liaison, Presence
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.events import emit
from parvis.organisations.models import Service


@transaction.atomic
def name_liaison(
    service: Service, agent: Agent, *, rank: str, since: date, actor: Agent | None
) -> Liaison:
    """Name the liaison of a service, or a deputy; a new first one follows the one before."""
    if agent.authority_id != service.authority_id or not agent.is_active or agent.is_robot:
        raise Refused(_("Only a colleague who signs in here can be a liaison."), code="invalid")
    if rank == Liaison.Rank.FIRST:
        for before in _now(service).filter(rank=rank):
            _end(before, since)
    for same in _now(service).filter(agent=agent):
        _end(same, since)
    try:
        with transaction.atomic():
            row = Liaison.objects.create(agent=agent, service=service, rank=rank, since=since)
    except IntegrityError:  # somebody else named one at the same moment
        raise Refused(_("Somebody named a liaison meanwhile: look again."), code="moved") from None
    journal.record(
        actor, "accounts.liaison_named", row, authority_id=service.authority_id, rank=rank
    )
    return row


@transaction.atomic
def end_liaison(liaison: Liaison, *, actor: Agent, on: date) -> None:
    """This colleague is no longer asked for the service; what was answered stays theirs."""
    if liaison.until is None:
        _end(liaison, on)
        journal.record(actor, "accounts.liaison_ended", liaison)


def _now(service: Service) -> QuerySet[Liaison]:
    return Liaison.objects.select_for_update().filter(service=service, until=None).order_by("pk")


def _end(liaison: Liaison, on: date) -> None:
    liaison.until = max(on, liaison.since)
    liaison.save(update_fields=["until"])


@transaction.atomic
def go_out(agent: Agent, *, now: datetime, back_at: datetime | None = None) -> Presence:
    """Out from now on, until a moment or until further notice: nothing new comes to them."""
    if back_at is not None and back_at <= now:
        raise Refused(_("The moment of coming back is in the past."), code="invalid")
    return _say(agent, out_since=now, back_at=back_at, now=now)


@transaction.atomic
def come_in(agent: Agent, *, now: datetime) -> Presence:
    """Here again."""
    return _say(agent, out_since=None, back_at=None, now=now)


def _say(
    agent: Agent, *, out_since: datetime | None, back_at: datetime | None, now: datetime
) -> Presence:
    said = {"out_since": out_since, "back_at": back_at}
    row, _is_new = Presence.objects.update_or_create(agent=agent, defaults=said)
    is_out = out_since is not None
    until = back_at.isoformat() if back_at else ""
    journal.record(agent, "accounts.presence_said", agent, is_out=is_out, until=until)
    emit(PresenceSaid(agent.pk, is_out, now))
    return row
