"""The data protection officer, a rule that was checked, a case whose term is over."""

from datetime import UTC, date, datetime
from typing import Any

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.contacts.models import Person
from parvis.privacy import actions
from parvis.privacy.models import PersonRequest, RetentionRule, Slip
from tests.accounts.factories import AgentFactory
from tests.cases.factories import nadia, windows
from tests.contacts.factories import PersonFactory
from tests.organisations.factories import AuthorityFactory

LATER = datetime(2032, 3, 2, 11, 0, tzinfo=UTC)  # more than five years after the case was closed


def dpo(**kwargs: Any) -> Agent:
    return AgentFactory.create(
        username="soazig.madec",
        entry__first_name="Soazig",
        entry__last_name="Madec",
        **{"roles": ["DPO"], **kwargs},
    )


def rule(**kwargs: Any) -> RetentionRule:
    values = {
        "authority": AuthorityFactory.create(),
        "subject": "cases.Case",
        "active_months": 12,
        "intermediate_months": 48,
        "legal_reference": "Code du patrimoine, art. L212-2",
        "checked_on": date(2032, 1, 5),
        **kwargs,
    }
    return RetentionRule.objects.create(**values)


def closed_case(now: datetime, **kwargs: Any) -> Case:
    """Odette's six windows, settled long ago."""
    case = windows(**kwargs).case
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=now, last_activity_at=now)
    case.refresh_from_db()
    return case


def odette() -> Person:
    return PersonFactory.create(email="odette.kerdraon@courriel.example")


def request_of(person: Person, kind: str = "erase", **kwargs: Any) -> PersonRequest:
    made = actions.take_request(
        person, kind=kind, agent=dpo(), now=LATER, received_on=LATER.date(), **kwargs
    )
    return actions.check_identity(made, agent=dpo(), now=LATER, how="Carte vue au guichet")


def granted_slip() -> Slip:
    """Prepared, and with its visa."""
    [slip] = actions.prepare(agent=dpo(), now=LATER)
    return actions.grant(
        slip,
        agent=dpo(),
        now=LATER,
        by="Y. Le Bihan",
        service="Archives départementales",
        on=LATER.date(),
        reference="2032-117",
    )


__all__ = ["LATER", "closed_case", "dpo", "granted_slip", "nadia", "odette", "request_of", "rule"]
