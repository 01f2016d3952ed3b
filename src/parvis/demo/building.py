"""Making the demo town, and bringing one that exists to today."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from parvis.common import codes
from parvis.demo import (
    agendas,
    assistant,
    departments,
    federation,
    finding,
    following,
    letters,
    machines,
    mails,
    online,
    organisations,
    people,
    privacy,
    procedures,
    protocols,
    seeds,
    sharing,
    sheets,
    statutes,
    suggested,
    town,
    writing,
)
from parvis.demo.content import loader
from parvis.demo.days import Calendar
from parvis.demo.history import History, bounds
from parvis.demo.loading import in_a_hurry
from parvis.demo.openings import keep_open
from parvis.demo.stories import Storyteller
from parvis.demo.today import is_today, main_place, open_halls, tidy
from parvis.organisations.models import Authority
from parvis.quality.actions import set_goals

Progress = Callable[[float], None]
_GOALS: dict[str, float | None] = {
    "WAIT-TARGET": 0.85,
    "FCR-N": 0.5,
    "CSAT": 0.85,
    "ABANDONMENT": 0.05,
}
_BEFORE = timedelta(days=30)  # accounts and sheets are older than the first visitor


@dataclass(frozen=True)
class Wish:
    """Which demo town is wanted."""

    now: datetime
    seed: int = 1
    scale: float = 1.0
    waits_matter: bool = True


@dataclass
class Made:
    """What was made: rows by table, and the secrets of the pages shown first."""

    rows: dict[str, int] = field(default_factory=dict)
    ticket: str = ""
    tracking: str = ""


def build(wish: Wish, progress: Progress) -> Made:
    """Make the whole town up to this very moment: everything or nothing."""
    content = loader.load()
    first, last = bounds(today := wish.now.date())
    since = people.start_of(first) - _BEFORE
    with in_a_hurry(), _drawing(wish.seed, wish.now), transaction.atomic():
        organisations.create(content, first=first, today=today)
        people.create(content, seed=wish.seed, now=wish.now, since=since)
        sheets.create(content, now=wish.now, since=since)
        writing.create(content, now=wish.now, since=since)
        finding.create(content, seed=wish.seed, now=wish.now, since=since)
        statutes.create(content, now=wish.now, since=since)
        protocols.create(content, seed=wish.seed, now=wish.now, since=since)
        federation.create(content, now=wish.now, since=since)
        machines.create(seed=wish.seed, now=since)
        set_goals(Authority.objects.get(slug=content.town.slug), _GOALS, actor=None, now=since)
        bodies = town.read(content)
        limit = town.midnight(today) - 3600 * 3  # late yesterday in every zone of Europe
        calendar = Calendar(first, last, wish.seed, wish.scale)
        history = History(content, bodies, calendar, limit, waits_matter=wish.waits_matter)
        made = Made(rows=history.write(progress))
        laid_out = agendas.create(bodies[0], since=first)
        made.rows["Appointment"] = agendas.past(bodies[0], laid_out, seed=wish.seed, now=wish.now)
        made.rows["Question"] = departments.create(
            content, seed=wish.seed, now=wish.now, since=since
        )
        procedures.create(content)
        made.rows["CaseRead"] = sharing.create(content, seed=wish.seed, now=wish.now)
        made.tracking = Storyteller(bodies[0], wish.seed, wish.now).tell()
        following.create(Authority.objects.get(slug=content.town.slug), now=wish.now)
        made.ticket = open_halls(content, seed=wish.seed, now=wish.now)
        agendas.today(town.read(content)[0], content, seed=wish.seed, now=wish.now)
        departments.today(content, now=wish.now)
        departments.forget_clocks()
        online.today(content.town.slug, now=wish.now)
        made.rows["ReceivedMail"] = mails.create(content, now=wish.now)
        writing.remind(now=wish.now)
        federation.remind(now=wish.now)
        procedures.settle(content, now=wish.now)
        privacy.create(content.town.slug, now=wish.now)
        made.rows["IncomingPost"] = letters.create(content, seed=wish.seed, now=wish.now)
        home = Authority.objects.get(slug=content.town.slug)
        made.rows["Turn"] = assistant.create(home, seed=wish.seed, now=wish.now)
        made.rows["Suggestion"] = suggested.create(home, seed=wish.seed, now=wish.now)
    return made


def refresh(*, seed: int, now: datetime) -> str:
    """Open the halls of today in a town made earlier; gives back a ticket's secret, or nothing.

    On the day on which it was made there is nothing to do but to keep the doors open.
    """
    content = loader.load()
    halls = [main_place(body) for body in town.read(content)]
    with _drawing(seed, now), transaction.atomic():
        if not is_today(now, halls[0]):
            tidy(now)
            ticket = open_halls(content, seed=seed, now=now)
            agendas.today(town.read(content)[0], content, seed=seed, now=now)
            departments.today(content, now=now)
            online.today(content.town.slug, now=now)
            writing.remind(now=now)
            federation.remind(now=now)
            procedures.settle(content, now=now)
            following.today(Authority.objects.get(slug=content.town.slug), now=now)
            letters.today(content, seed=seed, now=now)
            return ticket
        for hall in halls:
            keep_open(hall, now)
    return ""


def _drawing(seed: int, now: datetime) -> AbstractContextManager[None]:
    """Codes and secrets are drawn from the seed, as everything else in the town."""
    return codes.drawn_from(seeds.rng(seed, "codes", now.date()).getrandbits)
