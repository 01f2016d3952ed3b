"""What a call costs does not depend on how many people came before this year."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from parvis.queue import claims, queries
from parvis.queue.models import Ticket, TicketEvent
from parvis.queue.queries.alerts import SOMEBODY
from parvis.queue.queries.tickets import at_desks
from tests.queue.factories import MORNING, TicketFactory, at, desk_of, town_hall

pytestmark = pytest.mark.django_db
HISTORY = 3000


@pytest.fixture
def desk() -> Any:
    site = town_hall()
    desk = desk_of(site)
    topic = desk.topics.get()
    TicketFactory(site=site, topic=topic)
    past = Ticket.objects.bulk_create(ended(desk, topic, number) for number in range(HISTORY))
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket=ticket, kind="issued", at=ticket.issued_at) for ticket in past
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE queue_ticket")
        cursor.execute("ANALYZE queue_ticketevent")
    return desk


def ended(desk: Any, topic: Any, number: int) -> Ticket:
    """A visit of the past months; without a factory, which takes longer than the database."""
    ago = MORNING - timedelta(days=1 + number % 200)
    return Ticket(
        site=desk.site,
        topic=topic,
        number=number,
        series="H",
        source="kiosk",
        state="done",
        desk=desk,
        secret_hash=f"{number:064}",
        day=ago.date(),
        issued_at=ago,
        rank_at=ago,
        called_at=ago,
        last_call_at=ago,
        ended_at=ago,
    )


def plan(sql: str, values: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}", values)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_the_next_person_is_found_by_the_index_of_the_line(desk):
    adapt = connection.ops.adapt_datetimefield_value
    values = {
        "site": desk.site_id,
        "desk": desk.pk,
        "agent": 1,
        "now": adapt(at(1)),
        "oldest": adapt(at(1) - timedelta(hours=12)),
    }

    found = plan(claims._CLAIM[connection.vendor], values)

    assert "queue_line" in found
    assert "Seq Scan on queue_ticket" not in found
    assert "SCAN t" not in found
    assert "TEMP B-TREE" not in found


def test_the_screen_finds_the_last_calls_by_their_index(desk):
    calls = Ticket.objects.filter(
        site=desk.site, last_call_at__gt=at(-60), desk__isnull=False
    ).order_by("-last_call_at", "-id")[:10]

    assert "queue_last_calls" in calls.explain()


def test_who_is_at_a_desk_is_found_without_reading_history(desk):
    found = at_desks().filter(desk_id__in=[desk.pk]).explain()

    assert "queue_one_ticket_per_desk" in found


def test_the_line_is_read_by_its_index(desk):
    assert "queue_line" in queries.line(desk.site, at(1)).explain()


@pytest.mark.parametrize("length", [1, 30])
def test_the_screen_costs_the_same_whatever_the_line(desk, length, django_assert_max_num_queries):
    topic = desk.topics.get()
    for _ in range(length):
        TicketFactory(site=desk.site, topic=topic)
    queries.display_snapshot(desk.site, at(1))

    with django_assert_max_num_queries(9):
        queries.display_snapshot(desk.site, at(1))


def test_whether_somebody_is_to_be_told_is_asked_of_the_open_alerts(desk):
    found = plan(SOMEBODY.format(site="%s", but=0), [desk.site_id])

    assert "queue_alerts_open" in found or "Seq Scan on queue_alert" in found
    assert "queue_by_day" not in found
    assert "Seq Scan on queue_ticket" not in found
