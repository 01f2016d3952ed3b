from typing import Any

from django.db import migrations

# One leg for each earlier visit; what a transfer had been before is in the account of the ticket.
LEGS = """
INSERT INTO queue_leg (ticket_id, position, topic_id, waiting_since, called_at, started_at,
    ended_at, ended_by, outcome, desk_id, agent_id, contact_id)
SELECT t.id, 1, t.topic_id, t.issued_at, t.called_at, t.started_at, t.ended_at,
    CASE t.state WHEN 'done' THEN 'finished' WHEN 'no_show' THEN 'no_show'
        WHEN 'left' THEN 'left' ELSE '' END,
    COALESCE(c.outcome, ''),
    CASE WHEN t.ended_at IS NULL THEN NULL ELSE t.desk_id END,
    CASE WHEN t.ended_at IS NULL THEN NULL ELSE t.agent_id END,
    t.contact_id
FROM queue_ticket t LEFT JOIN contacts_contact c ON c.id = t.contact_id
WHERE t.transfers = 0 AND NOT EXISTS (SELECT 1 FROM queue_leg l WHERE l.ticket_id = t.id)
"""


def give_legs(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(LEGS)
    tickets = apps.get_model("queue", "Ticket").objects.filter(transfers__gt=0, legs=None)
    leg_model = apps.get_model("queue", "Leg")
    for ticket in list(tickets.select_related("contact").order_by("id")):
        events = apps.get_model("queue", "TicketEvent").objects.filter(ticket_id=ticket.pk)
        told = list(events.order_by("id").values("id", "at", "kind", "data"))
        leg_model.objects.bulk_create(leg_model(**leg) for leg in legs_of(ticket, told))


def legs_of(ticket: Any, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The legs of a visit that was sent on, from its account."""
    undone = {event["data"].get("of") for event in events if event["kind"] == "undone"}
    passed = [
        (event["at"], event["data"])
        for event in events
        if event["kind"] == "transferred"
        and event["id"] not in undone
        and event["data"].get("topic")
        and event["data"]["topic"] != (event["data"].get("before") or {}).get("topic_id")
    ]
    since, legs = ticket.issued_at, []
    for at, data in passed:
        before = data.get("before") or {}
        legs.append(
            {
                "ticket_id": ticket.pk,
                "position": len(legs) + 1,
                "topic_id": before.get("topic_id") or ticket.topic_id,
                "waiting_since": since,
                "ended_at": at,
                "ended_by": "transferred",
                "outcome": "passed_on",
                "desk_id": before.get("desk_id"),
                "agent_id": before.get("agent_id"),
            }
        )
        since = at
    ends = {"done": "finished", "no_show": "no_show", "left": "left"}
    over = ticket.ended_at is not None
    last = {
        "ticket_id": ticket.pk,
        "position": len(legs) + 1,
        "topic_id": ticket.topic_id,
        "waiting_since": since,
        "ended_at": ticket.ended_at,
        "ended_by": ends.get(ticket.state, ""),
        "outcome": ticket.contact.outcome if ticket.contact else "",
        "desk_id": ticket.desk_id if over else None,
        "agent_id": ticket.agent_id if over else None,
        "contact_id": ticket.contact_id,
    }
    return [*legs, last]


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("queue", "0005_order_absences")]

    operations = [migrations.RunPython(give_legs, migrations.RunPython.noop)]
