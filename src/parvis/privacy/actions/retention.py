"""Rules of retention, the change to restricted access, and what is emptied by age alone."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from parvis.cases.models import Case
from parvis.common import erasing, journal, personal
from parvis.common.access import Actor
from parvis.privacy import queries, rules
from parvis.privacy.models import RetentionRule
from parvis.privacy.queries.terms import CASE, authorities, end_of

AT_ONCE = 2000
PROPOSED_CASE_MONTHS = (12, 48)


@transaction.atomic
def keep_rule(rule: RetentionRule, *, actor: Actor, changed: list[str]) -> RetentionRule:
    """Keep a rule as it was typed; who changed what is journaled."""
    rule.authority_id = actor.authority_id
    if rule.procedure_id:
        rule.subject = CASE
    rule.save()
    journal.record(actor, "privacy.rule_kept", rule, fields=sorted(changed))
    return rule


@transaction.atomic
def propose_rules(*, actor: Actor) -> list[RetentionRule]:
    """Write the durations that the software proposes, to be confirmed: they erase nothing yet."""
    made = []
    for root in queries.unruled(actor):
        if not isinstance(root, personal.Root):
            continue
        active, later = PROPOSED_CASE_MONTHS if root.needs_visa else (root.months, 0)
        rule = RetentionRule(
            subject=root.model,
            active_months=active,
            intermediate_months=later,
            needs_visa=root.needs_visa,
        )
        made.append(keep_rule(rule, actor=actor, changed=["proposed"]))
    return made


def settle_phases(*, now: datetime) -> int:
    """Put under restricted access what is out of daily use; gives back how many cases."""
    today, moved = timezone.localdate(now), 0
    for authority in authorities():
        for rule in authority.retention_rules.filter(subject=CASE):
            if rule.is_confirmed(today):
                moved += _restrict(rule, now)
    return moved


@transaction.atomic
def _restrict(rule: RetentionRule, now: datetime) -> int:
    due = queries.past_active(rule, timezone.localdate(now)).order_by("closed_at", "pk")
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    if keys:
        Case.objects.filter(pk__in=keys, archived_at=None).update(archived_at=now)
        journal.record(
            None, "privacy.cases_archived", rule, authority_id=rule.authority_id, count=len(keys)
        )
    return len(keys)


def empty_aged(*, now: datetime) -> int:
    """Empty what has come to its term and needs no visa, by rules that somebody checked."""
    today, emptied = timezone.localdate(now), 0
    for authority in authorities():
        for rule in authority.retention_rules.exclude(subject=CASE):
            if rule.is_confirmed(today) and not rule.needs_visa:
                emptied += _empty(rule, now)
    return emptied


@transaction.atomic
def _empty(rule: RetentionRule, now: datetime) -> int:
    months = rule.active_months + rule.intermediate_months
    before = end_of(rules.latest_ended(timezone.localdate(now), months))
    root = personal.root(rule.subject)
    count = erasing.empty_aged(root, scope=rule.authority_id, before=before, now=now, most=AT_ONCE)
    if count:
        journal.record(
            None, "privacy.words_emptied", rule, authority_id=rule.authority_id, count=count
        )
    return count
