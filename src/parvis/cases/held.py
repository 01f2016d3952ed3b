"""What the room keeps about people: the file of a request, which is a public archive."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity, Held, Lead, Root

PERSON, CONTACT, CASE = "contacts.Person", "contacts.Contact", "cases.Case"


def _of_case(path: str = "case") -> dict[str, tuple[str, ...]]:
    return {CASE: (path,)}


personal.declare(
    Root(CASE, _("Cases"), ended="closed_at", marks=("reference",), needs_visa=True, months=0),
    Lead(PERSON, CASE, "person", obliged=True),
    Lead(CASE, CONTACT, "cases"),
    Held(
        CASE,
        _("Case"),
        of=_of_case("pk"),
        shown=(
            "reference", "topic", "service", "channel", "opened_at", "received_on", "title",
            "description", "state", "closed_at",
        ),
        emptied={
            "title": "", "description": "", "person": None, "unread_by_service": False,
            "unread_by_person": False, "secret_expires_at": lambda now: now,
            "eliminated_at": lambda now: now,
        },
        obliged=True,
    ),
    Held(
        "cases.CaseEntry",
        _("Line of the story of a case"),
        of=_of_case(),
        shown=("at", "kind", "service", "text", "is_internal"),
        emptied={"text": "", "data": {}, "is_internal": False, "internal_reason": ""},
        obliged=True,
    ),
    Held(
        "cases.LegalClock",
        _("Legal clock of a case"),
        of=_of_case(),
        shown=("first_received_on", "silence", "months", "falls_on", "receipt_sent_at"),
        emptied={"exemption_reason": ""},
        obliged=True,
    ),
    Held(
        "cases.MissingItem",
        _("Item asked for"),
        of=_of_case(),
        shown=("words", "asked_on", "until", "received_on", "refusal"),
        obliged=True,
    ),
    Held(
        "cases.CaseFile",
        _("Document of a case"),
        of=_of_case(),
        shown=("name", "kind", "size", "digest", "added_at", "from_person"),
        digest="digest",
        obliged=True,
    ),
    Held("cases.PageKey", _("Key of a page"), of=_of_case(), obliged=True),
    Held("cases.MailedCode", _("Code sent by e-mail"), of=_of_case(), obliged=True),
    Held("cases.KnownDevice", _("Known device"), of=_of_case(), obliged=True),
    Held(
        "cases.CallBack",
        _("Call back"),
        of=_of_case(),
        shown=("phone", "wanted_on", "words", "asked_at", "state"),
        obliged=True,
    ),
    Activity(
        "cases.following",
        name=_("Following requests"),
        purpose=_("Examining a request, answering it, and proving what was done."),
        people=_("People who ask, and those who act for them"),
        categories=_("Name and ways to reach them; the request, its exchanges and its documents"),
        recipients=_("The service that follows the case; colleagues with a reason, noted"),
        root=CASE,
    ),
)
personal.nobody("cases.Procedure", "cases.ProcedureTopic")
