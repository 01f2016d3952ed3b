"""What is sent, when it is tried again, and to whom nothing is sent."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

RECEIPT: Final = "receipt"
ITEMS: Final = "items"
REFERENT: Final = "referent"
MESSAGE: Final = "message"
LINK: Final = "link"
ARRIVAL: Final = "arrival"
ANSWER: Final = "answer"

# Before the next try; after the last one, some two days later, it is given up.
PAUSES: Final = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 720, 720, 720)
)
ONE_RECEIPT_PER: Final = timedelta(hours=24)
_MEANS_NO = re.compile(
    r"(?:^|[._+-])(?:no|do[._-]?not|ne[._-]?pas)[._-]?(?:reply|repl|repondre|respond)", re.I
)
_LONGEST_CHAIN: Final = 20


def is_no_reply(address: str) -> bool:
    """Does an address say that nobody reads what is written to it?"""
    return bool(_MEANS_NO.search(address.partition("@")[0]))


def may_answer(last_at: datetime | None, now: datetime) -> bool:
    """One automatic message for each correspondent and day: two machines fall silent."""
    return last_at is None or now - last_at >= ONE_RECEIPT_PER


# 5.2.2 is a full mailbox: it says "for ever" and means "for now". 5.7 is about us, 5.3.4 and
# 5.6 about the message.
_OF_THE_ADDRESS: Final = ("5.1.", "5.2.1", "5.4.4", "5.0.0")


def kills_the_address(action: str, status: str) -> bool:
    """Is nobody reached at this address any more?"""
    return action == "failed" and status.startswith(_OF_THE_ADDRESS)


def chain(earlier: Sequence[str], parent: str) -> list[str]:
    """The References of an answer: the first message and the latest ones."""
    whole = list(dict.fromkeys([*earlier, *([parent] if parent else [])]))
    if len(whole) <= _LONGEST_CHAIN:
        return whole
    return [whole[0], *whole[-(_LONGEST_CHAIN - 1) :]]
