from datetime import date

from parvis.law import rules
from parvis.law.models import Interpretation

TODAY = date(2026, 11, 24)


def test_the_rules_know_every_status_of_the_tables():
    assert set(rules.MOVES) == set(Interpretation.Status.values)


def test_what_was_rejected_is_debated_before_it_is_accepted():
    assert not rules.may_become(rules.REJECTED, rules.ACCEPTED)
    assert rules.may_become(rules.REJECTED, rules.DEBATED)


def test_only_agreeing_needs_no_reason():
    assert not rules.needs_reason(rules.ACCEPTED)
    assert rules.needs_reason(rules.REJECTED)
    assert rules.needs_reason(rules.DEBATED)


def test_an_article_is_compared_with_its_source_every_year():
    assert rules.is_check_due(None, TODAY)
    assert not rules.is_check_due(date(2025, 11, 24), TODAY)
    assert rules.is_check_due(date(2025, 11, 23), TODAY)
