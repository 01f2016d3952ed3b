"""Being away for days: who stands in is chosen once, and it ends by itself."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts import rules
from parvis.accounts.models import Absence, Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.organisations.models import Authority

LONGEST = timedelta(days=730)


@transaction.atomic
def say_absence(
    agent: Agent,
    *,
    actor: Agent,
    now: datetime,
    first_day: date,
    last_day: date,
    deputy: Agent | None = None,
) -> Absence:
    """Say that a colleague is away on these days, and who stands in for all their cases."""
    _check_actor(actor, agent)
    if last_day < first_day:
        raise Refused(_("The last day away comes before the first one."), code="invalid")
    if last_day - first_day > LONGEST:
        raise Refused(_("Two years at most: a longer absence is a departure."), code="invalid")
    _check_deputy(agent, deputy)
    # Two absences said at the same moment could stand in for each other: one after the other.
    Authority.objects.select_for_update().get(pk=agent.authority_id)
    away = rules.Away(agent.pk, first_day, last_day, deputy.pk if deputy else None)
    _check_days(away, agent)
    row = Absence.objects.create(
        agent=agent, first_day=first_day, last_day=last_day, deputy=deputy, said_at=now
    )
    journal.record(
        actor,
        "accounts.absence_said",
        agent,
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
        deputy=away.deputy,
    )
    return row


@transaction.atomic
def end_absence(absence: Absence, *, actor: Agent, on: date) -> None:
    """Back from this day on; an absence that has not begun is taken back whole."""
    _check_actor(actor, absence.agent)
    if absence.last_day < on:
        return
    journal.record(actor, "accounts.absence_ended", absence.agent, on=on.isoformat())
    if absence.first_day >= on:
        absence.delete()
        return
    absence.last_day = on - timedelta(days=1)
    absence.save(update_fields=["last_day"])


def _check_actor(actor: Agent, agent: Agent) -> None:
    if actor.authority_id != agent.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    if actor.pk != agent.pk and not actor.may("staff.manage"):
        raise Refused(_("Only the colleague or the head of reception says this."), code="not_yours")


def _check_deputy(agent: Agent, deputy: Agent | None) -> None:
    if deputy is None:
        return
    if deputy.pk == agent.pk:
        raise Refused(_("Somebody else stands in."), code="deputy")
    fits = deputy.is_active and not deputy.is_robot and deputy.service_id == agent.service_id
    if not fits or agent.service_id is None:
        raise Refused(_("Only a colleague of the same service, in post, stands in."), code="deputy")


def _check_days(away: rules.Away, agent: Agent) -> None:
    rows = Absence.objects.filter(
        agent__authority_id=agent.authority_id,
        first_day__lte=away.last_day,
        last_day__gte=away.first_day,
    )
    others = [row.days for row in rows]
    if any(other.agent == away.agent for other in others):
        raise Refused(_("Some of these days are said already."), code="overlap")
    if rules.leads_back(away, others):
        raise Refused(
            _("On some of these days each of you would stand in for the other: choose somebody "
              "who is there."),
            code="circle",
        )  # fmt: skip
