"""Why a message is where it is, in words."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

REASONS: Final[dict[str, Callable[[], str]]] = {
    "new": lambda: _("A first message: it waits for somebody who sorts it."),
    "empty": lambda: _("The message holds no words and no document."),
    "taken_up": lambda: _("A colleague took it up again."),
    "address": lambda: _("It was written to the address of its case."),
    "in_reply_to": lambda: _("It answers a message of its case."),
    "references": lambda: _("It belongs to the exchange of its case."),
    "subject": lambda: _("Its subject carries the signed mark of its case."),
    "stranger": lambda: _(
        "It names a case, but whoever wrote is not known to it. Let it through only if you are "
        "sure who wrote."
    ),
    "two_cases": lambda: _("It names several cases at once."),
    "forged": lambda: _("Our mail server says that the sender is not who they say."),
    "no_sender": lambda: _("It names no sender."),
    "own": lambda: _("It was written by this house itself."),
    "machine": lambda: _("A machine wrote it: an absence, a confirmation, a notice."),
    "list": lambda: _("It was sent to a mailing list."),
    "report": lambda: _("A mail server reports what became of a message."),
    "too_large": lambda: _("It is too large to be read here: save it to open it."),
    "head_too_long": lambda: _("Its head is longer than any honest one."),
    "too_many_parts": lambda: _("It consists of hundreds of parts."),
    "too_deep": lambda: _("Messages lie in messages, deeper than any honest one."),
    "too_many_files": lambda: _("It brings more than a hundred files."),
    "time": lambda: _("It could not be read in the time that a message may take."),
    "memory": lambda: _("It could not be read in the memory that a message may take."),
    "crash": lambda: _("It could not be read. It is kept as it came."),
    "lost": lambda: _("Its content is no longer in the store: look into the backup."),
}
NOTES: Final[dict[str, Callable[[], str]]] = {
    "remote": lambda: _("Pictures from elsewhere were not loaded: nobody learns that you read it."),
    "encrypted": lambda: _("It is encrypted: ask the sender to write without."),
    "winmail": lambda: _("Its files came inside winmail.dat and were taken out."),
    "cut": lambda: _("Only its beginning is shown: save the message to read all of it."),
}


def reason(code: str) -> str:
    """Why a message is where it is."""
    return REASONS[code]() if code in REASONS else ""


def notes(codes: list[str]) -> list[str]:
    """What an agent should know about a message."""
    return [NOTES[code]() for code in codes if code in NOTES]
