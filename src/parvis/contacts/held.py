"""What the room keeps about people: who they are, and what was written down of each exchange."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.languages import language_name
from parvis.common.personal import Activity, Held, Lead, Root, by_label
from parvis.contacts import queries
from parvis.contacts.models import Need

PERSON, CONTACT = "contacts.Person", "contacts.Contact"

personal.declare(
    Root(PERSON, _("People"), ended="created_at", marks=("pk", "created_at")),
    Root(CONTACT, _("Exchanges"), ended="ended_at", marks=("pk", "recorded_at"), months=12),
    Lead(PERSON, CONTACT, "person"),
    Held(
        PERSON,
        _("Person"),
        of={PERSON: ("pk",)},
        shown=(
            "first_name",
            "last_name",
            "email",
            "phone",
            "address",
            "language",
            "created_at",
        ),
        told={"language": lambda codes: [language_name(code) for code in codes]},
        obliged=True,
    ),
    Held(
        CONTACT,
        _("Exchange"),
        of={CONTACT: ("pk",)},
        shown=("started_at", "channel", "topic", "outcome", "site", "needs", "note"),
        told={"needs": by_label(Need)},
        emptied={"note": "", "needs": [], "person": None, "linking": "none"},
    ),
    Held(
        "contacts.Correction",
        _("Correction of an exchange"),
        of={CONTACT: ("contact",)},
        shown=("at", "reason", "before", "after"),
        told={"before": queries.corrected_words, "after": queries.corrected_words},
    ),
    Activity(
        "contacts.reception",
        name=_("Reception and orientation of people"),
        purpose=_("Answering, sending people to the right place, and improving the reception."),
        people=_("People received"),
        categories=_(
            "Name and ways to reach them, if they gave any; topic, hour, outcome, a short note"
        ),
        recipients=_("Agents of the reception; the service of the topic"),
        root=CONTACT,
    ),
)
personal.nobody("contacts.ContactSheet")
