"""What the room keeps about people: a place in line, perhaps a name to call."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.languages import language_name
from parvis.common.personal import Activity, Held, Lead, Root, Without, by_label
from parvis.contacts.models import Need

PERSON, CONTACT, TICKET = "contacts.Person", "contacts.Contact", "queue.Ticket"

personal.declare(
    Root(
        TICKET,
        _("Tickets"),
        ended="issued_at",
        marks=("pk", "issued_at"),
        scope="site__authority_id",
        months=1,
    ),
    Lead(PERSON, TICKET, "person"),
    Lead(CONTACT, TICKET, "contact"),
    Held(
        TICKET,
        _("Ticket"),
        of={TICKET: ("pk",)},
        shown=("issued_at", "site", "topic", "name", "priority", "needs", "language", "note"),
        told={
            "needs": by_label(Need),
            "language": lambda codes: [language_name(code) for code in codes],
        },
        emptied={"name": "", "note": "", "needs": [], "person": None, "device_hash": ""},
    ),
    Held(
        "queue.TicketEvent",
        _("What happened to a ticket"),
        of={TICKET: ("ticket",)},
        emptied={"data": Without(("note", "name", "words", "reason"))},
    ),
    Held("queue.Alert", _("Request to be told"), of={TICKET: ("ticket",)}, shown=("address",)),
    Activity(
        "queue.line",
        name=_("Waiting line"),
        purpose=_("Receiving everybody in a fair order, and announcing the wait."),
        people=_("People received"),
        categories=_("Number, topic, category of priority; a name to call if it was given"),
        recipients=_("Agents of the reception of the site"),
        root=TICKET,
    ),
)
personal.nobody(
    "queue.Screen", "queue.Poster", "queue.Printer", "queue.HallVersion", "queue.DeskSession",
    "queue.HallRules", "queue.HallNotice", "queue.DayNote", "queue.HallMessageSeen", "queue.Leg",
    "queue.TicketCounter",
    # Gone within the day: see queue/tasks.py.
    "queue.PrintJob", "queue.HallMessage",
)  # fmt: skip
personal.no_files("queue.Ticket", "secret_hash", "device_hash")
