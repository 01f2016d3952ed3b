"""The life of sheets over HTTP: versions, files, checks, drafts; with the rights of the screens."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Status

from parvis.accounts.models import Agent
from parvis.common import files
from parvis.common.errors import Refused
from parvis.common.http import saved
from parvis.interop.api.auth import ApiRequest, fetch, need, number
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import Nothing
from parvis.interop.api.schemas_writing import (
    DraftOut,
    DraftsOut,
    DraftWords,
    FilesOut,
    NewDraft,
    ReturnedWords,
    ReviewOut,
    Revision,
    VersionsOut,
    WholeVersionOut,
)
from parvis.interop.api.values import Misfit
from parvis.knowledge import actions, queries
from parvis.knowledge.models import Attachment, Sheet, SheetDraft, SheetVersion
from parvis.knowledge.rules import writing
from parvis.knowledge.rules.writing import Writing
from parvis.organisations.models import Service

router = ApiRouter(tags=["writing sheets"])
MOST = 200


def _sheet(request: ApiRequest, ref: str) -> Sheet:
    found = queries.sheet_for(need(request, "knowledge.read"), ref)
    if found is None:
        raise Http404(_("There is no sheet with the reference %s for this token.") % ref[:40])
    return found


@router.get("sheets/{ref}/versions", response=VersionsOut, summary="The versions of a sheet")
def versions(request: ApiRequest, ref: str) -> Any:
    sheet = _sheet(request, ref)
    rows = sheet.versions.order_by("-number").defer("raw", "text", "blocks")
    return {"versions": [_version(sheet, row) for row in rows[:MOST]]}


@router.get(
    "sheets/{ref}/versions/{number}", response=WholeVersionOut, summary="One version, whole"
)
def version(request: ApiRequest, ref: str, number: int) -> Any:
    sheet = _sheet(request, ref)
    row = sheet.versions.filter(number=number).first()
    if row is None:
        raise Http404
    if sheet.authority_id not in {None, request.auth.authority_id}:
        queries.keep_shared(row, today=timezone.localdate())  # not the notes of the other house
    return {**_version(sheet, row), "short_answer": row.short_answer, "blocks": row.blocks}


def _version(sheet: Sheet, row: SheetVersion) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "published_at": row.published_at,
        "author": row.author,
        "reviewer": row.reviewer,
        "reason": row.reason,
        "urgent": row.is_urgent,
        "current": row.pk == sheet.current_id,
    }


def _files(request: ApiRequest, sheet: Sheet) -> QuerySet[Attachment]:
    return queries.attachments_for(request.auth.authority_id, sheet, timezone.localdate())


@router.get("sheets/{ref}/attachments", response=FilesOut, summary="The files beside a sheet")
def attachments(request: ApiRequest, ref: str) -> Any:
    rows = _files(request, _sheet(request, ref))
    return {
        "files": [
            {
                "id": row.pk,
                "title": row.title,
                "name": row.name,
                "kind": row.kind,
                "size": row.size,
                "level": row.level,
                "until": row.until,
                "sha256": row.digest,
            }
            for row in rows
        ]
    }


@router.get("sheets/{ref}/attachments/{file}", summary="A file: its bytes, only ever to save")
def attachment(request: ApiRequest, ref: str, file: str) -> HttpResponse:
    row = fetch(_files(request, _sheet(request, ref)), file)
    return saved(files.path_of(row.digest), name=row.name, kind=row.kind)


@router.post("sheets/{ref}/unchanged", response=ReviewOut, summary="Read again: still right")
def unchanged(request: ApiRequest, ref: str, body: Nothing) -> Any:
    agent = _editor(request)
    sheet = queries.own_sheet(agent, ref)
    if sheet is None or sheet.current is None:
        raise Http404
    actions.confirm_unchanged(sheet, agent=agent, now=timezone.now())
    sheet.refresh_from_db()
    return {
        "ref": sheet.ref,
        "reviewed_on": sheet.reviewed_on,
        "review_due_on": sheet.review_due_on,
    }


def _editor(request: ApiRequest) -> Agent:
    """Whoever may open the editor at all; what they may do there, the actions decide."""
    if not any(map(request.auth.may, (*queries.EDITORS, *queries.PROTOCOL_EDITORS))):
        raise PermissionDenied
    return request.auth


def _draft(request: ApiRequest, given: str) -> tuple[Agent, SheetDraft]:
    agent = _editor(request)
    found = queries.draft_for(agent, number(given))
    if found is None:
        raise Http404(_("There is no text with the id %s for this token.") % given[:40])
    return agent, found


@router.get("drafts", response=DraftsOut, summary="Own texts, and those that wait to be read")
def drafts(request: ApiRequest) -> Any:
    agent = _editor(request)
    own = queries.drafts_of(agent, writing.OPEN).select_related("based_on", "reviewer__entry")
    proposed = queries.proposed_to(agent).select_related("based_on")
    return {
        "own": [_out(one) for one in own[:MOST]],
        "proposed": [_out(one) for one in proposed[:MOST]],
    }


@router.post("drafts", response={201: DraftOut}, summary="Begin to write")
def begin(request: ApiRequest, body: NewDraft) -> Any:
    agent, now = _editor(request), timezone.now()
    if body.ref:
        sheet = queries.own_sheet(agent, body.ref)
        if sheet is None:
            raise Http404
        made = actions.open_draft(sheet, agent=agent, now=now, is_urgent=body.urgent)
        return Status(201, _out(made))
    if not body.title.strip():
        raise Misfit("title", _("Name the sheet to change, or give the title of a new one."))
    services = Service.objects.filter(authority_id=agent.authority_id, is_active=True)
    service = fetch(services, body.service) if body.service else None
    made = actions.start_sheet(agent, now=now, title=body.title, service=service)
    return Status(201, _out(made))


@router.get("drafts/{draft}", response=DraftOut, summary="A text that is being written")
def one(request: ApiRequest, draft: str) -> Any:
    _agent, found = _draft(request, draft)
    return _out(found)


@router.post("drafts/{draft}/save", response=DraftOut, summary="Save a text, whole")
def save(request: ApiRequest, draft: str, body: DraftWords) -> Any:
    """With an older revision the text is put aside for the screen, and 409 says so."""
    agent, found = _draft(request, draft)
    words = Writing(
        title=body.title,
        short_answer=body.short_answer,
        blocks=_blocks(body),
        about=found.about,
    )
    saved = actions.save_draft(
        found,
        words,
        agent=agent,
        now=timezone.now(),
        revision=body.revision,
        reason=body.reason or None,
    )
    if saved.aside is not None:
        words_of = _("Somebody else saved this text meanwhile: yours is put aside, nothing lost.")
        raise Refused(words_of, code="changed")
    return _out(saved.draft)


def _blocks(body: DraftWords) -> list[writing.DraftBlock]:
    found: list[writing.DraftBlock] = []
    held = {block.id for block in body.blocks if block.id}
    fresh = max((int(name[1:]) for name in held), default=0)
    for block in body.blocks:
        if not block.id:
            fresh += 1
        given = {**block.dict(), "until": block.until.isoformat() if block.until else ""}
        found.append(writing.read_block(given, block.id or f"b{fresh}"))
    return found


@router.post("drafts/{draft}/propose", response=DraftOut, summary="Ask for it to be read")
def propose(request: ApiRequest, draft: str, body: Nothing) -> Any:
    agent, found = _draft(request, draft)
    return _out(actions.propose(found, agent=agent, now=timezone.now()))


@router.post("drafts/{draft}/take-back", response=DraftOut, summary="Go on writing")
def take_back(request: ApiRequest, draft: str, body: Nothing) -> Any:
    agent, found = _draft(request, draft)
    return _out(actions.take_back(found, agent=agent))


@router.post("drafts/{draft}/return", response=DraftOut, summary="Give it back, with words")
def give_back(request: ApiRequest, draft: str, body: ReturnedWords) -> Any:
    agent, found = _draft(request, draft)
    return _out(actions.return_draft(found, agent=agent, words=body.words))


@router.post("drafts/{draft}/abandon", response=DraftOut, summary="Give it up")
def abandon(request: ApiRequest, draft: str, body: Nothing) -> Any:
    agent, found = _draft(request, draft)
    return _out(actions.abandon(found, agent=agent, now=timezone.now()))


@router.post("drafts/{draft}/publish", response=DraftOut, summary="Make it what everybody reads")
def publish(request: ApiRequest, draft: str, body: Revision) -> Any:
    """An urgent correction is published with a reason, and checked afterwards."""
    agent, found = _draft(request, draft)
    now = timezone.now()
    if found.is_urgent:
        actions.publish_urgent(
            found, agent=agent, now=now, revision=body.revision, reason=body.reason
        )
    else:
        actions.publish_draft(found, agent=agent, now=now, revision=body.revision)
    published = queries.draft_for(agent, found.pk)
    assert published is not None  # noqa: S101 - it was there a moment ago
    return _out(published)


def _out(draft: SheetDraft) -> dict[str, Any]:
    return {
        "id": draft.pk,
        "ref": draft.sheet.ref,
        "state": draft.state,
        "revision": draft.revision,
        "based_on": draft.based_on.number if draft.based_on else None,
        "urgent": draft.is_urgent,
        "title": draft.title,
        "short_answer": draft.short_answer,
        "blocks": draft.blocks,
        "reason": draft.reason,
        "returned_words": draft.returned_words,
        "author": draft.author.display_name,
        "reviewer": draft.reviewer.display_name if draft.reviewer else None,
        "saved_at": draft.saved_at,
    }
