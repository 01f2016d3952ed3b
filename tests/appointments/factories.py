"""Agendas of the town hall: fixed, readable defaults. The week of Monday 23 November 2026."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.appointments import actions, models, queries
from parvis.organisations.models import Site, Topic
from tests.accounts.factories import ines
from tests.organisations.factories import ServiceFactory, TopicFactory
from tests.queue.factories import desk_of, town_hall

# Monday morning, 8:00 in Sainte-Orvanne; Tuesday nine o'clock is the usual slot.
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
TUESDAY_NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def tuesday(hour: int, minute: int = 0) -> datetime:
    """An hour of Tuesday on the clocks of the town hall (UTC+1 in November)."""
    return datetime(2026, 11, 24, hour - 1, minute, tzinfo=UTC)


def agenda(site: Site | None = None, **values: Any) -> models.AgendaTopic:
    """Identity papers by appointment, 9:00 to 12:00 on weekdays; gives what it offers."""
    site = site or town_hall()
    topic = TopicFactory.create(
        authority=site.authority, slug="titre", name="Carte d’identité", name_en="Identity card"
    )
    desk_of(site, "Guichet 1", [topic])
    return agenda_for(site, topic, **{"name_en": "Identity papers", **values})


def agenda_for(
    site: Site,
    topic: Topic,
    *,
    seats: int = 1,
    minutes: int = 20,
    weekdays: range | list[int] = range(5),
    hours: tuple[time, time] = (time(9), time(12)),
    valid_from: date = date(2026, 1, 1),
    **values: Any,
) -> models.AgendaTopic:
    """An agenda for one topic of a place."""
    made, _new = models.Agenda.objects.get_or_create(
        site=site,
        name=values.pop("name", "Titres d’identité"),
        defaults={
            "authority": site.authority,
            "service": ServiceFactory.create(authority=site.authority),
            **values,
        },
    )
    offered, is_new = models.AgendaTopic.objects.get_or_create(
        agenda=made, topic=topic, defaults={"minutes": minutes}
    )
    for weekday in weekdays if is_new else ():
        models.Rota.objects.create(
            agenda=made,
            weekday=weekday,
            opens=hours[0],
            closes=hours[1],
            seats=seats,
            valid_from=valid_from,
        )
    found = queries.offering(made.pk, offered.topic_id)
    assert found is not None
    return found


def own_agenda(agent: Agent | None = None, **values: Any) -> models.AgendaTopic:
    """A colleague's own agenda, who fetches visitors from the hall."""
    agent = agent or ines(email="ines@sainte-orvanne.example")
    return agenda(
        **{
            "name": "Inès Rollin",
            "name_en": "Inès Rollin",
            "agent": agent,
            "is_in_hall": False,
            "is_public": False,
            **values,
        }
    )


def guest(**values: Any) -> actions.Guest:
    """Jeanne Tessandier, who left her e-mail."""
    return actions.Guest(**{"name": "Jeanne Tessandier", "email": "jeanne@example.org", **values})


def booked(
    offered: models.AgendaTopic | None = None,
    starts_at: datetime = TUESDAY_NINE,
    *,
    now: datetime = MONDAY,
    agent: Agent | None = None,
    made: str = "public",
    case: Any = None,
    **of_guest: Any,
) -> actions.Booked:
    """An appointment on Tuesday at nine."""
    return actions.book(
        offered or agenda(),
        starts_at=starts_at,
        guest=guest(**of_guest),
        now=now,
        made=made,
        agent=agent,
        case=case,
    )


def today_at_any_hour(*, seats: int = 4, **values: Any) -> models.AgendaTopic:
    """An agenda open round the clock, at a place that declared no hours: for tests of pages."""
    site = town_hall()
    site.seasons.all().delete()
    return agenda(
        site,
        seats=seats,
        weekdays=range(7),
        hours=(time(0), time(23, 59)),
        valid_from=timezone.localdate() - timedelta(days=10),
        **values,
    )


def next_slot(offered: models.AgendaTopic, *, now: datetime | None = None) -> datetime:
    """The first free start from now on."""
    found = queries.free_days([offered], now=now or timezone.now(), count=1)
    return found[0].slots[0].starts_at
