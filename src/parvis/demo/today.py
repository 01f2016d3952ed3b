"""Today, up to this moment: open halls, whatever the hour, and the scene in the town hall."""

from datetime import datetime, timedelta

from parvis.accounts import actions as accounts
from parvis.accounts.models import DeskChoice
from parvis.common import clock
from parvis.demo import seeds, town
from parvis.demo.content.loader import Content
from parvis.demo.days import Calendar
from parvis.demo.history import History, bounds
from parvis.demo.openings import ensure_open
from parvis.demo.scene import WINDOW, Scene
from parvis.demo.stories import Storyteller
from parvis.demo.tickets import Registrar
from parvis.demo.town import Body, Place
from parvis.queue import actions as queue
from parvis.queue import claims
from parvis.queue.models import DeskSession, Ticket

_ACTIVE = ("waiting", "called", "serving", "held")
_AHEAD = 2 * 3600
_VISIT = timedelta(minutes=10)


def is_today(now: datetime, place: Place) -> bool:
    """Was this day of the hall begun already?"""
    return Ticket.objects.filter(site_id=place.id, day=clock.local_day(now, place.zone)).exists()


def open_halls(content: Content, *, seed: int, now: datetime) -> str:
    """Bring every hall to this moment; the main ones receive even at night and on Sundays.

    Gives back the secret of the ticket page that the demo shows.
    """
    now = now.replace(microsecond=0)
    bodies = town.read(content)
    halls = [main_place(body) for body in bodies]
    since = [ensure_open(hall, now, WINDOW) for hall in halls]
    bodies = town.read(content)
    halls = [main_place(body) for body in bodies]
    day = clock.local_day(now, halls[0].zone)
    history = History(content, bodies, Calendar(*bounds(day), seed), int(now.timestamp()))
    history.write_today(day, skip=frozenset(hall.slug for hall in halls))
    for chapter, hall, start in list(zip(history.chapters, halls, since, strict=True))[1:]:
        _lively(history, chapter.registrar, hall, start, now)
    scene = Scene(halls[0], Storyteller(bodies[0], seed, now), since[0], now)
    scene.earlier(history.chapters[0].registrar)
    history.books.close()
    ticket = scene.now_on()
    _have_places(now)
    for hall in (place for body in bodies for place in body.places.values() if place.desks):
        claims.bump_version(hall.id)
    return ticket


def main_place(body: Body) -> Place:
    """The first hall of an authority."""
    return next(place for place in body.places.values() if place.desks)


def _lively(
    history: History, registrar: Registrar, place: Place, since: datetime, now: datetime
) -> None:
    """A smaller hall: who came in the last two hours, some of them still there."""
    at = int(now.timestamp())
    stretch = place.stretch(since, datetime.fromtimestamp(at + _AHEAD, now.tzinfo))
    day = clock.local_day(now, place.zone)
    hall = history.halls.play(place, day, [stretch], busy=2.0)
    if hall is None:
        return
    chance = seeds.rng(history.calendar.seed, "today", place.slug, day)
    registrar.write(chance, hall.roster, day, hall.stories, cut=at)
    registrar.sit(hall.roster, hall.posts, hall.stories, cut=at)


def _have_places(now: datetime) -> None:
    """Whoever receives has the desk: the rows of the halls are written without the actions."""
    for session in DeskSession.objects.filter(closed_at=None).select_related("desk", "agent"):
        accounts.keep_place(session.desk, agent=session.agent, now=now)


def tidy(now: datetime) -> None:
    """End what an earlier day of the demo left open."""
    for ticket in Ticket.objects.filter(state__in=_ACTIVE).select_related("agent"):
        last = max(filter(None, [ticket.issued_at, ticket.last_call_at, ticket.started_at]))
        if ticket.state == "serving" and ticket.agent is not None:
            queue.finish(ticket, agent=ticket.agent, now=last + _VISIT, outcome="passed_on")
        else:
            queue.leave(ticket, now=last + _VISIT)
    for session in DeskSession.objects.filter(closed_at=None).select_related("desk", "agent"):
        queue.stand_up(session, agent=session.agent, now=now)
    DeskChoice.objects.all().delete()
