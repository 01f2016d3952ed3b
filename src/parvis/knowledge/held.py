"""What the room keeps about people: words typed into the search, masked; and its own files."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity, Held, Root

VOTE = "knowledge.Vote"

personal.declare(
    Root(VOTE, _("Opinions on sheets"), ended="day", marks=("pk", "day"), months=24),
    Held(VOTE, _("Opinion on a sheet"), of={VOTE: ("pk",)}, emptied={"reason": ""}),
    Activity(
        "knowledge.searches",
        name=_("Searches and opinions on sheets"),
        purpose=_("Writing what people look for and do not find."),
        people=_("Visitors of the pages; nobody is known"),
        categories=_("Masked words, day, what came of it; never who"),
        recipients=_("Those who write the sheets"),
        kept=_("Searches 90 days; words of opinions as ruled here."),
        root=VOTE,
    ),
)
personal.keeps_files("knowledge.Attachment", "digest")
personal.no_files("knowledge.Node", "content_hash")
personal.no_files("knowledge.Resource", "content_hash")
personal.no_files("knowledge.SheetVersion", "content_hash")
personal.no_files("knowledge.ImportRun", "fingerprint")
