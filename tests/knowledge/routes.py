"""Who gets which answer at the addresses of the knowledge room."""

from tests.knowledge.factories import local_sheet
from tests.support.routes import Route, only

READERS = only(
    "REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "DIR", "AUD", "FED",
)  # fmt: skip


def our_sheet() -> dict[str, str]:
    return {"ref": local_sheet().ref}


def our_named_sheet() -> dict[str, str]:
    sheet = local_sheet()
    assert sheet.authority is not None
    return {"slug": sheet.authority.slug, "ref": sheet.ref}


def our_named_town() -> dict[str, str]:
    return {"slug": our_named_sheet()["slug"]}


def our_town() -> dict[str, str]:
    local_sheet()
    return {}


ROUTES = [
    Route("knowledge:search", "public", ours=our_town, query="?q=acte+de+naissance"),
    Route("knowledge:sheet", "public", ours=our_sheet),
    Route("knowledge:documents", "public", ours=our_sheet),
    Route("knowledge:search-of", "public", ours=our_named_town, query="?q=acte+de+naissance"),
    Route("knowledge:sheet-of", "public", ours=our_named_sheet),
    Route("knowledge:documents-of", "public", ours=our_named_sheet),
    Route("knowledge:agent-search", READERS, query="?q=acte"),
    Route("knowledge:agent-sheet", READERS, ours=our_sheet),
]
