"""What the plumbing keeps about people, and for how long."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity

personal.declare(
    Activity(
        "common.journal",
        name=_("Journal of what agents did"),
        purpose=_("Knowing who did what, when, and proving it."),
        people=_("Agents"),
        categories=_("Action, hour, object; never what was said, once the object is erased"),
        recipients=_("Data protection officer, administrator"),
        kept=_("As long as its evidence; its words go with what they spoke of."),
        basis=_("Public task (GDPR, art. 6-1-e); security of processing (art. 32)"),
    ),
    Activity(
        "common.texts",
        name=_("Text messages and mails on their way"),
        purpose=_("Telling people what they asked to be told."),
        people=_("People received"),
        categories=_("Telephone number or e-mail, words of the message"),
        recipients=_("The gateway and the mail server of the authority"),
        kept=_("Until sent or given up; the job that sent a mail is dropped after 7 days."),
        basis=_("Public task (GDPR, art. 6-1-e)"),
    ),
)
# Emptied when sent, dropped within hours or days, or keyed hashes: see common/tasks.py.
personal.nobody(
    "common.JournalEntry",
    "common.IdempotencyKey",
    "common.Throttle",
    "common.OutgoingText",
    "common.Tombstone",
)
personal.no_files("common.JournalEntry", "actor", "verb", "object_type", "object_id")
personal.no_files("common.IdempotencyKey", "fingerprint")
personal.no_files("common.Tombstone", "kind", "mark")
