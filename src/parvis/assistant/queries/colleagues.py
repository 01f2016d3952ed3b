"""The right colleague: who answers for a service, and whether they are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parvis.accounts import queries as accounts
from parvis.accounts.models import Agent
from parvis.common.personal import Words
from parvis.organisations.models import DirectoryEntry, Service

REFERENTS = ("LIA", "REF")
LIAISON = pgettext_lazy("colleague", "liaison")
STANDS_IN = pgettext_lazy("colleague", "stands in")
REFERENT = pgettext_lazy("colleague", "referent")
CONTACT_POINT = _("contact point")


@dataclass(frozen=True)
class Colleague:
    """Whom to ring, and what to expect; without a name, the telephone of the service."""

    service: Service
    name: str = ""
    role: Words = ""
    function: str = ""
    phone: str = ""
    is_here: bool | None = None  # nobody knows of somebody without an account
    back_on: date | None = None  # the last day of an announced absence
    back_at: datetime | None = None
    instead_of: str = ""  # who would be asked, and is out


def colleague_for(agent: Agent, service: Service | None, *, now: datetime) -> Colleague | None:
    """The liaison of a service, else who stands in, else a referent, else a contact point.

    Whoever is there comes before whoever is out; a handful of queries, whatever the service.
    """
    if service is None or not agent.may("directory.read"):
        return None
    if service.authority_id != agent.authority_id:
        return None
    named = accounts.liaisons_of(service.pk, timezone.localdate(now))
    people = [one for one in named or _referents(service) if one.pk != agent.pk]
    if not people:
        return _contact_point(service)
    here = next((one for one in people if not accounts.is_out(one, now)), None)
    return _told(service, here or people[0], people[0], now, role=_role(here, people, bool(named)))


def _role(here: Agent | None, people: Sequence[Agent], is_named: bool) -> Words:
    if not is_named:
        return REFERENT
    return STANDS_IN if here is not None and here != people[0] else LIAISON


def _told(
    service: Service, chosen: Agent, first: Agent, now: datetime, *, role: Words
) -> Colleague:
    entry: DirectoryEntry | None = chosen.entry
    is_out = accounts.is_out(chosen, now)
    said = getattr(chosen, "presence", None)
    return Colleague(
        service,
        chosen.display_name,
        role,
        entry.function_label if entry else "",
        (entry.phone if entry else "") or service.phone,
        not is_out,
        accounts.absent_until(chosen, now) if is_out else None,
        said.back_at if is_out and said is not None else None,
        first.display_name if first != chosen else "",
    )


def _referents(service: Service) -> list[Agent]:
    agents = Agent.objects.at_work().filter(service=service, grants__role__in=REFERENTS)
    named = agents.select_related("entry", "presence").prefetch_related("absences")
    return list(named.distinct().order_by("entry__last_name", "username", "pk"))


def _contact_point(service: Service) -> Colleague | None:
    rows = DirectoryEntry.objects.filter(service=service, is_contact_point=True, is_active=True)
    entry = rows.order_by("last_name", "first_name", "pk").first()
    if entry is not None:
        words = entry.function_label
        phone = entry.phone or service.phone
        return Colleague(service, str(entry), CONTACT_POINT, words, phone)
    return Colleague(service, phone=service.phone) if service.phone else None
