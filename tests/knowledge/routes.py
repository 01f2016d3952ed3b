"""Who gets which answer at the addresses of the knowledge room."""

from tests.knowledge.factories import local_sheet
from tests.support.routes import Route, only

READERS = only(
    "REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "DIR", "AUD", "FED",
)  # fmt: skip


def our_sheet() -> dict[str, str]:
    return {"ref": local_sheet().ref}


def our_town() -> dict[str, str]:
    local_sheet()
    return {}


ROUTES = [
    Route("knowledge:search", "public", ours=our_town, query="?q=acte+de+naissance"),
    Route("knowledge:sheet", "public", ours=our_sheet),
    Route("knowledge:documents", "public", ours=our_sheet),
    Route("knowledge:agent-search", READERS, query="?q=acte"),
    Route("knowledge:agent-sheet", READERS, ours=our_sheet),
]
