"""Questions and rounds in every state in which they may be read."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from parvis.accounts.models import Agent
from parvis.demo import report
from parvis.departments import actions
from parvis.departments.models import Question, Round
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority, Service


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Page -> arguments, from what the desks of the demo town asked."""
    rounds = Round.objects.filter(authority=town).order_by("pk")
    service = Service.objects.get(authority=town, slug="etat-civil")
    return {
        "departments:question": {"pk": _answered(town, now).pk},
        "departments:round": {"pk": rounds.filter(state="planned").earliest("pk").pk},
        "departments:time-of-service": {"service_id": service.pk},
    }


def addresses(town: Authority) -> dict[str, str]:
    """A question that waits, a round with its minutes, a department chosen for the next one."""
    waiting = Question.objects.filter(authority=town, state__in=["asked", "seen"]).earliest("pk")
    done = Round.objects.filter(authority=town, state="done").latest("pk")
    service = Service.objects.get(authority=town, slug="urbanisme")
    return {
        "question-waiting": reverse("departments:question", args=[waiting.pk]),
        "round-done": reverse("departments:round", args=[done.pk]),
        "round-planned-for": f"{reverse('departments:plan')}?service={service.pk}",
    }


def _answered(town: Authority, now: datetime) -> Question:
    """By the referent who opens these pages, for a colleague of the desks."""
    accounts = report.read()["authorities"][0]["accounts"]
    names = {one["role"]: one["username"] for one in reversed(accounts)}
    agents = Agent.objects.with_rights()
    reader, asker = agents.get(username=names["REF"]), agents.get(username=names["REC"])
    assert reader.service is not None
    sheet = Sheet.objects.filter(authority=town, nature="sheet").earliest("ref")
    question = actions.ask(
        reader.service, "Faut-il l’original ?", agent=asker, now=now, sheet=sheet, block="documents"
    )
    return actions.answer(
        question, "Une copie suffit.", level="asked", agent=reader, now=now, sheets=[sheet]
    )
