"""Sheets over HTTP: search, and read what the caller may."""

from typing import Annotated, Any

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from parvis.accounts.models import Agent
from parvis.interop.api.auth import ApiRequest, need
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import (
    SearchOut,
    SheetOut,
)
from parvis.interop.api.values import Misfit
from parvis.knowledge import queries, rules, search
from parvis.knowledge.dila.draft import LICENCE, OWNER
from parvis.knowledge.models import Sheet
from parvis.organisations.http import published_address

router = ApiRouter(tags=["knowledge"])
MOST_RESULTS = 50
Limit = Annotated[int, Field(ge=1, le=MOST_RESULTS)]


@router.get("sheets/search", response=SearchOut, summary="Find sheets")
def find(request: ApiRequest, q: str, limit: Limit = 10) -> Any:
    agent = need(request, "knowledge.read")
    # Asked once: every sheet lies under it.
    door = published_address(agent.authority, "knowledge:search")
    found = search.find(q[:2000], authority_id=agent.authority_id, limit=limit, public_only=False)
    return {
        "answered": found.answered,
        "results": [
            {
                "id": hit.sheet_id,
                "ref": hit.ref,
                "title": hit.title,
                "score": hit.score,
                "passage": hit.passage,
                "url": f"{door}{hit.ref}/",
                "reviewed_on": hit.reviewed_on,
                "stale": hit.stale,
            }
            for hit in found.results
        ],
    }


@router.get("sheets/{ref}", response=SheetOut, summary="One sheet")
def sheet(request: ApiRequest, ref: str) -> Any:
    """Answers to its questions (``?q1=2``) leave only what concerns that case."""
    agent = need(request, "knowledge.read")
    found = queries.sheet_for(agent, ref)
    if found is None or found.current is None:
        return _successor(agent, ref)
    today = timezone.localdate()
    decision = rules.decide(found.current.path, request.GET.dict())
    said = queries.said(found, agent.authority_id, today=today)
    return {
        "id": found.id,
        "ref": found.ref,
        "title": found.current.title,
        "kind": found.kind,
        "breadcrumb": found.breadcrumb,
        "short_answer": said.short.text,
        "blocks": _left(said.blocks, decision),
        "service": found.service.name if found.service else None,
        "reviewed_on": found.reviewed_on,
        "stale": found.is_stale(today),
        "shared_by": queries.owner_name(found, agent.authority_id),
        "source_url": found.source_url,
        "source_note": found.source_note,
        "attribution": _attribution(found),
        "questions": [
            {
                "key": f"q{number}",
                "title": question["title"],
                "choices": [choice["title"] for choice in question["choices"]],
            }
            for number, question in enumerate(found.current.path.get("questions", []), start=1)
        ],
        "url": published_address(agent.authority, "knowledge:sheet", found.ref),
    }


def _left(blocks: list[rules.Block], decision: rules.Decision) -> list[rules.Block]:
    """The blocks that the answers leave, without the marks of conditions."""
    shown: list[rules.Block] = []
    for one in blocks:
        left = one.copy()
        left["html"] = rules.shown(one["html"], decision)
        shown.append(left)
    return [
        one for one, given in zip(shown, blocks, strict=True) if one["html"] or not given["html"]
    ]


def _attribution(sheet: Sheet) -> dict[str, Any] | None:
    if sheet.authority_id is not None:
        return None
    return {
        "source": OWNER,
        "licence": LICENCE,
        "file": sheet.source_file,
        "file_date": sheet.source_date,
        "page_url": sheet.source_url,
        "download_url": sheet.download_url,
    }


def _successor(agent: Agent, ref: str) -> HttpResponse:
    """A number that was quoted leads to what replaces it."""
    moved = queries.successor(ref, authority_id=agent.authority_id)
    if moved is None or queries.sheet_for(agent, moved.ref) is None:
        raise Http404
    return HttpResponsePermanentRedirect(f"/api/v1/sheets/{moved.ref}")


def sheets_named(agent: Agent, given: list[str]) -> list[Sheet]:
    """The sheets that answered, each named by its number or its id."""
    found = queries.sheets_by_ref(agent, given)
    if len(found) < len(set(given)):
        raise Misfit("sheets", _("One of the sheets named is not among those you may read."))
    return found
