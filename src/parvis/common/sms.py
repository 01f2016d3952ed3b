"""Text messages: a row in the action's own transaction, handed to a gateway later by a job."""

import re
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from parvis.common.errors import Refused
from parvis.common.models import OutgoingText
from parvis.common.tasks import deliver_texts
from parvis.common.text import one_line

LONGEST: Final = 459  # three parts of a message with the usual signs
# French numbers of places with a code of their own, by their first digits.
_OVERSEAS: Final = {
    "0590": "590", "0690": "590", "0691": "590", "0594": "594", "0694": "594", "0596": "596",
    "0696": "596", "0697": "596", "0262": "262", "0263": "262", "0692": "262", "0693": "262",
    "0269": "262", "0639": "262",
}  # fmt: skip


def send(
    to: str,
    text: str,
    *,
    authority_id: int,
    purpose: str,
    now: datetime,
    not_after: datetime | None = None,
) -> OutgoingText:
    """Have a text message sent once the surrounding transaction holds.

    ``not_after`` is when it would be of no use any more: then it is given up.
    """
    number = clean_number(to)
    row = OutgoingText.objects.create(
        authority_id=authority_id,
        purpose=purpose,
        to=number,
        to_masked=masked(number),
        text=one_line(text)[:LONGEST],
        at=now,
        next_at=now,
        not_after=not_after,
    )
    deliver_texts.enqueue()
    return row


def clean_number(text: str) -> str:
    """A telephone number as gateways want it (+33612345678); Refused when it cannot be one."""
    digits = re.sub(r"[\s.\-()/\u00a0\u202f]", "", text.strip())
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif re.fullmatch(r"0[1-9]\d{8}", digits):
        country = _OVERSEAS.get(digits[:4], settings.SMS["COUNTRY"])
        digits = f"+{country}{digits[1:]}"
    if not re.fullmatch(r"\+[1-9]\d{7,14}", digits, flags=re.ASCII):
        raise Refused(
            _("This is not a telephone number that we can write to. Example: 06 12 34 56 78."),
            code="bad_number",
        )
    return digits


def masked(number: str) -> str:
    """Enough of a number to recognise it, too little to use it: +336…78."""
    return f"{number[:4]}…{number[-2:]}" if len(number) > 6 else "…"
