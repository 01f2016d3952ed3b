"""Making the demo town: everything in one transaction, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from parvis.demo import organisations, people, sheets, town
from parvis.demo.content import loader
from parvis.demo.days import Calendar
from parvis.demo.history import History, bounds
from parvis.demo.loading import in_a_hurry
from parvis.demo.today import open_halls

Progress = Callable[[float], None]
_BEFORE = timedelta(days=30)  # accounts and sheets are older than the first visitor


@dataclass(frozen=True)
class Wish:
    """Which demo town is wanted."""

    now: datetime
    seed: int = 1
    scale: float = 1.0
    waits_matter: bool = True


def build(wish: Wish, progress: Progress) -> dict[str, int]:
    """Make the whole town up to this very moment; gives back how many rows of what."""
    content = loader.load()
    first, last = bounds(wish.now.date())
    since = people.start_of(first) - _BEFORE
    with in_a_hurry(), transaction.atomic():
        organisations.create(content, first=first, today=wish.now.date())
        people.create(content, seed=wish.seed, now=wish.now, since=since)
        sheets.create(content, now=wish.now, since=since)
        calendar = Calendar(first, last, wish.seed, wish.scale)
        bodies = town.read(content)
        limit = town.midnight(wish.now.date()) - 1
        history = History(content, bodies, calendar, limit, waits_matter=wish.waits_matter)
        written = history.write(progress)
        open_halls(content, seed=wish.seed, now=wish.now)
    return written
