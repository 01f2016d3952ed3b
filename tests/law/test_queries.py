from datetime import date, timedelta

import pytest

from parvis.law import actions, queries
from parvis.law.models import Article, Interpretation
from tests.accounts.factories import AgentFactory, rozenn
from tests.law.factories import NOON, article_99, civil_code, editor

pytestmark = pytest.mark.django_db


def test_the_public_reads_only_accepted_readings_meant_for_it():
    article, agent = article_99(), editor()
    for words, is_public, status in [
        ("publique", True, "accepted"),
        ("interne", False, "accepted"),
        ("en débat", True, None),
    ]:
        row = actions.interpret(article, words=words, agent=agent, now=NOON, is_public=is_public)
        if status:
            actions.decide(row, status=status, agent=agent, now=NOON)

    text = queries.public_texts(agent.authority).get()
    assert [one.words for one in text.in_force[0].public_readings] == ["publique"]
    assert Interpretation.objects.count() == 3


def test_the_register_is_searched_by_number_or_subject():
    article_99()
    assert queries.register(editor(), "rectific 99").get() == civil_code()
    assert not queries.register(editor(), "urbanisme").exists()


def test_articles_nobody_compared_for_a_year_are_listed_the_oldest_first():
    agent = editor()
    fresh = article_99(agent)
    old = article_99(agent, number="60", subject="prénom")
    Article.objects.filter(pk=old.pk).update(checked_on=date(2025, 1, 1))

    assert list(queries.to_check(agent, NOON.date())) == [old]
    assert fresh in queries.to_check(agent, NOON.date() + timedelta(days=400))


def test_a_liaison_keeps_the_texts_that_the_own_service_follows():
    agent = editor()
    liaison = AgentFactory.create(
        username="liaison", entry=None, authority=agent.authority, roles=["LIA"]
    )
    text = civil_code(agent)
    assert not queries.may_write(liaison, text)
    text.service = liaison.service
    assert queries.may_write(liaison, text)


def test_the_register_of_another_house_is_not_seen():
    article_99()
    stranger = rozenn()
    assert not queries.register(stranger).exists()
    assert not queries.find_articles(stranger, "99").exists()
