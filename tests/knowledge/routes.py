"""Who gets which answer at the addresses of the knowledge room."""

from parvis.knowledge import actions
from parvis.knowledge.models import ImportRun, LocalPlace, Node, Resource, Sheet
from tests.knowledge.factories import NOON, block, local_sheet
from tests.law.factories import article_99, editor
from tests.organisations.factories import AuthorityFactory
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


def a_protocol() -> dict[str, str]:
    sheet = local_sheet(ref="P-001", is_public=False, blocks=[STEP])
    Sheet.objects.filter(pk=sheet.pk).update(nature=Sheet.Nature.PROTOCOL)
    return {"ref": sheet.ref}


def a_deviation() -> dict[str, int]:
    sheet = Sheet.objects.get(ref=a_protocol()["ref"])
    agent = editor(authority=sheet.authority)
    row = actions.deviate(sheet, step=1, cause="time", agent=agent, now=NOON)
    return {"pk": row.pk}


PROTOCOL_READERS = only("REC", "ADV", "REF", "LIA", "MGR", "QUA", "HR", "DIR", "AUD")
DEVIATING = only("REC", "ADV", "MGR")
REVIEWERS = only("MGR", "DIR")
STEP = block("<p>Écouter.</p>", kind="step", title="Écouter", level="internal")


def a_theme() -> dict[str, str]:
    AuthorityFactory.create()
    return {"ref": Node.objects.get_or_create(ref="N1", title="Loisirs", kind="theme")[0].ref}


def a_named_theme() -> dict[str, str]:
    return our_named_town() | a_theme()


def a_form() -> dict[str, str]:
    AuthorityFactory.create()
    return {"ref": Resource.objects.get_or_create(ref="R1", title="Demande", kind="form")[0].ref}


def a_named_form() -> dict[str, str]:
    return our_named_town() | a_form()


def an_import() -> dict[str, int]:
    return {"pk": ImportRun.objects.create(source="edition.zip", asked_at=NOON).pk}


def our_place() -> dict[str, int]:
    authority = AuthorityFactory.create()
    return {"pk": LocalPlace.objects.create(authority=authority, pivot="caf", name="Caf").pk}


IMPORTERS = only("ADM")
EDITORS = only("KBE")

ROUTES = [
    Route("knowledge:protocols", PROTOCOL_READERS),
    Route("knowledge:protocol", PROTOCOL_READERS, ours=a_protocol),
    Route("knowledge:protocol-read", PROTOCOL_READERS, {"post": 302}, a_protocol),
    Route(
        "knowledge:deviate", DEVIATING, {"post": 302}, a_protocol, {"step": "1", "cause": "time"}
    ),
    Route("knowledge:deviations", REVIEWERS),
    Route(
        "knowledge:decide-deviation", REVIEWERS, {"post": 302}, a_deviation, {"decision": "stays"}
    ),
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
    Route("knowledge:themes", "public", ours=our_town),
    Route("knowledge:theme", "public", ours=a_theme),
    Route("knowledge:glossary", "public", ours=our_town),
    Route("knowledge:resource", "public", ours=a_form),
    Route("knowledge:themes-of", "public", ours=our_named_town),
    Route("knowledge:theme-of", "public", ours=a_named_theme),
    Route("knowledge:glossary-of", "public", ours=our_named_town),
    Route("knowledge:resource-of", "public", ours=a_named_form),
    Route("knowledge:imports", IMPORTERS),
    Route("knowledge:import", IMPORTERS, ours=an_import, foreign=200),
    Route("knowledge:import-stop", IMPORTERS, ours=an_import, methods={"post": 302}, foreign=302),
    Route("knowledge:import-resume", IMPORTERS, ours=an_import, methods={"post": 302}, foreign=302),
    Route("knowledge:places", EDITORS),
    Route("knowledge:place-new", EDITORS),
    Route("knowledge:place", EDITORS, ours=our_place),
    Route("knowledge:place-remove", EDITORS, ours=our_place, methods={"post": 302}),
    Route("knowledge:agent-search", READERS, query="?q=acte"),
    Route("knowledge:agent-sheet", READERS, ours=our_sheet),
]
