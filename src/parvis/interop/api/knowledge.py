"""Sheets over HTTP: search, and read what the caller may."""

from typing import Annotated, Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from parvis.accounts.models import Agent
from parvis.common.errors import Refused
from parvis.interop.api.auth import ApiRequest, need
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import (
    SearchOut,
    SheetOut,
)
from parvis.knowledge import queries, search
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
    agent = need(request, "knowledge.read")
    found = queries.sheet_for(agent, ref)
    if found is None or found.current is None:
        raise Http404
    return {
        "id": found.id,
        "ref": found.ref,
        "title": found.current.title,
        "kind": found.kind,
        "breadcrumb": found.breadcrumb,
        "short_answer": found.current.short_answer,
        "blocks": found.current.blocks,
        "service": found.service.name if found.service else None,
        "reviewed_on": found.reviewed_on,
        "stale": found.is_stale(timezone.localdate()),
        "source_url": found.source_url,
        "source_note": found.source_note,
        "url": published_address(agent.authority, "knowledge:sheet", found.ref),
    }


def sheets_named(agent: Agent, given: list[str]) -> list[Sheet]:
    """The sheets that answered, each named by its number or its id."""
    found = queries.sheets_by_ref(agent, given)
    if len(found) < len(set(given)):
        raise Refused(_("One of the sheets named is not among those you may read."), code="sheet")
    return found
