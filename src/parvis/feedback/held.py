"""What the room keeps about people: what they said of the reception, in their words."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity, Held

CONTACT, CASE = "contacts.Contact", "cases.Case"

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
