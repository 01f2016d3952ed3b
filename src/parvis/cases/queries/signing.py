"""Who signs what leaves for the person of a case, on one day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from parvis.cases import rules
from parvis.cases.models import Case
from parvis.cases.queries.following import named_contact, shown_agent
from parvis.cases.rules import Unsigned
from parvis.organisations import queries as organisations
from parvis.organisations.rules import NameLevel, NamePolicy


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
    if agent is None or agent.entry is None:
        return False, ""
    policy = organisations.policy_of(agent.entry)
    # Once the exception has ended, what is left is the rule of the authority: without a reason.
    withheld = policy if policy and policy.level is NameLevel.SERVICE_ONLY else None
    return True, withheld.reason if withheld and _is_current(withheld, on) else ""


def _is_current(policy: NamePolicy, on: date) -> bool:
    return policy.ends_on is None or on <= policy.ends_on


_LACKS: dict[Unsigned, Callable[[], str]] = {
    Unsigned.INSTITUTION: lambda: _("The name of the authority is missing."),
    Unsigned.SERVICE: lambda: _("The name of the service is missing."),
    Unsigned.CONTACT: lambda: _(
        "Nobody who is there follows this case: name a referent or a deputy first."
    ),
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
