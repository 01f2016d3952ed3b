"""The copilot over HTTP: what lies ready for a topic and words, and whether it helped."""

import secrets
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from parvis.accounts.models import Agent
from parvis.assistant.actions import suggesting
from parvis.assistant.models import Suggestion
from parvis.assistant.queries import sheets
from parvis.assistant.queries.colleagues import Colleague, colleague_for
from parvis.assistant.queries.suggesting import Proposal, Suggested, suggest
from parvis.common.http import full_address
from parvis.interop.api.auth import ApiRequest, fetch, need
from parvis.interop.api.knowledge import sheets_named
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_suggestions import (
    OpinionIn,
    OpinionOut,
    SuggestionIn,
    SuggestionOut,
)
from parvis.knowledge.remembering import masked_words
from parvis.organisations.models import Topic

router = ApiRouter(tags=["assistant"])


@router.post("assistant/suggestions", response=SuggestionOut, summary="What lies ready at the desk")
def suggestions(request: ApiRequest, body: SuggestionIn) -> Any:
    """Up to three sheets, the documents of the first and the right colleague, for an agent."""
    agent, now = need(request, "knowledge.read"), timezone.now()
    ours = Topic.objects.visible_to(agent).select_related("service")
    topic = fetch(ours, body.topic) if body.topic else None
    found = suggest(agent, topic=topic, words=body.words, now=now)
    noted = suggesting.note(
        found,
        agent=agent,
        now=now,
        place=Suggestion.Place.API,
        occasion=secrets.token_hex(16),
        words=masked_words(body.words),
    )
    return {
        "id": str(noted.pk) if noted else None,
        "sure": found.is_sure,
        "sheets": [_sheet(one) for one in found.proposals],
        "documents": _documents(agent, found, now),
        "colleague": _colleague(colleague_for(agent, found.service, now=now)),
    }


@router.post(
    "assistant/suggestions/{suggestion}/opinion",
    response=OpinionOut,
    summary="Say whether a suggestion helped",
)
def opinion(request: ApiRequest, suggestion: str, body: OpinionIn) -> Any:
    """`sheet` is the one that was taken."""
    agent = need(request, "knowledge.read")
    found = fetch(Suggestion.objects.visible_to(agent).filter(agent=agent), suggestion)
    sheet = sheets_named(agent, [body.sheet])[0] if body.sheet else None
    judged = suggesting.judge_suggestion(found, helpful=body.helpful, sheet=sheet)
    return {"id": str(judged.pk), "helpful": body.helpful, "position": judged.position}


def _sheet(one: Proposal) -> dict[str, Any]:
    return {
        "id": str(one.sheet.pk),
        "ref": one.sheet.ref,
        "title": one.sheet.title,
        "because": one.because,
        "whys": one.kept["whys"],
        "public": one.sheet.is_public,
        "stale": one.is_stale,
        "reviewed_on": one.sheet.reviewed_on,
        "passage": one.hit.passage if one.hit else "",
        "url": full_address(reverse("knowledge:agent-sheet", args=[one.sheet.ref])),
    }


def _documents(agent: Agent, found: Suggested, now: datetime) -> list[str]:
    """What the public brings, by the first sheet; nothing of a sheet for colleagues."""
    if found.first is None:
        return []
    read = sheets.read(agent.authority, found.first.ref, today=timezone.localdate(now))
    return read.documents if read else []


def _colleague(one: Colleague | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "service": one.service.label,
        "name": one.name,
        "role": str(one.role),
        "function": one.function,
        "phone": one.phone,
        "here": one.is_here,
        "absent_until": one.back_on,
        "back_at": one.back_at,
    }
