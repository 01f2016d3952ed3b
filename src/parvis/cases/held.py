"""What the room keeps about people: the file of a request, which is a public archive."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity, Held, Lead, Root, by_label, dashed
from parvis.contacts.models import Channel

PERSON, CONTACT, CASE = "contacts.Person", "contacts.Contact", "cases.Case"
READ = "cases.CaseRead"


def _of_case(path: str = "case") -> dict[str, tuple[str, ...]]:
    return {CASE: (path,)}


personal.declare(
    Root(CASE, _("Cases"), ended="closed_at", marks=("reference",), needs_visa=True, months=0),
    Lead(PERSON, CASE, "person", obliged=True),
    Lead(CASE, CONTACT, "cases"),
    Lead(CASE, CASE, "merged_into"),
    # The log of readings: a year, as the decree on electronic referral has it for the State.
    Root(READ, _("Readings of cases"), ended="at", marks=("pk", "at"), months=12),
    Held(
        CASE,
        _("Case"),
        of=_of_case("pk"),
        shown=(
            "reference",
            "topic",
            "service",
            "channel",
            "opened_at",
            "received_on",
            "title",
            "description",
            "state",
            "closed_at",
        ),
        told={"channel": by_label(Channel)},
        emptied={
            "title": "",
            "description": "",
            "person": None,
            "unread_by_service": False,
            "unread_by_person": False,
            "secret_expires_at": lambda now: now,
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
    Held(
        "cases.Handover",
        _("Handing over of a case"),
        of=_of_case(),
        shown=("offered_at", "why", "promised", "next_step", "by_when"),
        emptied={
            "why": "",
            "promised": "",
            "next_step": "",
            "because": "",
            "answer": dashed("answer"),
        },
        obliged=True,
    ),
    Held(
        "cases.CaseMerge",
        _("Cases put together"),
        of={CASE: ("kept", "merged")},
        shown=("at", "reason"),
        obliged=True,
    ),
    Held(
        "cases.CaseParty",
        _("Somebody else in a case"),
        of={CASE: ("case",), PERSON: ("person",)},
        shown=("case", "part", "added_at", "ended_at"),
        obliged=True,
    ),
    Held(
        "cases.Mandate",
        _("Mandate"),
        of={CASE: ("case",), PERSON: ("holder",)},
        shown=("case", "kind", "organisation", "mail_to", "first_day", "last_day", "proof_words"),
        obliged=True,
    ),
    Held(
        READ,
        _("Reading of a case"),
        of={CASE: ("case",), READ: ("pk",)},
        shown=("at", "service", "is_outside", "reason", "words"),
        obliged=True,
    ),
    Held("cases.PageKey", _("Key of a page"), of=_of_case(), obliged=True),
    Held("cases.MailedCode", _("Code sent by e-mail"), of=_of_case(), obliged=True),
    Held("cases.KnownDevice", _("Known device"), of=_of_case(), obliged=True),
    Held(
        "cases.CallBack",
        _("Promised call"),
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
# A step and a link say what was done, in the words of a protocol; nothing of anybody.
personal.nobody(
    "cases.Procedure", "cases.ProcedureTopic", "cases.LoadCap", "cases.CaseStep", "cases.CaseLink"
)
for _label, _column in (
    ("Case", "secret_hash"),
    ("PageKey", "secret_hash"),
    ("Mandate", "secret_hash"),
    ("KnownDevice", "token_hash"),
):
    personal.no_files(f"cases.{_label}", _column)
