from datetime import date

import pytest

from parvis.common import journal
from parvis.common.errors import Refused
from parvis.law import actions, queries
from tests.law.factories import NOON, article_99, editor

pytestmark = pytest.mark.django_db
NEW_WORDS = "Une erreur d’un acte se rectifie sur simple demande, sans frais."


def change(article, wording: str = NEW_WORDS):
    return actions.record_change(
        article,
        wording=wording,
        in_force_on=date(2026, 12, 1),
        what_changed="Gratuité",
        agent=editor(),
        now=NOON,
    )


def test_a_changed_article_keeps_the_wording_it_had():
    article = article_99()
    change(article)
    article.refresh_from_db()

    assert article.current.wording == NEW_WORDS
    assert [one.number for one in article.versions.all()] == [2, 1]


def test_the_same_words_again_are_no_change():
    article = article_99()
    with pytest.raises(Refused):
        change(article, wording=f" {article.current.wording} ")
    assert article.versions.count() == 1


def test_an_article_is_entered_once():
    article = article_99()
    with pytest.raises(Refused):
        actions.add_article(
            article.text,
            number="99",
            subject="autre",
            wording="…",
            in_force_on=date(2026, 1, 1),
            agent=editor(),
            now=NOON,
        )


def test_a_reading_is_debated_then_decided_with_the_reason():
    article, agent = article_99(), editor()
    reading = actions.interpret(article, words="Sans rendez-vous.", agent=agent, now=NOON)
    assert [one.pk for one in queries.undecided(agent)] == [reading.pk]

    with pytest.raises(Refused):
        actions.decide(reading, status="rejected", agent=agent, now=NOON)
    decided = actions.decide(
        reading,
        status="rejected",
        agent=agent,
        now=NOON,
        reason="Le service reçoit sur rendez-vous.",
    )

    assert (decided.status, decided.decided_by) == ("rejected", agent)
    assert not queries.undecided(agent).exists()
    verbs = [entry.verb for entry in journal.of(reading)]
    assert verbs == ["law.interpretation_proposed", "law.interpretation_decided"]


def test_an_accepted_reading_of_an_article_that_changed_is_to_be_confirmed():
    article, agent = article_99(), editor()
    reading = actions.interpret(article, words="Sans frais.", agent=agent, now=NOON)
    actions.decide(reading, status="accepted", agent=agent, now=NOON)
    change(article)

    assert [one.pk for one in queries.undecided(agent)] == [reading.pk]
    actions.decide(reading, status="accepted", agent=agent, now=NOON)
    assert not queries.undecided(agent).exists()
