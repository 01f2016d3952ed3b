"""Civil status as the desks ask it: a liaison, a deputy, a head, and a question with answer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from parvis.accounts import actions as accounts
from parvis.accounts.models import Agent, Liaison
from parvis.departments import actions
from parvis.departments.models import Question, Round
from parvis.organisations.models import Service
from tests.accounts.factories import AgentFactory, ines, marc
from tests.organisations.factories import ServiceFactory

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # a Tuesday, 12:00 at Sainte-Orvanne
SINCE = date(2026, 1, 1)
TEXT = "Peut-on retirer un livret de famille avec une simple photo de la carte ?"


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def civil_status() -> Service:
    return ServiceFactory.create()


def clara(**values: Any) -> Agent:
    """The liaison of civil status."""
    return _named("clara.mercadal", "Clara", "Mercadal", "LIA", Liaison.Rank.FIRST, **values)


def odile(**values: Any) -> Agent:
    """Her deputy."""
    return _named("odile.ancelin", "Odile", "Ancelin", "REF", Liaison.Rank.DEPUTY, **values)


def laurent(**values: Any) -> Agent:
    """The head of the department."""
    return _named("laurent.noblecourt", "Laurent", "Noblecourt", "DIR", "", **values)


def _named(username: str, first: str, last: str, role: str, rank: str, **values: Any) -> Agent:
    agent = AgentFactory.create(
        username=username,
        entry__first_name=first,
        entry__last_name=last,
        **{"roles": [role], **values},
    )
    if rank and not Liaison.objects.filter(agent=agent).exists():
        accounts.name_liaison(civil_status(), agent, rank=rank, since=SINCE, actor=None)
    return agent


def of_voirie(username: str = "mehdi.benguerra", role: str = "REF") -> Agent:
    """A colleague of another service of the house."""
    voirie = ServiceFactory.create(slug="voirie", name="Voirie")
    return _named(username, username, "Benguerra", role, "", service=voirie)


def everybody() -> tuple[Agent, Agent, Agent, Agent]:
    return clara(), odile(), laurent(), marc()


def asked(text: str = TEXT, **values: Any) -> Question:
    given: dict[str, Any] = {"agent": ines(), "now": NOON, "visitor_present": True, **values}
    return actions.ask(given.pop("service", None) or civil_status(), text, **given)


def answered(text: str = TEXT, **values: Any) -> Question:
    by = values.pop("by", None) or clara()
    question = asked(text, **values)
    return actions.answer(
        question,
        "Oui, avec l’original au retrait.",
        level="public",
        agent=by,
        now=question.asked_at + minutes(2),
    )


def planned(**values: Any) -> Round:
    given: dict[str, Any] = {
        "visitor": marc(), "planned_at": NOON - minutes(60), "agent": marc(),
        "now": NOON - timedelta(days=7), **values,
    }  # fmt: skip
    return actions.plan_round(given.pop("service", None) or civil_status(), **given)
