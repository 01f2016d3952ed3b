"""The mail of a week that tells editors what waits between authorities."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import outbox
from parvis.common.http import full_address
from parvis.knowledge import queries
from parvis.knowledge.models import SharingDigest
from parvis.knowledge.rules.reviews import week_of

NAMED = 10


def tell_editors(*, now: datetime) -> int:
    """Tell each editor once a week, in one mail, what waits; nobody when nothing does."""
    week = week_of(timezone.localdate(now))
    told = SharingDigest.objects.filter(week=week).values("agent")
    editors = (
        Agent.objects.at_work()
        .filter(grants__role__in=queries.roles_with("knowledge.share"), is_robot=False)
        .exclude(email="")
        .exclude(pk__in=told)
        .distinct()
    )
    return sum(_tell(agent, now=now) for agent in editors.order_by("pk"))


def _tell(agent: Agent, *, now: datetime) -> int:
    waiting = queries.waiting(agent)
    if not waiting.total:
        return 0
    try:
        with transaction.atomic():
            SharingDigest.objects.create(
                agent=agent, week=week_of(timezone.localdate(now)), sent_at=now
            )
            with translation.override(agent.language):
                _send(agent, waiting)
    except IntegrityError:  # another worker was faster
        return 0
    return 1


def _send(agent: Agent, waiting: queries.Waiting) -> None:
    context = {
        "agent": agent,
        "waiting": waiting,
        "offers": queries.to_decide(agent)[:NAMED],
        "changed": queries.behind(agent)[:NAMED],
        "to_check": queries.overlays_to_check(agent)[:NAMED],
        "ended": queries.ended(agent)[:NAMED],
        "page": full_address(reverse("knowledge:sharing")),
        "words_page": full_address(reverse("knowledge:overlays-to-check")),
    }
    outbox.send_mail(
        agent.email,
        subject=_("Sheets between authorities: %(n)d to look at") % {"n": waiting.total},
        text=render_to_string("knowledge/sharing_mail.txt", context),
        reply_to="",
    )
