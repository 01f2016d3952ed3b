"""Durations that were checked, somebody who asks for a copy of their data, a slip that waits."""

from datetime import datetime, timedelta

from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.cases.models import Case, Procedure
from parvis.common.errors import Refused
from parvis.organisations.models import Authority
from parvis.privacy import actions
from parvis.privacy.models import RetentionRule

OF_COPIES = (3, 6)  # months in daily use, then under restricted access
LEGAL = {"cases.Case": "Code du patrimoine, art. L211-4 et L212-2"}


def create(slug: str, *, now: datetime) -> int:
    """Write down the proposed durations, check most of them, take a request and a hold."""
    authority = Authority.objects.get(slug=slug)
    officer = Agent.objects.filter(authority=authority, grants__role="DPO").first()
    if officer is None:
        return 0
    today = timezone.localdate(now)
    made = actions.propose_rules(actor=officer)
    for rule in made:
        rule.legal_reference = LEGAL.get(rule.subject, "")
        if rule.legal_reference or rule.subject.startswith(("queue", "contacts")):
            rule.checked_on = today - timedelta(days=40)
            actions.keep_rule(rule, actor=officer, changed=["checked_on", "legal_reference"])
    closed = Case.objects.filter(authority=authority, state="closed", person__isnull=False)
    case = closed.select_related("person").order_by("pk").first()
    if case is not None and case.person is not None:
        received = today - timedelta(days=12)
        actions.take_request(
            case.person, kind="access", agent=officer, now=now, received_on=received
        )
        actions.hold(case, agent=officer, now=now, reason="Recours gracieux en cours")
    _list_old_copies(authority, officer, now)
    return len(made)


def _list_old_copies(authority: Authority, officer: Agent, now: datetime) -> None:
    """Requests for copies are kept nine months: the first slip is with the archive service."""
    asked = Procedure.objects.filter(authority=authority, topics__slug="acte-naissance").first()
    if asked is None:
        return
    active, later = OF_COPIES
    rule = RetentionRule(
        subject="cases.Case",
        procedure=asked,
        active_months=active,
        intermediate_months=later,
        checked_on=timezone.localdate(now) - timedelta(days=40),
    )
    actions.keep_rule(rule, actor=officer, changed=["active_months", "intermediate_months"])
    try:
        for slip in actions.prepare(agent=officer, now=now - timedelta(days=2)):
            actions.send(slip, agent=officer, now=now - timedelta(days=1))
    except Refused:
        return  # in a small town nothing may have come to its term yet
