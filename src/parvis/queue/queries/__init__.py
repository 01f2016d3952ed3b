"""What the hall tells: its line, its tickets, its desks, its screens, in plain sentences."""

from parvis.queue.queries.display import display_snapshot, hall_version, versions_of
from parvis.queue.queries.hall import (
    Hall,
    HallFacts,
    hall_facts,
    load_hall,
    open_desks,
    session_at,
    session_of,
)
from parvis.queue.queries.line import Place, line, line_of_desk
from parvis.queue.queries.talk import (
    TALK_KEPT,
    Talk,
    colleagues_here,
    may_write_notes,
    notes_of_today,
    notes_to_come,
    talk_for,
    talk_of,
)
from parvis.queue.queries.tickets import (
    began_at,
    events_of,
    happened,
    held_tickets,
    present_ticket,
    ticket_by_secret,
)
from parvis.queue.queries.waits import (
    Position,
    expected_wait,
    newcomer_wait,
    position,
    position_behind,
    waits_by_topic,
)
from parvis.queue.queries.words import (
    closed_sentence,
    priority_label,
    range_sentence,
    reason_sentence,
)

__all__ = [
    "TALK_KEPT",
    "Hall",
    "HallFacts",
    "Place",
    "Position",
    "Talk",
    "began_at",
    "closed_sentence",
    "colleagues_here",
    "display_snapshot",
    "events_of",
    "expected_wait",
    "hall_facts",
    "hall_version",
    "happened",
    "held_tickets",
    "line",
    "line_of_desk",
    "load_hall",
    "may_write_notes",
    "newcomer_wait",
    "notes_of_today",
    "notes_to_come",
    "open_desks",
    "position",
    "position_behind",
    "present_ticket",
    "priority_label",
    "range_sentence",
    "reason_sentence",
    "session_at",
    "session_of",
    "talk_for",
    "talk_of",
    "ticket_by_secret",
    "versions_of",
    "waits_by_topic",
]
