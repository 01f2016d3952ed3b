"""The queue as most would write it first: read, then write. Planted so that the tests can fail."""

import time
from contextlib import nullcontext
from datetime import date, datetime

from django.apps import AppConfig
from django.db.models import Max


class NaiveConfig(AppConfig):
    name = "tests.load"
    label = "naive"

    def ready(self) -> None:
        from parvis.queue import claims
        from parvis.queue.actions import calling
        from parvis.queue.models import Ticket

        def next_number(*, site_id: int, day: date, series: str) -> int:
            taken = Ticket.objects.filter(site_id=site_id, day=day, series=series)
            highest = taken.aggregate(highest=Max("number"))["highest"] or 0
            time.sleep(0.002)
            return int(highest) + 1

        def claim_next(
            *, site_id: int, desk_id: int, agent_id: int, now: datetime
        ) -> claims.Claim | None:
            line = Ticket.objects.filter(site_id=site_id, state="waiting")
            first = line.order_by("rank_at", "id").first()
            time.sleep(0.002)
            if first is None:
                return None
            first.state, first.desk_id, first.agent_id = "called", desk_id, agent_id
            first.called_at = first.last_call_at = now
            first.calls += 1
            first.save()
            return claims.Claim(first, leaves_alerts=False)

        claims.next_number = next_number  # type: ignore[assignment]
        claims.claim_next = claim_next  # type: ignore[assignment]
        # Without a transaction around them, as a first version would have it.
        calling.one_ticket_at = lambda desk_id, **how: nullcontext()  # type: ignore[assignment]
