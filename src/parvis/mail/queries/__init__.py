"""Reading mail: which address, which case, which shelf."""

from parvis.mail.queries.shelves import (
    SHELVES,
    Story,
    folders,
    mails_of_case,
    next_to_do,
    one,
    shelf,
    suggested_cases,
    to_do,
)
from parvis.mail.queries.threads import (
    box_for_case,
    box_of,
    is_dead,
    is_ours,
    outgoing_of,
    parties_of,
    threads_of,
)

__all__ = [
    "SHELVES",
    "Story",
    "box_for_case",
    "box_of",
    "folders",
    "is_dead",
    "is_ours",
    "mails_of_case",
    "next_to_do",
    "one",
    "outgoing_of",
    "parties_of",
    "shelf",
    "suggested_cases",
    "threads_of",
    "to_do",
]
