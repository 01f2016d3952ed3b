"""Which answers count, and which may still be changed."""

import re
import unicodedata
from datetime import datetime, timedelta

CHANGEABLE_FOR = timedelta(hours=24)
THANKS_APART = timedelta(hours=24)
# Whoever stands at a kiosk may type any code: it may answer first, never overrule.
WITHOUT_PROOF = frozenset({"kiosk"})


def may_change(
    *, answered_at: datetime, now: datetime, via: str, closed_at: datetime | None = None
) -> bool:
    """May a new answer replace the earlier one?

    Within a day one may think again; and once a case was closed since, the question is new.
    """
    if via in WITHOUT_PROOF:
        return False
    if closed_at is not None and closed_at > answered_at:
        return True
    return now - answered_at <= CHANGEABLE_FOR


def ticket_code(typed: str) -> tuple[str, int] | None:
    """The letters and number of a ticket as somebody types it: "E 42", "e42", "E-042"."""
    plain = unicodedata.normalize("NFKC", typed).strip().upper()
    found = re.fullmatch(r"([A-Z]{1,2})[\s.\-_]*0*(\d{1,4})", plain, re.ASCII)
    if not found or found[2] == "0":
        return None
    return found[1], int(found[2])


# Working days; what the house promises itself (REC-01, REC-02), and for its own people.
TAKEN_WITHIN = 2
ANSWERED_WITHIN = 15
SEEN_TO_WITHIN = {1: 10, 2: 5, 3: 1, 4: 0}  # by severity
