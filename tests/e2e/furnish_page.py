"""The page of a request with everything that may stand on it, and what the service sees of it."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.cases import actions, queries
from parvis.contacts import actions as contacts
from parvis.feedback import actions as feedback
from parvis.organisations.models import Authority, Topic

PLAN = b"%PDF-1.7 a plan of six windows"


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Page -> arguments."""
    opened = _opened(town, now)
    case, agent = opened.case, _referent(town)
    sent, refused = actions.ask_for_items(
        case,
        agent=agent,
        now=now,
        wanted=[actions.Wanted("Le plan"), actions.Wanted("La photo", is_indispensable=False)],
        until=now.date() + timedelta(days=20),
    )
    for item in (sent, refused):
        plan = actions.Document("plan.pdf", PLAN)
        actions.send_item(item, documents=[plan], now=now)
        case.refresh_from_db()
    actions.refuse_item(refused, agent=agent, now=now, reason="On ne voit pas la rue.")
    complaint = feedback.complain(case, now=now, words="Personne ne m’a rappelé.")
    incident = feedback.report_incident(
        agent=agent, now=now, kind="words", severity=3, words="Des insultes.", case=case
    )
    page, reference = {"secret": opened.secret}, {"reference": case.reference}
    # Whoever is promised a call at the desk is not asked for a moment on the page.
    called = _opened(town, now)
    return {
        "web:tracking-confirm": page,
        "web:tracking-link": page,
        "web:tracking-call": {"secret": called.secret},
        "web:tracking-complaint": page,
        "web:tracking-item": {**page, "pk": refused.pk},
        "cases:promise-call": reference,
        "cases:item-refuse": {**reference, "pk": sent.pk},
        "feedback:complaint": {"pk": complaint.pk},
        "feedback:complaint-record": reference,
        "feedback:report-of-case": reference,
        "feedback:thanks-pass-on": reference,
        "feedback:incident": {"pk": incident.pk},
    }


def addresses(town: Authority, *, now: datetime) -> dict[str, str]:
    """A page with a promised call, a document, a complaint and the answer; the code was sent."""
    opened = _opened(town, now)
    case = opened.case
    moment = queries.moments_to_call(case, now)[0]
    actions.ask_call(case, now=now, day=moment.day, part=moment.part)
    actions.attach(case, name="plan.pdf", kind="", data=PLAN, now=now)
    complaint = feedback.complain(case, now=now, words="Personne ne répond.")
    head = Agent.objects.with_rights().filter(authority=town, grants__role="MGR")[0]
    feedback.answer_complaint(
        complaint, agent=head, now=now, answer="Vous avez raison.", verdict="yes"
    )
    page = reverse("web:tracking", args=[opened.secret])
    return {
        "tracking-full": page,
        "tracking-code-sent": f"{page}code/?envoye=1",
        "tracking-slip-narrow": f"{page}fiche/?papier=ticket",
    }


def _opened(town: Authority, now: datetime) -> actions.Opened:
    topic = Topic.objects.select_related("authority", "service").get(
        authority=town, slug="declaration-prealable"
    )
    person, _linking = contacts.identify_person(
        town,
        now=now,
        first_name="Léonie",
        last_name="Tanguy",
        email="leonie@example.org",
        phone="0639980133",
    )
    return actions.open_case(
        topic=topic,
        channel="web",
        description="Deux fenêtres de toit.",
        now=now,
        person=person,
        referent=_referent(town),
        because="Elle connaît la rue.",
    )


def _referent(town: Authority) -> Agent:
    agent: Agent = Agent.objects.with_rights().get(authority=town, username="nadia.amrani")
    return agent
