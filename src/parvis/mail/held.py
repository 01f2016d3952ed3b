"""What the room keeps about people: messages that came, messages that left, dead addresses."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity, Held, Root, dashed

CASE, RECEIVED, DEAD = "cases.Case", "mail.ReceivedMail", "mail.DeadAddress"

personal.declare(
    Root(RECEIVED, _("Mails"), ended="received_at", marks=("fingerprint",), months=12),
    Root(DEAD, _("Addresses that take no mail"), ended="since", marks=("pk",), months=24),
    Held(
        RECEIVED,
        _("Mail that came"),
        of={RECEIVED: ("pk",), CASE: ("case", "claimed")},
        shown=("received_at", "from_name", "from_address", "subject", "text", "digest"),
        emptied={
            "envelope_from": "",
            "envelope_to": "",
            "words": dashed("words"),
            "from_name": "",
            "from_address": "",
            "subject": "",
            "message_id": "",
            "references": [],
            "text": "",
            "history": "",
            "html": "",
            "notes": [],
            "digest": "",
        },
        digest="digest",
        obliged=True,
        known_by=("from_address",),
    ),
    Held(
        "mail.MailFile",
        _("Document of a mail"),
        of={RECEIVED: ("mail",), CASE: ("mail__case", "mail__claimed")},
        shown=("name", "kind", "size", "digest"),
        digest="digest",
        obliged=True,
        known_by=("mail__from_address",),
    ),
    Held(
        "mail.OutgoingMail",
        _("Mail that left"),
        of={CASE: ("case",), RECEIVED: ("answers",)},
        shown=("at", "to", "subject", "text"),
        emptied={
            "to": "",
            "sender_name": "",
            "reply_to": "",
            "subject": "",
            "text": "",
            "references": [],
            "error": "",
        },
        obliged=True,
        known_by=("to",),
    ),
    Held(
        DEAD,
        _("Address that takes no mail"),
        of={DEAD: ("pk",)},
        shown=("address", "since"),
        known_by=("address",),
    ),
    Activity(
        "mail.messages",
        name=_("E-mail"),
        purpose=_("Answering those who write, in their case, and knowing what did not arrive."),
        people=_("People who write, and to whom we write"),
        categories=_("Address, name, words and documents of the message"),
        recipients=_("The service of the case, the reception"),
        root=RECEIVED,
    ),
)
personal.nobody("mail.Mailbox", "mail.MailFolder")
personal.no_files("mail.ReceivedMail", "fingerprint")
