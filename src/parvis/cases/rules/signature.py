"""What every outgoing message carries: institution, service, person, and a way to answer."""

from dataclasses import dataclass
from enum import StrEnum


class Unsigned(StrEnum):
    """What keeps a message from leaving (R6, R20, L111-2)."""

    INSTITUTION = "institution"
    SERVICE = "service"
    CONTACT = "contact"  # nobody of the service follows the case
    HIDDEN = "hidden"  # the name is withheld, and nobody wrote down why
    FUNCTION = "function"
    REPLY = "reply"
    PHONE = "phone"


@dataclass(frozen=True)
class Signed:
    """What a message would say of who sends it."""

    institution: str
    service: str
    name: str
    function: str
    reply_by: str
    phone: str
    somebody_follows: bool = True
    exception: str = ""  # why the name is lawfully withheld


def unsigned(signed: Signed) -> list[Unsigned]:
    """What is missing before anything may leave under this signature."""
    return [
        lack
        for lack, is_there in (
            (Unsigned.INSTITUTION, signed.institution.strip()),
            (Unsigned.SERVICE, signed.service.strip()),
            (Unsigned.CONTACT, signed.somebody_follows),
            (
                Unsigned.HIDDEN,
                not signed.somebody_follows or signed.name.strip() or signed.exception.strip(),
            ),
            (Unsigned.FUNCTION, not signed.name.strip() or signed.function.strip()),
            (Unsigned.REPLY, signed.reply_by.strip()),
            (Unsigned.PHONE, signed.phone.strip()),
        )
        if not is_there
    ]
