"""What of a record may go from one house into another: what it could have shared, no more."""

from datetime import date

from django.utils.translation import gettext as _

from parvis.common.errors import Refused
from parvis.knowledge.exchange.records import Record
from parvis.knowledge.models import Sheet
from parvis.knowledge.rules import Block, sharing


def crossing(record: Record, today: date) -> Record:
    """The words of today of a sheet that its public reads, without notes, names and history."""
    is_read = record["state"] == Sheet.State.PUBLISHED.value and record["current"] is not None
    if not (record["is_public"] and is_read and record["nature"] == Sheet.Nature.SHEET.value):
        raise Refused(_("It is not public: it stays in the house that wrote it."))
    (current,) = [one for one in record["versions"] if one["number"] == record["current"]]
    nobody = {"written_by": None, "reviewed_by": None, "reviewer": "", "reason": "", "raw": ""}
    blocks = sharing.shared_blocks(current["blocks"], today)
    return {
        **record,
        "keeper": None,
        "urgent_check_by": None,
        "archive_note": "",
        "versions": [{**current, **nobody, "blocks": blocks}],
        "texts": [
            {**one, "blocks": sharing.shared_blocks(one["blocks"], today)}
            for one in record["texts"]
            if one["is_shown"] and one["based_on"] == record["current"]
        ],
        "attachments": [
            one
            for one in record["attachments"]
            if one["removed_at"] is None and sharing.crosses(_as_block(one), today)
        ],
        "drafts": [],
    }


def _as_block(file: Record) -> Block:
    """A file has the levels of a block."""
    block = Block(kind="", title="", level=file["level"], html="")
    if file["until"]:
        block["until"] = file["until"].isoformat()
    return block
