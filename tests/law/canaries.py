"""Readings of the law that stay inside, and what somebody noted beside an article."""

from datetime import date

from parvis.law import actions
from tests.law.factories import NOON, article_99, civil_code, editor
from tests.support.canaries import Aviary


def register(aviary: Aviary) -> None:
    agent = editor()
    article = article_99(agent)
    actions.interpret(article, words=aviary.word("reading, debated"), agent=agent, now=NOON)
    accepted = actions.interpret(
        article, words=aviary.word("reading, accepted"), agent=agent, now=NOON
    )
    actions.decide(
        accepted, status="accepted", agent=agent, now=NOON, reason=aviary.word("reading, reason")
    )
    actions.record_change(
        article,
        wording="Une erreur se rectifie d’office.",
        in_force_on=date(2026, 6, 1),
        what_changed=aviary.word("article, what changed"),
        agent=agent,
        now=NOON,
    )
    civil_code(agent)


PLANTED = [register]
