"""The queue as most would write it first: read, then write. Planted so that the tests can fail."""

import time
from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.db.models import Max


class NaiveConfig(AppConfig):
    name = "tests.load"
    label = "naive"

    def ready(self) -> None:
        from parvis.queue.actions import calling, tickets

        from parvis.queue.models import Ticket

        def next_number(site_id: int, day: Any, series: str) -> int:
            taken = Ticket.objects.filter(site_id=site_id, day=day, series=series)
            highest = taken.aggregate(highest=Max("number"))["highest"] or 0
            time.sleep(0.002)
            return int(highest) + 1

        def claim(desk: Any, agent: Any, topics: Any, now: datetime) -> Any:
            line = Ticket.objects.filter(site_id=desk.site_id, state="waiting")
            first = line.order_by("rank_at", "id").first()
            time.sleep(0.002)
            if first is None:
                return None
            Ticket.objects.filter(id=first.id).update(
                state="called", desk=desk, agent=agent, called_at=now, last_call_at=now, calls=1
            )
            return Ticket.objects.get(id=first.id)

        tickets._next_number = next_number  # type: ignore[assignment]
        calling._claim = claim  # type: ignore[assignment]
