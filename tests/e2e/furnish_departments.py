"""Questions and rounds in every state in which they may be read."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from parvis.demo import report
from parvis.departments.models import Question, Round
from parvis.organisations.models import Authority, Service


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """Page -> arguments, from what the desks of the demo town asked."""
    questions = Question.objects.filter(authority=town).order_by("pk")
    rounds = Round.objects.filter(authority=town).order_by("pk")
    service = Service.objects.get(authority=town, slug="etat-civil")
    accounts = report.read()["authorities"][0]["accounts"]
    reader = next(one["username"] for one in accounts if one["role"] == "REF")
    of_reader = questions.filter(state="answered", service__agents__username=reader)
    return {
        "departments:question": {"pk": of_reader.latest("pk").pk},
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
