"""Why somebody is called, was called, or stands where they stand in the line."""

from parvis.queue import rules
from parvis.queue.models import Ticket, TicketEvent

_SENDING = ("transferred", "came_back", "held")


def why_called(ticket: Ticket) -> rules.Why:
    """Why the claim chose this person; one more look only for those kept for somebody."""
    is_kept = ticket.reserved_desk_id is not None or ticket.reserved_agent_id is not None
    why = _by_rank(ticket, is_kept=is_kept)
    if not is_kept:
        return why
    told = ticket.events.filter(kind__in=_SENDING).select_related("agent__entry")
    event = told.order_by("-id").first()
    return why if event is None else _kept(ticket, event, why)


def _by_rank(ticket: Ticket, *, is_kept: bool) -> rules.Why:
    return rules.why_called(
        issued_at=ticket.issued_at,
        priority=ticket.priority,
        is_reserved=is_kept,
        booked_at=ticket.booked_at,
        rank=ticket.rank_at,
    )


def _kept(ticket: Ticket, event: TicketEvent, why: rules.Why) -> rules.Why:
    if ticket.reserved_agent_id is None:
        is_back = event.kind != "transferred"
        return rules.Why("returned_here", why.since, why.priority) if is_back else why
    if event.kind == "transferred":
        by = event.agent.display_name if event.agent else ""
        return rules.Why("sent", why.since, why.priority, by=by)
    return rules.Why("returned", why.since, why.priority)


def why_standing(ticket: Ticket) -> rules.Why:
    """Why somebody in line stands where they stand, whoever calls them."""
    return _by_rank(ticket, is_kept=False)


def why_here(ticket: Ticket) -> rules.Why | None:
    """Why the person at a desk was called, as it was written down then."""
    told = ticket.events.filter(kind="called").order_by("-id").first()
    if told is None:
        return None
    return rules.Why(
        told.data.get("because", "arrival"),
        ticket.issued_at,
        ticket.priority,
        ticket.booked_at,
        by=told.data.get("by", ""),
        words=told.data.get("reason", ""),
    )
