import json
from unittest.mock import patch

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError
from django.test import Client

from parvis.common import health, outage
from parvis.queue.views import kiosk
from tests.accounts.factories import ines
from tests.queue.factories import desk_of, town_hall

FULL = OperationalError("database or disk is full")
pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """Sees what a real visitor sees: no exception comes out of the server."""
    return Client(raise_request_exception=False)


def full(*args: object, **kwargs: object) -> None:
    """Fails as Django's sessions do on a full disk."""
    try:
        raise FULL
    except OperationalError:
        raise UpdateError  # noqa: B904


def is_kind(page: str) -> bool:
    return "De retour dans un instant" in page and "Traceback" not in page


def test_the_outage_is_found_behind_what_it_was_wrapped_in():
    with pytest.raises(UpdateError) as caught:
        full()

    assert outage.cause_of(caught.value) is FULL
    assert outage.cause_of(ValueError()) is None


@pytest.mark.parametrize("error", [FULL, InterfaceError("connection already closed")])
def test_a_page_without_its_database_is_a_503_in_words(visitor: Client, error: Exception):
    site = town_hall()
    with patch.object(kiosk, "topics_by_family", side_effect=error):
        site.seasons.all().delete()
        answer = visitor.get(f"/borne/{site.slug}/")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert is_kind(answer.content.decode())


def test_a_ticket_that_cannot_be_stored_is_not_given(visitor: Client):
    site = town_hall()
    site.seasons.all().delete()
    desk_of(site)
    with patch("parvis.queue.actions.joining.issue_ticket", side_effect=FULL):
        answer = visitor.post(f"/borne/{site.slug}/ticket/", {"topic": "acte-naissance"})

    assert answer.status_code == 503
    assert is_kind(answer.content.decode())


def test_a_program_is_told_in_its_own_format(visitor: Client):
    with patch("parvis.interop.api.auth.connection.cursor", side_effect=FULL):
        answer = visitor.get("/api/v1/tickets/1", headers={"Authorization": "Bearer x"})

    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert "Idempotency-Key" in json.loads(answer.content)["detail"]


def test_an_agent_still_reads_when_their_session_cannot_be_stored(visitor: Client):
    visitor.force_login(ines())
    with patch.object(SessionStore, "save", side_effect=FULL):
        answer = visitor.get("/agent/compte/")

    assert answer.status_code == 200


def test_a_form_whose_session_cannot_be_stored_ends_in_words(visitor: Client):
    visitor.force_login(ines())
    with patch.object(SessionStore, "save", full):
        answer = visitor.post("/agent/verrou/")

    assert answer.status_code == 503
    assert is_kind(answer.content.decode())


def test_a_session_that_was_really_deleted_is_no_outage(visitor: Client):
    visitor.force_login(ines())
    with patch.object(SessionStore, "save", side_effect=UpdateError):
        answer = visitor.post("/agent/verrou/")

    assert answer.status_code == 400


def test_health_says_when_the_database_does_not_answer(visitor: Client):
    with patch.object(health, "connection") as connection:
        connection.cursor.side_effect = InterfaceError("connection already closed")
        answer = visitor.get("/health/ready")

    assert answer.status_code == 503
    connection.close.assert_called_once()
