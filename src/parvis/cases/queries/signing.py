"""Who signs what leaves for the person of a case, on one day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.cases import rules
from parvis.cases.models import Case
from parvis.cases.queries.following import named_contact, shown_agent
from parvis.cases.rules import Unsigned
from parvis.organisations import queries as organisations
from parvis.organisations.rules import NameLevel


@dataclass(frozen=True)
class Signature:
    """The block that no outgoing message goes without; ``lacking`` says why it may not leave."""

    institution: str
    service: str
    name: str  # empty only by the lawful exception
    function: str  # with a withheld name: in whose name the colleague acts
    reply_by: str  # where an answer goes: the e-mail address of the service, else the postal one
    phone: str
    email: str
    address: str
    lacking: tuple[str, ...]  # sentences for the agent; empty when the message may leave
    exception: str = ""  # why the name is withheld (L111-2), to be kept in the journal


def signature(case: Case, *, on: date) -> Signature:
    """Institution, service, named contact and way to answer, as the person reads them that day."""
    service, authority = case.service, case.authority
    contact = named_contact(case, on)
    somebody, exception = _behind(case, contact, on)
    email = service.email or authority.email
    address = service.address or authority.address
    function, name = contact.function, contact.name
    if contact.away and not name and not somebody:
        # Everybody is away: the person still reads whose case it is, with the way to the service.
        somebody, name, function = True, contact.away, _function(case.referent, on)
    if somebody and not name:
        function = _("for the service: %(service)s") % {"service": service.label}
    signed = rules.Signed(
        institution=authority.name,
        service=service.label,
        name=name,
        function=function,
        reply_by=email or address,
        phone=service.phone or authority.phone,
        somebody_follows=somebody,
        exception=exception,
    )
    return Signature(
        institution=signed.institution,
        service=signed.service,
        name=signed.name,
        function=signed.function,
        reply_by=signed.reply_by,
        phone=signed.phone,
        email=email,
        address=address,
        lacking=tuple(_LACKS[lack]() for lack in rules.unsigned(signed)),
        exception=exception,
    )


def _behind(case: Case, contact: rules.NamedContact, on: date) -> tuple[bool, str]:
    """Does somebody stand behind the service, and why is their name withheld, if it is?"""
    if contact.name:
        return True, ""
    agent = shown_agent(case, on)
    if agent is not None and _is_withheld(agent, case, on):
        policy = organisations.policy_of(agent.entry) if agent.entry else None
        return True, policy.reason if policy else ""
    return False, ""


def _function(agent: Agent | None, on: date) -> str:
    return organisations.shown_name(agent.entry, on).function if agent and agent.entry else ""


def _is_withheld(agent: Agent, case: Case, on: date) -> bool:
    if agent.entry is None or not rules.may_follow(_colleague(agent), case.service_id):
        return False
    return organisations.shown_name(agent.entry, on).level is NameLevel.SERVICE_ONLY


def _colleague(agent: Agent) -> rules.Colleague:
    return rules.Colleague(agent.pk, agent.service_id, agent.is_active, agent.is_robot)


_LACKS: dict[Unsigned, Callable[[], str]] = {
    Unsigned.INSTITUTION: lambda: _("The name of the authority is missing."),
    Unsigned.SERVICE: lambda: _("The name of the service is missing."),
    Unsigned.CONTACT: lambda: _("Nobody of the service follows this case: name a referent first."),
    Unsigned.HIDDEN: lambda: _(
        "The name of who follows this case is withheld without a reason: write the reason in the "
        "directory, or show the name."
    ),
    Unsigned.FUNCTION: lambda: _(
        "The function of who follows this case is missing in the directory."
    ),
    Unsigned.REPLY: lambda: _(
        "The service has no e-mail address and no postal address for the answer."
    ),
    Unsigned.PHONE: lambda: _("The telephone number of the service is missing."),
}
