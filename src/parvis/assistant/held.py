"""What the room keeps about people: what they asked, with their data masked, for a while."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity, Held, Lead, Root

CASE, CONTACT = "cases.Case", "contacts.Contact"
CONVERSATION = "assistant.Conversation"

personal.declare(
    Root(
        CONVERSATION,
        _("Conversations with the assistant"),
        ended="last_at",
        marks=("secret_hash",),
        months=12,
    ),
    # Whoever ends the request or the exchange ends the conversation from which it came.
    Lead(CASE, CONVERSATION, "case"),
    Lead(CONTACT, CONVERSATION, "contact"),
    # The row stays for the figures: when, where, whether it helped.
    Held(
        CONVERSATION,
        _("Conversation with the assistant"),
        of={CONVERSATION: ("pk",)},
        shown=("started_at", "place", "topic", "outcome", "helped"),
        emptied={"review_note": "", "case": None, "contact": None},
    ),
    Held(
        "assistant.Turn",
        _("Turn of a conversation"),
        of={CONVERSATION: ("conversation",)},
        shown=("at", "author", "kind", "text"),
        emptied={"text": "", "data": {}},
    ),
    Held(
        "assistant.Handover",
        _("Hand-over to a person"),
        of={CONVERSATION: ("conversation",)},
        shown=("asked_at", "way", "state", "note"),
        emptied={"note": ""},
    ),
    Activity(
        "assistant.conversations",
        name=_("Conversations with the assistant"),
        purpose=_("Answering from the sheets, fetching a person, and mending wrong answers."),
        people=_("People who ask"),
        categories=_("The question, with personal data masked; the answer; whether it helped"),
        recipients=_("The agents of the reception and the keepers of the sheets"),
        root=CONVERSATION,
    ),
    Activity(
        "assistant.suggestions",
        name=_("Suggestions at the desk"),
        purpose=_("Seeing which sheets proposed to agents help, and mending the others."),
        people=_("Agents"),
        categories=_("Masked words, topic, sheets proposed and used; figures never by colleague"),
        recipients=_("The keepers of the sheets, as figures"),
        kept=_("Words and name 90 days; figures without term."),
        basis=_("Public task (GDPR, art. 6-1-e)"),
    ),
)
personal.no_files("assistant.Conversation", "secret_hash")
personal.no_files("assistant.Suggestion", "occasion")
personal.no_files("assistant.Rewording", "key")
personal.nobody(
    "assistant.Setup", "assistant.Duty", "assistant.Calibration", "assistant.Suggestion"
)
# Lines of published sheets, and what a program made of them: nothing that anybody typed.
personal.nobody("assistant.LanguageModel", "assistant.Rewording")
