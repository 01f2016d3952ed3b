"""What the room keeps about people: that they asked, until their data go."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity, Held

personal.declare(
    Held(
        "privacy.PersonRequest",
        _("Request about data"),
        of={"contacts.Person": ("person",)},
        shown=("kind", "received_on", "due_on", "identity", "state", "ground", "answer"),
        emptied={"person": None, "identity": "", "answer": "", "longer_because": ""},
        obliged=True,
    ),
    Held(
        "privacy.Hold",
        _("Hold"),
        of={"cases.Case": ("case",)},
        shown=("reason", "placed_at", "lifted_at"),
        obliged=True,
    ),
    Activity(
        "privacy.requests",
        name=_("Requests about data"),
        purpose=_("Answering people about their data, and proving that we did."),
        people=_("People who ask"),
        categories=_("What was asked, when, how the identity was checked, the answer"),
        recipients=_("Data protection officer"),
        kept=_("Words and name until the person is erased; kind, dates and outcome stay."),
        basis=_("Legal obligation (GDPR, art. 6-1-c)"),
    ),
)
personal.nobody("privacy.RetentionRule", "privacy.Slip", "privacy.SlipLine")
personal.no_files("privacy.RetentionRule", "subject")
