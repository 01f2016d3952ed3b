"""How many cases are enough, for a service or for one colleague."""

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.models import LoadCap
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.organisations.models import Service

MOST = 2000


@transaction.atomic
def set_cap(
    service: Service, *, actor: Agent, most: int | None, agent: Agent | None = None
) -> None:
    """Say how many running cases are enough; None takes the limit away."""
    if service.authority_id != actor.authority_id or (agent and agent.service_id != service.pk):
        raise Refused(_("This belongs to another authority."), code="foreign")
    if most is None:
        LoadCap.objects.filter(service=service, agent=agent).delete()
    elif not 1 <= most <= MOST:
        raise Refused(_("Between 1 and 2,000 cases."), code="invalid")
    else:
        LoadCap.objects.update_or_create(service=service, agent=agent, defaults={"most": most})
    journal.record(actor, "cases.cap_set", service, most=most, agent=agent.pk if agent else None)
