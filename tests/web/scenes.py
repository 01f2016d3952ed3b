"""A hall at work: Inès at desk 1, people waiting for birth certificates."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.accounts.queries import DESK_KEY
from parvis.organisations.models import Desk, Site, Topic
from parvis.queue import actions
from parvis.queue.models import Ticket
from tests.accounts.factories import ines
from tests.organisations.factories import TopicFactory
from tests.queue.factories import desk_of, town_hall


@dataclass
class Scene:
    """The hall, its desk and its agent."""

    site: Site
    desk: Desk
    agent: Agent
    topic: Topic
    now: datetime

    def waits(self, minutes: float = 10, *, topic: Topic | None = None, **kwargs: str) -> Ticket:
        """Somebody who came so many minutes ago."""
        return self.takes(minutes, topic=topic, **kwargs).ticket

    def takes(
        self, minutes: float = 10, *, topic: Topic | None = None, **kwargs: Any
    ) -> actions.Issued:
        came = self.now - timedelta(minutes=minutes)
        chosen = topic or self.topic
        return actions.issue_ticket(
            self.site, chosen, now=came, source="kiosk", actor=self.agent, **kwargs
        )

    def called(self) -> Ticket:
        """The next person, called to the desk a minute ago."""
        came = self.now - timedelta(minutes=1)
        called = actions.call_next(self.desk, agent=self.agent, now=came)
        assert called is not None
        return called.ticket

    def at_desk(self) -> Ticket:
        """The next person, at the desk."""
        return actions.start(self.called(), agent=self.agent, now=self.now)

    def sign_in(self, client: Client, agent: Agent | None = None) -> None:
        """With the desk chosen for the day."""
        client.force_login(agent or self.agent)
        session = client.session
        session[DESK_KEY] = self.desk.pk
        session.save()


def hall(*, is_open: bool = True) -> Scene:
    site = town_hall()
    topic = TopicFactory.create(authority=site.authority)
    desk = desk_of(site)
    agent = ines(authority=site.authority)
    now = timezone.now()
    if is_open:
        actions.sit_down(desk, agent=agent, now=now - timedelta(hours=1))
    return Scene(site, desk, agent, topic, now)
