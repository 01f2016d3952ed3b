from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.accounts.actions import create_token
from parvis.organisations.models import Desk, Site, Topic
from tests.accounts.factories import AgentFactory
from tests.organisations.factories import (
    AuthorityFactory,
    DeskFactory,
    SiteFactory,
    TopicFactory,
)


class Api:
    """Another program with a token of one authority."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}")

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(
            f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers
        )


def token_of(slug: str, name: str, role: str = "MGR") -> str:
    authority = AuthorityFactory(slug=slug, name=name)
    agent = AgentFactory(authority=authority, username=f"admin.{slug}", roles=["ADM"], entry=None)
    made = create_token(authority, actor=agent, now=timezone.now(), name="test", role=role)
    return str(made.secret)


@pytest.fixture
def api(db: None) -> Api:
    """A program of Sainte-Orvanne with the rights of a head of reception."""
    return Api(token_of("orvanne", "Sainte-Orvanne"))


@pytest.fixture
def foreign_api(db: None) -> Api:
    """A program of Trémalon."""
    return Api(token_of("tremalon", "Trémalon"))


@pytest.fixture
def site(db: None) -> Site:
    return SiteFactory()


@pytest.fixture
def topic(db: None) -> Topic:
    return TopicFactory()


@pytest.fixture
def desk(site: Site, topic: Topic) -> Desk:
    return DeskFactory(site=site, topics=[topic])
