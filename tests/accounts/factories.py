"""The cast of the suite: Inès (agent), Marc (head), Rozenn (agent of another authority)."""

from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from parvis.accounts import models
from tests.organisations.factories import (
    AuthorityFactory,
    DirectoryEntryFactory,
    ServiceFactory,
)

PASSWORD = "une phrase de passe longue"
_HASHED: dict[str, str] = {}


def _hashed(password: str) -> str:
    return _HASHED.setdefault(password, make_password(password))


class AgentFactory(DjangoModelFactory):
    """An agent with the given roles (``roles=["MGR"]``); a reception agent by default."""

    class Meta:
        model = models.Agent
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    authority = factory.SubFactory(AuthorityFactory)
    username = "ines.rollin"
    password = factory.LazyFunction(lambda: _hashed(PASSWORD))
    service = factory.SubFactory(ServiceFactory, authority=factory.SelfAttribute("..authority"))
    entry = factory.SubFactory(
        DirectoryEntryFactory,
        authority=factory.SelfAttribute("..authority"),
        service=factory.SelfAttribute("..service"),
    )

    @factory.post_generation
    def roles(self, create: bool, roles: Any, **kwargs: Any) -> None:
        if create:
            for role in roles or ["REC"]:
                models.RoleGrant.objects.get_or_create(agent=self, role=role)


def ines(**kwargs: Any) -> models.Agent:
    return AgentFactory.create(**kwargs)


def marc(**kwargs: Any) -> models.Agent:
    """The head of reception, same authority as Inès."""
    return AgentFactory.create(
        username="marc.abgrall",
        entry__first_name="Marc",
        entry__last_name="Abgrall",
        **{"roles": ["MGR"], **kwargs},
    )


def rozenn(**kwargs: Any) -> models.Agent:
    """An agent of another authority: whatever she asks of Sainte-Orvanne answers 404."""
    return AgentFactory.create(
        authority=AuthorityFactory(slug="tremalon", name="Trémalon"),
        username="rozenn.guivarch",
        entry__first_name="Rozenn",
        entry__last_name="Guivarch",
        **{"roles": ["MGR", "REC", "ADM"], **kwargs},
    )
