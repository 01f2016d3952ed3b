"""Requests, durations and slips in the states in which they may be read."""

from typing import Any

from parvis.cases.models import Procedure
from parvis.organisations.models import Authority
from parvis.privacy.models import PersonRequest, RetentionRule, Slip


def arguments(town: Authority) -> dict[str, dict[str, Any]]:
    """Page -> arguments, from what the officer of the demo town has on the desk."""
    asked = PersonRequest.objects.filter(authority=town).earliest("pk")
    rule = RetentionRule.objects.filter(authority=town, procedure=None).earliest("pk")
    return {
        "privacy:person": {"pk": asked.person_id},
        "privacy:request": {"pk": asked.pk},
        "privacy:rule": {"pk": rule.pk},
        "privacy:rule-of-procedure": {
            "pk": Procedure.objects.filter(authority=town).earliest("pk").pk
        },
        "privacy:slip": {"pk": Slip.objects.filter(authority=town).earliest("pk").pk},
    }
