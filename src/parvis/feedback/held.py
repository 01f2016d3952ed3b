"""What the room keeps about people: what they said of the reception, in their words."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import DASH, Activity, Held, Root, dashed

CONTACT, CASE = "contacts.Contact", "cases.Case"
COMPLAINT, INCIDENT = "feedback.Complaint", "feedback.Incident"

personal.declare(
    Held(
        "feedback.Response",
        _("Answer about an exchange"),
        of={CONTACT: ("contact",)},
        shown=("at", "via", "solved", "satisfaction", "comment"),
        emptied={"comment": ""},
    ),
    Held(
        "feedback.Thanks",
        _("Thanks"),
        of={CASE: ("case",)},
        shown=("at", "words"),
        emptied={"words": "", "may_be_shown": False},
    ),
    Root(COMPLAINT, _("Complaints"), ended="answered_at", marks=("pk", "received_at"), months=24),
    Root(INCIDENT, _("Incidents"), ended="settled_at", marks=("pk", "happened_at"), months=60),
    Held(
        COMPLAINT,
        _("Complaint"),
        of={COMPLAINT: ("pk",), CASE: ("case",)},
        shown=("received_at", "words", "wanted", "state", "answered_at", "answer"),
        emptied={"words": DASH, "wanted": "", "answer": dashed("answer")},
        obliged=True,
    ),
    # What a colleague suffered is told to nobody outside: the row is counted, not shown.
    Held(
        INCIDENT,
        _("Incident"),
        of={INCIDENT: ("pk",), CASE: ("case",)},
        emptied={"words": "", "done": dashed("done")},
        obliged=True,
    ),
    Activity(
        "feedback.complaints",
        name=_("Complaints and incidents"),
        purpose=_("Putting right what went wrong, and protecting those who work."),
        people=_("People who complain; agents"),
        categories=_("What happened, what is wanted, the answer"),
        recipients=_("The service concerned, the head of the reception"),
        root=COMPLAINT,
    ),
    Activity(
        "feedback.answers",
        name=_("Answers and thanks"),
        purpose=_("Knowing whether people were helped, and thanking those who helped."),
        people=_("People received"),
        categories=_("Whether it was solved, how satisfied, words if they left any"),
        recipients=_("The reception and its head; those who were thanked"),
        root=CONTACT,
    ),
)
personal.nobody("feedback.ThanksRecipient")
