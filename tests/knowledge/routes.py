"""Who gets which answer at the addresses of the knowledge room."""

from parvis.knowledge import actions
from parvis.knowledge.models import Sheet
from parvis.knowledge.rules.finding import Line
from tests.knowledge.factories import NOON, block, local_sheet
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


def a_protocol() -> dict[str, str]:
    sheet = local_sheet(ref="P-001", is_public=False, blocks=[STEP])
    Sheet.objects.filter(pk=sheet.pk).update(nature=Sheet.Nature.PROTOCOL)
    return {"ref": sheet.ref}


def a_deviation() -> dict[str, int]:
    sheet = Sheet.objects.get(ref=a_protocol()["ref"])
    agent = editor(authority=sheet.authority)
    row = actions.deviate(sheet, step=1, cause="time", agent=agent, now=NOON)
    return {"pk": row.pk}


WRITERS = only("ADV", "MGR", "KBE")


def a_synonym() -> dict[str, int]:
    return {"pk": actions.keep_synonym(editor(), said="a", written="b", author="K", now=NOON).pk}


def a_pin() -> dict[str, int]:
    agent = editor()
    sheet = local_sheet(agent.authority)
    return {"pk": actions.keep_pin(agent, words="a", sheet=sheet, author="K", now=NOON).pk}


def a_set() -> dict[str, int]:
    lines = [Line("acte de naissance", ("SO-012",))]
    return {"pk": actions.keep_questions(editor(), "Questions", lines, now=NOON).pk}


def a_vote() -> dict[str, int]:
    sheet = local_sheet()
    assert sheet.authority_id is not None
    given = actions.vote(
        sheet.authority_id, sheet, was_useful=False, reason="?", place="public", today=NOON.date()
    )
    return {"pk": given.pk}


PROTOCOL_READERS = only("REC", "ADV", "REF", "LIA", "MGR", "QUA", "HR", "DIR", "AUD")
DEVIATING = only("REC", "ADV", "MGR")
REVIEWERS = only("MGR", "DIR")
STEP = block("<p>Écouter.</p>", kind="step", title="Écouter", level="internal")
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
    Route("knowledge:finding", WRITERS),
    Route("knowledge:finding-trial", WRITERS, query="?said=a&written=b"),
    Route("knowledge:finding-publish", WRITERS, {"post": 302}, data={"said": "a", "written": "b"}),
    Route("knowledge:drop-synonym", WRITERS, {"post": 302}, a_synonym),
    Route("knowledge:drop-pin", WRITERS, {"post": 302}, a_pin),
    Route("knowledge:import-questions", WRITERS, {"post": 302}),
    Route("knowledge:question-set", WRITERS, ours=a_set),
    Route("knowledge:measure", WRITERS, {"post": 302}, a_set),
    Route("knowledge:gaps", WRITERS),
    Route("knowledge:decide-gap", WRITERS, {"post": 404}),
    Route("knowledge:settle-vote", WRITERS, {"post": 302}, a_vote),
    Route("knowledge:streets", READERS),
    Route("knowledge:streets-import", WRITERS, {"post": 302}),
    Route("knowledge:agent-vote", READERS, {"post": 302}, our_sheet, {"useful": "yes"}),
    Route("knowledge:vote", "public", {"post": 302}, our_sheet, {"useful": "yes"}),
    Route("knowledge:vote-of", "public", {"post": 302}, our_named_sheet, {"useful": "yes"}),
    Route("knowledge:not-found", "public", {"post": 302}, our_town, {"s": "a" * 32}),
    Route("knowledge:not-found-of", "public", {"post": 302}, our_named_town, {"s": "a" * 32}),
    Route("knowledge:search", "public", ours=our_town, query="?q=acte+de+naissance"),
    Route("knowledge:sheet", "public", ours=our_sheet),
    Route("knowledge:documents", "public", ours=our_sheet),
    Route("knowledge:search-of", "public", ours=our_named_town, query="?q=acte+de+naissance"),
    Route("knowledge:sheet-of", "public", ours=our_named_sheet),
    Route("knowledge:documents-of", "public", ours=our_named_sheet),
    Route("knowledge:agent-search", READERS, query="?q=acte"),
    Route("knowledge:agent-sheet", READERS, ours=our_sheet),
]
