"""Who signs a mail that belongs to no case: the keeper of the address, or the agent who answers."""

from datetime import date

from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases.queries import Signature
from parvis.mail.models import Mailbox
from parvis.organisations import queries as organisations
from parvis.organisations.models import Authority, Service


def of_box(box: Mailbox, *, on: date) -> Signature:
    """Under whose name the arrival of a message is told."""
    return _signature(box.authority, box.service, box.keeper, box.address, on)


def of_agent(agent: Agent, *, reply_by: str, on: date) -> Signature:
    """Under whose name an agent answers."""
    return _signature(agent.authority, agent.service, agent, reply_by, on)


def _signature(
    authority: Authority, service: Service | None, agent: Agent | None, reply_by: str, on: date
) -> Signature:
    name = function = exception = ""
    if agent is not None and agent.entry is not None and agent.is_active:
        shown = organisations.shown_name(agent.entry, on)
        name, function = shown.name, shown.function
        policy = organisations.policy_of(agent.entry)
        exception = policy.reason if policy and not name else ""
    phone = (service.phone if service else "") or authority.phone
    lacking = [
        words
        for words, is_there in (
            (_("The service is missing."), service),
            (_("Nobody signs: name who answers for this address."), name or exception),
            (_("The function is missing in the directory."), function or not name),
            (_("The telephone number of the service is missing."), phone),
            (_("The address for the answer is missing."), reply_by),
        )
        if not is_there
    ]
    return Signature(
        institution=authority.name,
        service=service.label if service else "",
        name=name,
        function=function,
        reply_by=reply_by,
        phone=phone,
        email=reply_by,
        address=(service.address if service else "") or authority.address,
        lacking=tuple(lacking),
        exception=exception,
    )
