"""Who gets which answer at the addresses of the knowledge room."""

from parvis.knowledge import actions
from tests.knowledge.factories import local_sheet
from tests.law.factories import article_99, editor
from tests.support.routes import Route, only

READERS = only(
    "REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "DIR", "AUD", "FED",
)  # fmt: skip

KEEPERS = only("REF", "LIA", "MGR", "KBE")  # all but editors: of the own service


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


def an_article() -> dict[str, int]:
    return {"article_id": article_99().pk}


def a_citation() -> dict[str, int]:
    agent = editor()
    sheet = local_sheet(agent.authority)
    return {"citation_id": actions.cite(sheet, article_99(agent), agent=agent).pk}


ROUTES = [
    Route("knowledge:citations", READERS),
    Route("knowledge:citing", READERS, ours=an_article),
    Route("knowledge:cite", KEEPERS, ours=our_sheet),
    Route("knowledge:still-holds", KEEPERS, {"post": 302}, a_citation),
    Route("knowledge:uncite", KEEPERS, {"post": 302}, our_sheet),
    Route("knowledge:search", "public", ours=our_town, query="?q=acte+de+naissance"),
    Route("knowledge:sheet", "public", ours=our_sheet),
    Route("knowledge:documents", "public", ours=our_sheet),
    Route("knowledge:search-of", "public", ours=our_named_town, query="?q=acte+de+naissance"),
    Route("knowledge:sheet-of", "public", ours=our_named_sheet),
    Route("knowledge:documents-of", "public", ours=our_named_sheet),
    Route("knowledge:agent-search", READERS, query="?q=acte"),
    Route("knowledge:agent-sheet", READERS, ours=our_sheet),
]
