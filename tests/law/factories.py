"""A small register of Sainte-Orvanne: fixed, readable defaults."""

from datetime import UTC, date, datetime
from typing import Any

from parvis.accounts.models import Agent
from parvis.law import actions
from parvis.law.models import Article, LegalText
from tests.accounts.factories import AgentFactory

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 at Sainte-Orvanne


def editor(**values: Any) -> Agent:
    """Solène keeps the sheets and the register of the house of Inès."""
    return AgentFactory.create(
        username="solene.tanguy",
        entry__first_name="Solène",
        entry__last_name="Tanguy",
        **{"roles": ["KBE"], **values},
    )


def civil_code(agent: Agent | None = None, **values: Any) -> LegalText:
    agent = agent or editor()
    known = LegalText.objects.filter(authority=agent.authority, short_name="Code civil").first()
    text = LegalText(
        authority=agent.authority, short_name="Code civil", title="Code civil", **values
    )
    return known or actions.keep_text(text, actor=agent)


def article_99(agent: Agent | None = None, **values: Any) -> Article:
    agent = agent or editor()
    text = values.pop("text", None) or civil_code(agent)
    known = Article.objects.filter(text=text, number="99").select_related("text", "current").first()
    return known or actions.add_article(
        text,
        agent=agent,
        now=NOON,
        **{
            "number": "99",
            "subject": "rectification d’un acte",
            "wording": "Une erreur d’un acte se rectifie sur demande.",
            "in_force_on": date(2020, 1, 1),
            **values,
        },
    )
