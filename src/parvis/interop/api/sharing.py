"""What lies over sheets of others, and what was decided on them, over HTTP: reading only."""

from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils import timezone
from ninja import Schema

from parvis.interop.api.auth import ApiRequest, need
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.values import Id
from parvis.knowledge import queries
from parvis.knowledge.models import Adoption, Overlay

router = ApiRouter(tags=["knowledge"])
MOST = 500


class OverlayOut(Schema):
    """Local words of the caller's own authority over a part of a sheet."""

    id: Id
    ref: str
    position: int  # of the part in the version that its author saw, counted from one; 0: the top
    version: int
    act: str
    kind: str
    title: str
    level: str
    until: date | None
    html: str
    note: str
    to_check: bool
    by: str
    at: datetime


class AdoptionOut(Schema):
    """What the caller's own authority decided on a sheet that is offered to it."""

    ref: str
    title: str
    owner: str
    state: str  # undecided, adopted, ignored, ended
    version: int | None  # that somebody looked at
    current_version: int | None
    behind: bool
    adapted: bool
    reason: str
    at: datetime


@router.get("sheets/{ref}/overlays", response=list[OverlayOut], summary="Local words on a sheet")
def overlays(request: ApiRequest, ref: str) -> Any:
    """Those of the caller's authority; nobody else's."""
    agent = need(request, "knowledge.read")
    sheet = queries.sheet_for(agent, ref)
    if sheet is None:
        raise Http404
    return [_overlay(one) for one in queries.overlays_of(agent, sheet)]


def _overlay(one: Overlay) -> dict[str, Any]:
    return {
        "id": one.pk,
        "ref": one.sheet.ref,
        "position": one.position,
        "version": one.version.number,
        "act": one.act,
        "kind": one.kind,
        "title": one.title,
        "level": one.level,
        "until": one.until,
        "html": one.html,
        "note": one.note,
        "to_check": one.is_to_check,
        "by": one.agent.display_name,
        "at": one.at,
    }


@router.get("adoptions", response=list[AdoptionOut], summary="Sheets shared with the authority")
def adoptions(request: ApiRequest, state: str = "") -> Any:
    """All, or those in one state: undecided, adopted, ignored, ended."""
    agent = need(request, "knowledge.read")
    found: list[dict[str, Any]] = []
    if state in {"", "undecided"}:
        found += [
            {
                "ref": share.sheet.ref,
                "title": share.sheet.title,
                "owner": str(share.sheet.authority),
                "state": "undecided",
                "version": None,
                "current_version": share.sheet.current.number if share.sheet.current else None,
                "behind": False,
                "adapted": False,
                "reason": "",
                "at": share.at,
            }
            for share in queries.to_decide(agent)[:MOST]
        ]
    for kept in (Adoption.State.ADOPTED, Adoption.State.IGNORED):
        if state in {"", kept}:
            found += [_adoption(one) for one in queries.decisions(agent, kept)[:MOST]]
    if state in {"", Adoption.State.ENDED}:
        found += [_adoption(one) for one in queries.ended(agent)[:MOST]]
    return found


def _adoption(one: Adoption) -> dict[str, Any]:
    is_ended = one.state == Adoption.State.ENDED
    current = one.sheet.current if not is_ended else None
    return {
        "ref": one.sheet.ref,
        "title": one.version.title,
        "owner": str(one.sheet.authority),
        "state": one.state,
        "version": one.version.number,
        "current_version": current.number if current else None,
        "behind": one.is_behind,
        "adapted": bool(getattr(one, "is_adapted", False)),
        "reason": one.end_note if is_ended else one.reason,
        "at": one.at
        if not one.ended_on
        else timezone.make_aware(datetime.combine(one.ended_on, datetime.min.time())),
    }
