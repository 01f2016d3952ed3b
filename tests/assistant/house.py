"""A house with hours, and the people of a live conversation."""

from datetime import date, time, timedelta
from typing import Any

from parvis.accounts.models import Agent
from parvis.assistant.actions import duty, handing
from parvis.assistant.models import Conversation, Handover
from parvis.organisations.models import OpeningHours, Season, Site
from tests.accounts.factories import ines
from tests.assistant.factories import NOON, asked
from tests.organisations.factories import SiteFactory, TopicFactory

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def open_house(opens: time = time(8), closes: time = time(17, 30)) -> Site:
    """The town hall with its hours, every day of the year."""
    site = SiteFactory.create()
    TopicFactory.create()
    season = Season.objects.create(
        site=site, name="Année", valid_from=date(2020, 1, 1), valid_through=date(2099, 12, 31)
    )
    for weekday in range(7):
        OpeningHours.objects.create(
            season=season, channel="desk", weekday=weekday, opens=opens, closes=closes
        )
    return site


def on_duty(agent: Agent | None = None, *, now: Any = NOON) -> Agent:
    """Inès takes conversations."""
    agent = agent or ines()
    duty.go_on(agent, now=now)
    return agent


def in_line(*, now: Any = NOON) -> Handover:
    """Somebody asked for a person, while Inès is on duty in an open house."""
    if not Site.objects.exists():
        open_house()
    on_duty(now=now)
    return handing.ask_for_person(asked(now=now), now=now)


def talking(*, now: Any = NOON) -> Handover:
    """Inès took the conversation."""
    in_line(now=now)
    taken = handing.take_next(ines(), now=now)
    assert taken is not None
    return taken


def words(conversation: Conversation) -> list[str]:
    """What the house announced, by its names."""
    turns = conversation.said.filter(author="house").order_by("number")
    return [turn.data["what"] for turn in turns]
