"""Cases of other services, sealed, put together, represented: every look of them."""

import re
from datetime import datetime
from typing import Any

from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.cases.models import Case, CaseMerge
from parvis.contacts import actions as contacts
from parvis.organisations.models import Authority

_CASE = re.compile(r"/agent/dossiers/([0-9A-Z]{8})/")


def arguments(town: Authority) -> dict[str, dict[str, Any]]:
    """Page -> arguments: a case in which another one ended."""
    kept = CaseMerge.objects.filter(kept__authority=town, undone_at=None).order_by("pk")[0].kept
    return {"cases:around": {"reference": kept.reference}}


def open_to(town: Authority, references: list[str], *, now: datetime) -> None:
    """Whoever judges pages as an adviser or a referent has just said why."""
    agents = Agent.objects.with_rights().filter(authority=town, grants__role__in=["ADV", "REF"])
    cases = Case.objects.filter(authority=town, reference__in=references)
    for case in cases.select_related("service"):
        for agent in agents.exclude(service=case.service_id).distinct():
            if not case.service.is_sensitive:
                actions.say_why(case, agent=agent, now=now, reason="here")


def addresses(town: Authority, states: dict[str, str], *, now: datetime) -> dict[str, str]:
    """A case before its reason, a sealed one, and the page of a representative."""
    shown = [found[1] for one in states.values() if (found := _CASE.search(one))]
    open_to(town, shown, now=now)
    running = Case.objects.filter(authority=town, state="open", person__isnull=False)
    plain = running.filter(service__is_sensitive=False, referent__isnull=False)
    case = plain.exclude(reference__in=shown).select_related("service", "person").latest("pk")
    sealed = Case.objects.filter(authority=town, service__is_sensitive=True).latest("pk")
    assert case.referent is not None
    holder, _linking = contacts.identify_person(
        town, now=now, first_name="Yann", last_name="Essai", email="yann@aide.example"
    )
    made = actions.give_mandate(
        case,
        holder=holder,
        terms=actions.Terms("helper", "signed", now.date(), may_write=True),
        agent=case.referent,
        now=now,
    )
    return {
        "case-reason": reverse("cases:case", args=[case.reference]),
        "case-sealed": reverse("cases:case", args=[sealed.reference]),
        "tracking-represented": reverse("web:tracking", args=[made.secret]),
    }
