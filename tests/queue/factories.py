"""A hall with two desks and its tickets: fixed, readable defaults."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from parvis.common import codes
from parvis.organisations.models import Season, Site, Topic
from parvis.queue import models
from tests.organisations.factories import (
    DeskFactory,
    SiteFactory,
    TopicFactory,
    TopicFamilyFactory,
)

# A Tuesday, 9:00 in Sainte-Orvanne.
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def at(minutes: float, seconds: float = 0) -> datetime:
    """So many minutes after nine."""
    return MORNING + timedelta(minutes=minutes, seconds=seconds)


class TicketFactory(DjangoModelFactory):
    """Somebody waiting since nine; ``secret`` opens the page of the ticket."""

    class Meta:
        model = models.Ticket

    class Params:
        secret = factory.Sequence(lambda n: f"secret-{n}")
        called = factory.Trait(
            state="called",
            desk=factory.SubFactory(DeskFactory, site=factory.SelfAttribute("..site")),
            called_at=factory.SelfAttribute("issued_at"),
            last_call_at=factory.SelfAttribute("issued_at"),
            calls=1,
        )

    site = factory.SubFactory(SiteFactory)
    topic = factory.SubFactory(TopicFactory, authority=factory.SelfAttribute("..site.authority"))
    day = date(2026, 11, 24)
    series = "X"  # not the letter that tests count on
    number = factory.Sequence(lambda n: n + 1)
    source = "kiosk"
    secret_hash = factory.LazyAttribute(lambda ticket: codes.hash_secret(ticket.secret))
    issued_at = MORNING
    rank_at = factory.SelfAttribute("issued_at")


class ScreenFactory(DjangoModelFactory):
    """The display of the first floor."""

    class Meta:
        model = models.Screen
        django_get_or_create = ("site", "slug")

    site = factory.SubFactory(SiteFactory)
    slug = "etage"
    name = "Étage"


class PrinterFactory(DjangoModelFactory):
    """A printer at an address where nobody listens."""

    class Meta:
        model = models.Printer
        django_get_or_create = ("site", "name")

    site = factory.SubFactory(SiteFactory)
    name = "Borne"
    host = "127.0.0.1"
    port = 9


def town_hall(**kwargs: Any) -> Site:
    """The hall of Sainte-Orvanne, open all day on weekdays."""
    site: Site = SiteFactory.create(**kwargs)
    season, _made = Season.objects.get_or_create(
        site=site, name="2026", valid_from=date(2026, 1, 1), valid_through=date(2026, 12, 31)
    )
    for weekday in range(5):
        season.slots.get_or_create(weekday=weekday, opens="08:30", closes="17:30")
    return site


def desk_of(site: Site, name: str = "Guichet 1", topics: list[Topic] | None = None) -> Any:
    """A desk of the hall, for birth certificates unless told otherwise."""
    served = topics or [TopicFactory.create(authority=site.authority)]
    return DeskFactory.create(site=site, name=name, topics=served)


def canteen(site: Site) -> Topic:
    """Another topic, of another family, lettered F."""
    family = TopicFamilyFactory.create(
        authority=site.authority, slug="famille", name="Famille", series="F"
    )
    topic: Topic = TopicFactory.create(
        authority=site.authority, family=family, slug="cantine", name="Cantine", name_en="Canteen"
    )
    return topic
