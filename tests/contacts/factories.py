"""People and exchanges with fixed, readable defaults."""

from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from parvis.contacts import models
from tests.accounts.factories import AgentFactory
from tests.organisations.factories import AuthorityFactory, SiteFactory, TopicFactory

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 at Sainte-Orvanne


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = models.Person

    authority = factory.SubFactory(AuthorityFactory)
    first_name = "Odette"
    last_name = "Kerdraon"
    phone = "0261910077"


class ContactFactory(DjangoModelFactory):
    """Solved at the desk by Inès, in six minutes, at noon."""

    class Meta:
        model = models.Contact

    authority = factory.SubFactory(AuthorityFactory)
    topic = factory.SubFactory(TopicFactory, authority=factory.SelfAttribute("..authority"))
    site = factory.SubFactory(SiteFactory, authority=factory.SelfAttribute("..authority"))
    agent = factory.SubFactory(AgentFactory, authority=factory.SelfAttribute("..authority"))
    channel = "desk"
    outcome = "resolved"
    started_at = NOON - timedelta(minutes=6)
    ended_at = NOON
    recorded_at = NOON


def with_person(**kwargs: Any) -> models.Contact:
    return ContactFactory.create(person=PersonFactory.create(), linking="details", **kwargs)
