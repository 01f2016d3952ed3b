"""What every action on a case shares: its lines, its moves, its limits."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.models import Case, CaseEntry
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.marking import gettext_noop

LONGEST = 5000
REMINDER = gettext_noop("a reminder for the service")
Kind = CaseEntry.Kind
_SPOKEN = {Kind.MESSAGE_IN, Kind.REOPENED, Kind.THANKED}


def words(text: str, *, empty: str) -> str:
    """The text as it is kept, or the sentence that asks for it."""
    kept = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not kept:
        raise Refused(empty, code="empty")
    if len(kept) > LONGEST:
        raise Refused(_("This text is too long: 5,000 characters at most."), code="too_long")
    return kept


def add_line(
    case: Case,
    kind: str,
    *,
    now: datetime,
    agent: Agent | None = None,
    text: str = "",
    internal_reason: str = "",
    **data: Any,
) -> CaseEntry:
    """Add one line to the story of the case."""
    if agent is None and case.held_by is not None and kind in _SPOKEN:
        data["by"] = str(case.held_by.holder)
    return CaseEntry.objects.create(
        case=case,
        at=now,
        kind=kind,
        agent=agent,
        service_id=agent.service_id if agent else None,
        text=text,
        is_internal=bool(internal_reason),
        internal_reason=internal_reason,
        data=data,
    )


def add_referent(case: Case, *, now: datetime, agent: Agent | None, **exceptions: Any) -> CaseEntry:
    """Say in the story who follows the case, and who stands in."""
    return add_line(
        case,
        Kind.ASSIGNED,
        now=now,
        agent=agent,
        service=case.service_id,
        referent=case.referent_id,
        deputy=case.deputy_id,
        **exceptions,
    )


def change(case: Case, *, now: datetime, state: str | None = None, **fields: Any) -> None:
    """Change the case, unless a colleague changed its state a moment ago."""
    if case.state == Case.State.MERGED:
        raise Refused(_("This case was put into another one: go on there."), code="merged")
    if state is not None and state != case.state:
        if not rules.may_move(case.state, state):
            raise Refused(
                _("This is not possible while the case is: %s.") % case.get_state_display()
            )
        fields["state"] = state
    fields["last_activity_at"] = now
    unchanged = Case.objects.filter(pk=case.pk, state=case.state)
    if not unchanged.update(**fields):
        raise Refused(
            _("A colleague has just changed this case. Open it again to see what is new."),
            code="stale",
        )
    for name, value in fields.items():
        setattr(case, name, value)


def note_down(case: Case, actor: Agent | str | None, verb: str, **data: Any) -> None:
    """Write the journal line of an action on a case."""
    journal.record(actor, f"cases.{verb}", case, authority_id=case.authority_id, **data)


def check_agent(case: Case, agent: Agent) -> None:
    """Nobody acts on the case of another authority, nor on a sensitive one from outside."""
    if agent.authority_id != case.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if case.service.is_sensitive and agent.service_id != case.service_id and not agent.is_robot:
        raise Refused(_("Only %s acts on this case.") % case.service.label, code="sensitive")


def check_running(case: Case) -> None:
    """A closed case is reopened first."""
    if case.state not in rules.RUNNING:
        raise Refused(_("This case is closed: reopen it first."), code="closed")


def check_may_steer(case: Case, agent: Agent, now: datetime) -> None:
    """Handing over, passing on and closing belong to the owning service."""
    check_agent(case, agent)
    roles = frozenset(grant.role for grant in agent.grants.all() if grant.is_current(now))
    steerer = rules.Steerer(roles, agent.service_id, agent.is_robot)
    if not rules.may_steer(steerer, service_id=case.service_id):
        raise Refused(
            _("This is for %s to decide: write them a note instead.") % case.service.label,
            code="not_yours",
        )
