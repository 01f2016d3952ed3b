"""What the room keeps about people: letters, decisions, and the two registers of the post."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import DASH, Activity, Held, Root, dashed

CASE, IN, OUT = "cases.Case", "letters.IncomingPost", "letters.OutgoingPost"


def _gone(now: Any) -> dict[str, str]:
    return {"eliminated": now.date().isoformat()}


personal.declare(
    Root(IN, _("Register of incoming post"), ended="registered_at", marks=("pk",), months=60),
    Root(OUT, _("Register of outgoing post"), ended="at", marks=("pk",), months=60),
    Held(
        "letters.Decision",
        _("Decision"),
        of={CASE: ("case",)},
        shown=("decided_on", "law", "facts", "plain", "appeal"),
        emptied={"law": DASH, "facts": DASH, "plain": DASH, "appeal": DASH},
        obliged=True,
    ),
    Held(
        "letters.Letter",
        _("Letter"),
        of={CASE: ("case",)},
        shown=("kind", "state", "subject", "body", "recipient", "address", "sent_at", "digest"),
        emptied={
            "subject": "",
            "body": "",
            "recipient": "",
            "address": "",
            "enclosures": "",
            "content": _gone,
            "digest": "",
            "size": 0,
        },
        digest="digest",
        obliged=True,
    ),
    Held(
        IN,
        _("Post that came"),
        of={IN: ("pk",), CASE: ("case",)},
        shown=("received_on", "posted_on", "sender", "address", "subject", "scan_name"),
        emptied={
            "sender": DASH,
            "address": "",
            "subject": DASH,
            "scan": "",
            "scan_name": "",
            "registered_number": "",
        },
        digest="scan",
        obliged=True,
    ),
    Held(
        OUT,
        _("Post that left"),
        of={OUT: ("pk",), CASE: ("case",)},
        shown=("posted_on", "way", "recipient", "address", "subject"),
        emptied={
            "recipient": DASH,
            "address": "",
            "subject": DASH,
            "registered_number": dashed("registered_number"),
        },
        obliged=True,
    ),
    Activity(
        "letters.post",
        name=_("Letters and registers of the post"),
        purpose=_("Writing to people in due form, and proving what came and what left."),
        people=_("People who write, and to whom we write"),
        categories=_("Name, postal address, what it is about, scan or letter"),
        recipients=_("The service of the letter, the reception"),
        root=IN,
    ),
)
personal.nobody(
    "letters.RightRequest", "letters.Template", "letters.TemplateVersion", "letters.Letterhead",
    "letters.Delegation", "letters.PostNumber",
)  # fmt: skip
