"""The national set fetched every day by the jobs, and told when that failed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal, outbox
from parvis.common.http import full_address
from parvis.knowledge.actions.imports import ask_import
from parvis.knowledge.models import FeedSchedule, ImportRun

AUDIENCE = "particuliers"
LATE = timedelta(hours=6)  # an import that has not ended by then is told as well
TOLD = ("ADM", "KBE")


@transaction.atomic
def keep_schedule(actor: Agent, *, is_on: bool, hour: int, address: str) -> FeedSchedule:
    """Say whether, from which hour on and from where the national set is fetched every day."""
    kept, _made = FeedSchedule.objects.update_or_create(
        audience=AUDIENCE, defaults={"is_on": is_on, "hour": hour, "address": address}
    )
    journal.record(actor, "knowledge.feed_scheduled", kept, is_on=is_on, hour=hour)
    return kept


@transaction.atomic
def ask_due(*, now: datetime) -> ImportRun | None:
    """The import of the day, once its hour has come; None when it is not yet, or no longer, due."""
    local = timezone.localtime(now)
    not_yet = Q(asked_on=None) | Q(asked_on__lt=local.date())
    due = FeedSchedule.objects.filter(not_yet, is_on=True, hour__lte=local.hour)
    schedule = due.first()
    # One statement takes the day: two workers never ask for the same.
    if schedule is None or not due.filter(pk=schedule.pk).update(asked_on=local.date()):
        return None
    run = ask_import(
        origin=ImportRun.Origin.FEED,
        source=schedule.address or settings.SHEETS_FEED,
        audience=schedule.audience,
        now=now,
    )
    ImportRun.objects.filter(pk=run.pk).update(is_scheduled=True)
    return run


@transaction.atomic
def tell_failures(*, now: datetime) -> int:
    """Write to administrators and editors about daily imports that failed; each once."""
    late = Q(asked_at__lt=now - LATE) & Q(
        state__in=[ImportRun.State.WAITING, ImportRun.State.RUNNING]
    )
    failed = ImportRun.objects.filter(
        Q(state=ImportRun.State.REFUSED) | late, is_scheduled=True, told_at=None
    )
    told = 0
    for run in failed.defer("report"):
        if ImportRun.objects.filter(pk=run.pk, told_at=None).update(told_at=now):
            told += sum(_tell(agent, run) for agent in _concerned())
    return told


def _concerned() -> list[Agent]:
    agents = Agent.objects.at_work().exclude(email="").filter(grants__role__in=TOLD)
    return list(agents.select_related("entry").order_by("pk").distinct())


def _tell(agent: Agent, run: ImportRun) -> int:
    with translation.override(agent.language):
        context = {
            "agent": agent,
            "run": run,
            "page": full_address(reverse("knowledge:import", args=[run.pk])),
            "may_open": agent.may("knowledge.import"),
        }
        outbox.send_mail(
            agent.email,
            subject=_("The national sheets could not be fetched"),
            text=render_to_string("knowledge/feed_mail.txt", context),
            reply_to="",
        )
    return 1
