"""Who gets which answer at the addresses of the knowledge room."""

from datetime import timedelta

from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.knowledge import actions, rules
from parvis.knowledge.models import (
    Adoption,
    Attachment,
    DraftCopy,
    Group,
    ImportRun,
    LocalPlace,
    Node,
    Resource,
    Share,
    Sheet,
    SheetDraft,
    Workgroup,
)
from parvis.knowledge.rules.finding import Line
from tests.knowledge.factories import NOON, block, local_sheet, national_sheet, written
from tests.knowledge.factories import editor as keeper
from tests.knowledge.federation import editor_of, join
from tests.law.factories import article_99, editor
from tests.organisations.factories import AuthorityFactory, ServiceFactory, TopicFamilyFactory
from tests.support.routes import Route, only

READERS = only(
    "REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "DIR", "AUD", "FED",
)  # fmt: skip

# Whoever writes everywhere; referents and liaisons in the sheets of the own service.
KEEPERS = only("ADV", "REF", "LIA", "MGR", "KBE")


def our_sheet() -> dict[str, str]:
    return {"ref": local_sheet().ref}


EDITORS = only("REC", "ADV", "REF", "LIA", "MGR", "KBE", "DIR")


def our_draft() -> dict[str, int]:
    return {"pk": a_draft().pk}


def a_draft() -> SheetDraft:
    return actions.open_draft(local_sheet(), agent=keeper(), now=timezone.now())


def our_proposal() -> dict[str, int]:
    draft = a_draft()
    actions.propose(draft, agent=keeper(), now=timezone.now())
    return {"pk": draft.pk}


def our_given_up_draft() -> dict[str, int]:
    draft = a_draft()
    actions.abandon(draft, agent=keeper(), now=timezone.now())
    return {"pk": draft.pk}


def our_copy() -> dict[str, int]:
    draft = a_draft()
    return {"pk": draft.pk, "copy_pk": DraftCopy.objects.get(draft=draft).pk}


def our_text_aside() -> dict[str, int]:
    """Put aside by whoever asks: nobody else may open it, so everybody entitled gets 404."""
    draft = a_draft()
    words = written(draft, title="Autre")
    saved = actions.save_draft(draft, words, agent=keeper(), now=timezone.now(), revision=0)
    assert saved.aside is not None
    return {"pk": draft.pk, "copy_pk": saved.aside.pk}


def our_draft_behind() -> dict[str, int]:
    draft = a_draft()
    actions.publish_version(
        draft.sheet,
        now=timezone.now() + timedelta(minutes=1),
        author="Léna Marzin",
        title="Autre titre",
        short_answer="Oui.",
        blocks=[block("<p>Neuf.</p>")],
    )
    return {"pk": draft.pk}


def our_version() -> dict[str, object]:
    return {"ref": local_sheet().ref, "number": 1}


def our_review() -> dict[str, int]:
    review = actions.confirm_unchanged(local_sheet(), agent=keeper(), now=timezone.now())
    return {"pk": review.pk}


def our_text() -> dict[str, str]:
    return {"ref": local_sheet().ref, "which": "en"}


def our_written_text() -> dict[str, str]:
    words = actions.OtherWords("Birth certificate", "Free.", [])
    actions.keep_text(
        local_sheet(),
        words,
        kind="translation",
        language="en",
        agent=keeper(),
        now=timezone.now(),
        revision=0,
    )
    return {"ref": "SO-012", "which": "en"}


def our_first_text() -> dict[str, object]:
    return {**our_written_text(), "number": 1}


def our_file() -> dict[str, object]:
    row: Attachment = actions.attach(
        local_sheet(),
        [b"%PDF-1.7"],
        name="plan.pdf",
        title="Plan",
        level=rules.PUBLIC,
        agent=keeper(),
        now=timezone.now(),
    )
    return {"ref": "SO-012", "pk": row.pk}


def our_named_file() -> dict[str, object]:
    found = our_file()
    return {**our_named_sheet_of(found), "pk": found["pk"]}


def our_named_sheet_of(found: dict[str, object]) -> dict[str, object]:
    sheet = Attachment.objects.get(pk=found["pk"]).sheet
    assert sheet.authority is not None
    return {"slug": sheet.authority.slug, "ref": sheet.ref}


def our_family() -> dict[str, str]:
    return {"family": TopicFamilyFactory.create().slug}


def our_named_family() -> dict[str, str]:
    return {"slug": "orvanne", **our_family()}


def our_service() -> dict[str, str]:
    return {"service": ServiceFactory.create().slug}


def our_named_service() -> dict[str, str]:
    return {"slug": "orvanne", **our_service()}


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


def a_national_sheet() -> dict[str, str]:
    AuthorityFactory.create()
    return {"ref": national_sheet().ref}


def an_overlay() -> dict[str, int]:
    sheet = Sheet.objects.get(ref=a_national_sheet()["ref"])
    assert sheet.current is not None
    words = actions.LocalWords(position=1, act="after", text="Ici.", level="public")
    laid = actions.lay(sheet, words, seen=sheet.current, agent=keeper(), now=NOON)
    return {"pk": laid.pk}


def a_neighbour() -> Agent:
    return editor_of("port-breval", "Port-Bréval", "hugo.tanguide")


def a_group() -> dict[str, int]:
    return {"pk": actions.found_group(keeper(), name="Réseau", purpose="", now=NOON).pk}


def a_group_of_two() -> tuple[Group, Agent]:
    group, other = Group.objects.get(pk=a_group()["pk"]), a_neighbour()
    join(group, other, by=keeper())
    return group, other


def an_invitation() -> dict[str, int]:
    other = a_neighbour()
    group = actions.found_group(other, name="Réseau", purpose="", now=NOON)
    return {"pk": actions.invite(group, keeper().authority, agent=other, now=NOON).pk}


def an_offer() -> dict[str, int]:
    """A sheet of a neighbour, offered to Sainte-Orvanne."""
    group, other = a_group_of_two()
    sheet = local_sheet(other.authority, ref="PB-001", title="Port")
    return {"pk": actions.share_sheets([sheet], group, agent=other, now=NOON)[0].pk}


def an_offered_sheet() -> dict[str, int]:
    return {"pk": Share.objects.get(pk=an_offer()["pk"]).sheet_id}


def our_share() -> dict[str, int]:
    group, _other = a_group_of_two()
    sheet = local_sheet()
    return {"pk": actions.share_sheets([sheet], group, agent=keeper(), now=NOON)[0].pk}


def an_ended_adoption() -> dict[str, int]:
    share = Share.objects.get(pk=an_offer()["pk"])
    sheet = share.sheet
    assert sheet.current is not None
    actions.adopt(sheet, seen=sheet.current, agent=keeper(), now=NOON)
    owner = Agent.objects.get(username="hugo.tanguide")
    actions.take_back_share(share, agent=owner, now=NOON, fate="leave")
    return {"pk": Adoption.objects.get().pk}


def a_workgroup() -> dict[str, int]:
    group, _other = a_group_of_two()
    return {"pk": actions.found_workgroup(group, agent=keeper(), name="Atelier").pk}


def a_seat() -> dict[str, int]:
    workgroup = Workgroup.objects.get(pk=a_workgroup()["pk"])
    return {"pk": actions.seat(workgroup, keeper(), agent=keeper(), now=NOON).pk}


def a_neighbours_sheet() -> dict[str, str]:
    _group, other = a_group_of_two()
    return {"slug": other.authority.slug, "ref": local_sheet(other.authority, ref="PB-001").ref}


def a_shared_text_of_others() -> dict[str, int]:
    """Of a workgroup in which whoever asks has no seat: nobody finds it."""
    return our_share()


LAYERS = only("ADV", "MGR", "KBE")
DECIDERS = only("ADV", "MGR", "KBE", "FED")
COORDINATORS = only("KBE", "FED")
SHARERS = EDITORS | {"FED"}

IMPORTERS = only("ADM")
PLACERS = only("ADV", "MGR", "KBE")

ROUTES = [
    Route("knowledge:overlays-to-check", READERS),
    Route("knowledge:overlays", READERS, ours=a_national_sheet, foreign=200),
    Route("knowledge:lay", LAYERS, ours=a_national_sheet, foreign=200),
    Route("knowledge:overlay", LAYERS, ours=an_overlay),
    Route("knowledge:overlay-confirm", LAYERS, {"post": 302}, an_overlay),
    Route("knowledge:overlay-remove", LAYERS, {"post": 302}, an_overlay),
    Route("knowledge:sharing", DECIDERS),
    Route("knowledge:offer", DECIDERS, ours=an_offer),
    Route("knowledge:offer-of", DECIDERS, {"get": 302}, an_offered_sheet),
    Route("knowledge:decide-offer", DECIDERS, {"post": 404}, an_offer, {"do": "adopt"}),
    Route("knowledge:settle-ended", DECIDERS, {"post": 302}, an_ended_adoption),
    Route("knowledge:share", SHARERS, ours=our_sheet),
    Route("knowledge:take-back", SHARERS, ours=our_share),
    Route("knowledge:groups", COORDINATORS),
    Route("knowledge:group", COORDINATORS, ours=a_group),
    Route("knowledge:invite", COORDINATORS, {"post": 302}, a_group),
    Route("knowledge:leave-group", COORDINATORS, ours=a_group),
    Route("knowledge:new-workgroup", COORDINATORS, {"post": 302}, a_group, {"name": "A"}),
    Route("knowledge:divergence", COORDINATORS, ours=a_group),
    Route("knowledge:divergence-of", COORDINATORS, ours=our_share),
    Route("knowledge:answer-invitation", COORDINATORS, {"post": 302}, an_invitation),
    Route("knowledge:workgroup", SHARERS, ours=a_workgroup),
    Route("knowledge:seat", COORDINATORS, {"post": 302}, a_workgroup),
    Route("knowledge:unseat", SHARERS, {"post": 302}, a_seat),
    Route("knowledge:write-together", SHARERS, {"get": 404}, a_shared_text_of_others),
    # Who sits in the workgroup, and who answers for the sheet: tests/knowledge/test_sharing.py.
    Route("knowledge:discuss", SHARERS, {"get": 404, "post": 404}, a_shared_text_of_others),
    Route("knowledge:note-comments", SHARERS, {"post": 404}, a_shared_text_of_others),
    Route("knowledge:neighbours", READERS),
    Route("knowledge:neighbour-sheet", READERS, ours=a_neighbours_sheet),
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
    Route("knowledge:finding-asked", WRITERS, {"post": 404}),
    Route("knowledge:drop-synonym", WRITERS, {"post": 302}, a_synonym),
    Route("knowledge:drop-pin", WRITERS, {"post": 302}, a_pin),
    Route("knowledge:import-questions", WRITERS, {"post": 302}),
    Route("knowledge:question-set", WRITERS, ours=a_set),
    Route("knowledge:measure", WRITERS, {"post": 302}, a_set),
    Route("knowledge:gaps", WRITERS),
    Route("knowledge:decide-gap", WRITERS, {"post": 404}),
    Route("knowledge:settle-vote", WRITERS, {"post": 302}, a_vote),
    Route("knowledge:exchange", WRITERS),
    Route("knowledge:exchange-export", WRITERS, query="?perimetre=whole&format=xml"),
    Route("knowledge:exchange-import", only("KBE"), {"post": 302}),
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
    Route("knowledge:description", "public", ours=our_sheet),
    Route("knowledge:description-of", "public", ours=our_named_sheet),
    Route("knowledge:feed", "public", ours=our_town),
    Route("knowledge:feed-of", "public", ours=our_named_town),
    Route("knowledge:feed-family", "public", ours=our_family),
    Route("knowledge:feed-family-of", "public", ours=our_named_family),
    Route("knowledge:feed-service", "public", ours=our_service),
    Route("knowledge:feed-service-of", "public", ours=our_named_service),
    Route("knowledge:themes", "public", ours=our_town),
    Route("knowledge:theme", "public", ours=a_theme),
    Route("knowledge:glossary", "public", ours=our_town),
    Route("knowledge:resource", "public", ours=a_form),
    Route("knowledge:themes-of", "public", ours=our_named_town),
    Route("knowledge:theme-of", "public", ours=a_named_theme),
    Route("knowledge:glossary-of", "public", ours=our_named_town),
    Route("knowledge:resource-of", "public", ours=a_named_form),
    Route("knowledge:imports", IMPORTERS),
    Route("knowledge:import-schedule", IMPORTERS, {"post": 302}),
    Route("knowledge:import", IMPORTERS, ours=an_import, foreign=200),
    Route("knowledge:import-stop", IMPORTERS, ours=an_import, methods={"post": 302}, foreign=302),
    Route("knowledge:import-resume", IMPORTERS, ours=an_import, methods={"post": 302}, foreign=302),
    Route("knowledge:places", PLACERS),
    Route("knowledge:place-new", PLACERS),
    Route("knowledge:place", PLACERS, ours=our_place),
    Route("knowledge:place-remove", PLACERS, ours=our_place, methods={"post": 302}),
    Route("knowledge:agent-search", READERS, query="?q=acte"),
    Route("knowledge:agent-sheet", READERS, ours=our_sheet),
    Route("knowledge:file", "public", ours=our_file),
    Route("knowledge:file-of", "public", ours=our_named_file),
    Route("knowledge:new", EDITORS, {"get": 200, "post": 200}),
    Route("knowledge:todo", EDITORS | {"FED"}),
    Route("knowledge:reviews", EDITORS),
    Route("knowledge:reading", EDITORS, {"post": 200}),
    Route("knowledge:undo-review", EDITORS, {"post": 302}, ours=our_review),
    Route("knowledge:draft", EDITORS, {"post": 302}, ours=our_draft),
    Route("knowledge:preview", EDITORS, ours=our_draft),
    Route("knowledge:read-draft", EDITORS, ours=our_draft),
    Route("knowledge:try-draft", EDITORS, ours=our_draft),
    Route("knowledge:decide", EDITORS, {"post": 302}, ours=our_proposal),
    Route("knowledge:take-up", EDITORS, {"post": 302}, ours=our_given_up_draft),
    Route("knowledge:take-copy", EDITORS, {"post": 302}, ours=our_copy),
    Route("knowledge:two-texts", EDITORS, {"get": 404}, ours=our_text_aside),
    Route("knowledge:catch-up", EDITORS, {"get": 200, "post": 302}, ours=our_draft_behind),
    Route("knowledge:begin", EDITORS, {"post": 302}, ours=our_sheet),
    Route("knowledge:versions", READERS, ours=our_sheet),
    Route("knowledge:version", READERS, ours=our_version),
    Route("knowledge:restore", EDITORS, {"post": 302}, ours=our_version),
    Route("knowledge:unchanged", EDITORS, {"post": 302}, ours=our_sheet),
    Route(
        "knowledge:archive",
        EDITORS,
        {"get": 200, "post": 302},
        ours=our_sheet,
        data={"note": ""},
    ),
    Route("knowledge:bring-back", EDITORS, {"post": 302}, ours=our_sheet),
    Route("knowledge:texts", EDITORS, ours=our_sheet),
    Route("knowledge:text", EDITORS, ours=our_text),
    Route("knowledge:text-history", EDITORS, ours=our_written_text),
    Route("knowledge:text-drop", EDITORS, {"post": 302}, ours=our_written_text),
    Route("knowledge:text-restore", EDITORS, {"post": 302}, ours=our_first_text),
    Route("knowledge:text-decide", EDITORS, {"post": 302}, ours=our_written_text),
    Route("knowledge:attach", EDITORS, {"post": 302}, ours=our_sheet),
    Route("knowledge:agent-file", READERS, ours=our_file),
    Route("knowledge:detach", EDITORS, {"post": 302}, ours=our_file),
]
