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
from parvis.queue.queries.kept import (
    hall_rules,
    is_able,
    kept_for_agent,
    kept_for_desk,
    may_go_on,
    stranded,
    topics_here,
)
from parvis.queue.queries.line import (
    Place,
    last_to_pass,
    line,
    line_of_desk,
    somebody_waits_for,
)
from parvis.queue.queries.notices import notices_for, notices_since
from parvis.queue.queries.reasons import why_called, why_here, why_standing
from parvis.queue.queries.tickets import (
    began_at,
    events_of,
    happened,
    held_tickets,
    legs_of,
    linking_of,
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
    "Hall",
    "HallFacts",
    "Place",
    "Position",
    "began_at",
    "closed_sentence",
    "display_snapshot",
    "events_of",
    "expected_wait",
    "hall_facts",
    "hall_rules",
    "hall_version",
    "happened",
    "held_tickets",
    "is_able",
    "kept_for_agent",
    "kept_for_desk",
    "last_to_pass",
    "legs_of",
    "line",
    "line_of_desk",
    "linking_of",
    "load_hall",
    "may_go_on",
    "newcomer_wait",
    "notices_for",
    "notices_since",
    "open_desks",
    "position",
    "position_behind",
    "present_ticket",
    "priority_label",
    "range_sentence",
    "reason_sentence",
    "session_at",
    "session_of",
    "somebody_waits_for",
    "stranded",
    "ticket_by_secret",
    "topics_here",
    "versions_of",
    "waits_by_topic",
    "why_called",
    "why_here",
    "why_standing",
]
