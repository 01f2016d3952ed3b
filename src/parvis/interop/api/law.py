"""The legal register, the protocols and the words of the search, for other programs to read."""

from typing import Any

from django.http import Http404
from django.utils import timezone

from parvis.interop.api.auth import ApiRequest, need, not_there, number
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import Nothing
from parvis.interop.api.schemas_writing import (
    ArticlesOut,
    FindingOut,
    ProtocolOut,
    ProtocolsOut,
    RegisterOut,
    WholeArticleOut,
    WholeProtocolOut,
)
from parvis.knowledge import actions
from parvis.knowledge import queries as knowledge
from parvis.knowledge.models import Pin, Sheet, Synonym
from parvis.law import queries
from parvis.law.models import Article, Interpretation

router = ApiRouter(tags=["law and protocols"])
MOST = 500


@router.get("law/texts", response=RegisterOut, summary="The legal register")
def register(request: ApiRequest, q: str = "") -> Any:
    agent = need(request, "law.read")
    return {
        "texts": [
            {
                "id": text.pk,
                "short_name": text.short_name,
                "title": text.title,
                "kind": text.kind,
                "url": text.url,
                "in_force": text.is_active,
                "articles": text.article_count,  # type: ignore[attr-defined]
            }
            for text in queries.register(agent, q[:200])[:MOST]
        ]
    }


@router.get("law/articles", response=ArticlesOut, summary="Articles in force, by words")
def articles(request: ApiRequest, q: str = "") -> Any:
    agent = need(request, "law.read")
    rows = queries.find_articles(agent, q[:200], limit=MOST)
    return {"articles": [_article(row) for row in rows]}


@router.get("law/articles/{article}", response=WholeArticleOut, summary="An article, as read here")
def article(request: ApiRequest, article: str) -> Any:
    agent = need(request, "law.read")
    found = queries.article_page(agent, number(article)).first()
    if found is None:
        raise not_there(Article, article)
    citing = Sheet.objects.visible_to(agent).filter(citations__article=found).order_by("ref")
    return {
        **_article(found),
        "readings": [_reading(one) for one in found.interpretations.all()],
        "sheets": list(citing.values_list("ref", flat=True)),
    }


def _article(row: Article) -> dict[str, Any]:
    current = row.current
    return {
        "id": row.pk,
        "text": row.text.short_name,
        "number": row.number,
        "subject": row.subject,
        "wording": current.wording if current else "",
        "version": current.number if current else None,
        "in_force_on": current.in_force_on if current else None,
        "checked_on": row.checked_on,
        "repealed_on": row.repealed_on,
    }


def _reading(one: Interpretation) -> dict[str, Any]:
    return {
        "words": one.words,
        "status": one.status,
        "author": one.author.display_name,
        "at": one.at,
        "decided_by": one.decided_by.display_name if one.decided_by else None,
        "decided_at": one.decided_at,
        "reason": one.reason,
    }


@router.get("protocols", response=ProtocolsOut, summary="Reception protocols in force")
def protocols(request: ApiRequest) -> Any:
    rows = knowledge.live_protocols(need(request, "protocols.read"))
    return {"protocols": [_protocol(row) for row in rows[:MOST]]}


@router.get("protocols/{ref}", response=WholeProtocolOut, summary="A protocol with its steps")
def protocol(request: ApiRequest, ref: str) -> Any:
    found = _live(request, ref)
    steps = [vars(step) for step in knowledge.steps_of(found.current)]
    return {**_protocol(found), "steps": steps}


@router.post("protocols/{ref}/read", response=ProtocolOut, summary="Confirm that it was read")
def read(request: ApiRequest, ref: str, body: Nothing) -> Any:
    found = _live(request, ref)
    assert found.current is not None  # noqa: S101 - only live ones are fetched
    actions.confirm_reading(found.current, agent=request.auth, now=timezone.now())
    return {**_protocol(found), "read": True}


def _live(request: ApiRequest, ref: str) -> Sheet:
    rows = knowledge.live_protocols(need(request, "protocols.read"))
    found = rows.filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def _protocol(row: Sheet) -> dict[str, Any]:
    assert row.current is not None  # noqa: S101 - only live ones are listed
    return {
        "ref": row.ref,
        "title": row.title,
        "version": row.current.number,
        "read": row.is_read,  # type: ignore[attr-defined]
    }


@router.get("finding", response=FindingOut, summary="Synonyms and sheets put first")
def finding(request: ApiRequest) -> Any:
    agent = need(request, "knowledge.write")
    pins = Pin.objects.visible_to(agent).select_related("sheet")
    return {
        "synonyms": [
            {"said": one.said, "written": one.written}
            for one in Synonym.objects.visible_to(agent).order_by("said")
        ],
        "pins": [{"words": one.words, "ref": one.sheet.ref} for one in pins.order_by("words")],
    }
