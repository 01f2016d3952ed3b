import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a matter of PostgreSQL"),
]


@pytest.fixture
def other():
    """A connection beside the one of the test."""
    own = connections.create_connection("default")
    own.inc_thread_sharing()
    own.ensure_connection()
    yield own
    own.close()


def test_a_connection_that_holds_is_not_asked(other):
    with CaptureQueriesContext(other) as queries:
        assert other.is_usable()

    assert len(queries) == 0


def test_a_connection_that_the_server_ended_is_known_to_be_lost(other):
    process = other.connection.info.backend_pid

    with connection.cursor() as cursor:
        # Waits until the process is gone.
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])

    assert not other.is_usable()


def test_after_an_error_the_server_is_asked(other, monkeypatch):
    asked = []
    cursor = other.connection.cursor
    monkeypatch.setattr(other.connection, "cursor", lambda: asked.append("asked") or cursor())
    other.errors_occurred = True

    assert other.is_usable()
    assert asked == ["asked"]
