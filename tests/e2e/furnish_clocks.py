"""Cases whose legal clock has spoken, and the procedure behind them."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.cases import actions
from parvis.cases.models import Procedure
from parvis.organisations.models import Authority, Topic


def arguments(town: Authority) -> dict[str, dict[str, Any]]:
    """Page -> arguments."""
    procedure = Procedure.objects.get(authority=town, links__topic__slug="declaration-prealable")
    return {"cases:procedure": {"pk": procedure.pk}}


def addresses(town: Authority, *, now: datetime) -> dict[str, str]:
    """A request that nobody answered, and one sent to another authority."""
    topic = Topic.objects.select_related("authority", "service").get(
        authority=town, slug="location-salle"
    )
    adviser = Agent.objects.with_rights().filter(authority=town, grants__role="ADV")[0]
    late = actions.open_case(
        topic=topic,
        channel="post",
        description="La grande salle, s’il vous plaît.",
        now=now,
        received_on=now.date() - timedelta(days=80),
        first_received_on=now.date() - timedelta(days=90),
    )
    sent_on = actions.open_case(
        topic=topic, channel="post", description="La salle de Trémalon.", now=now
    )
    actions.forward(
        sent_on.case, agent=adviser, now=now, authority_name="Trémalon", reason="C’est leur salle."
    )
    return {
        "case-fallen": reverse("cases:case", args=[late.case.reference]),
        "tracking-fallen": reverse("web:tracking", args=[late.secret]),
        "tracking-sent-on": reverse("web:tracking", args=[sent_on.secret]),
        "slip-refusal": reverse("web:tracking-slip", args=[late.secret]),
    }
