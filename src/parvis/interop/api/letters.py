"""Letters of a case and the register of incoming post over HTTP."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Status

from parvis.interop.api.auth import ApiRequest, fetch, need
from parvis.interop.api.cases import find_case, read_case
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas_letters import (
    LetterListOut,
    NewPost,
    PostListOut,
    PostOut,
)
from parvis.interop.api.values import Day
from parvis.letters import actions, pressing, queries
from parvis.letters.models import IncomingPost, Letter
from parvis.organisations.models import Topic

router = ApiRouter(tags=["letters"])
MOST = 200


@router.get("cases/{reference}/letters", response=LetterListOut, summary="Letters of a case")
def letters(request: ApiRequest, reference: str) -> Any:
    """Drafts and letters that left, latest first."""
    found = read_case(request, need(request, "cases.read"), reference)
    return {"letters": [_letter_out(one) for one in queries.of_case(found)]}


@router.get("letters/{letter}/pdf", response={200: None}, summary="The PDF of a letter")
def letter_pdf(request: ApiRequest, letter: str) -> HttpResponse:
    """PDF/UA-1; the same bytes whenever it is asked for, once the letter has left."""
    agent = need(request, "cases.read")
    found = fetch(queries.whole(agent), letter)
    read_case(request, agent, found.case.reference)
    return HttpResponse(pressing.press(found), content_type="application/pdf")


@router.get("post/incoming", response=PostListOut, summary="Incoming post")
def incoming(
    request: ApiRequest, since: Day | None = None, until: Day | None = None, q: str = ""
) -> Any:
    """The register, latest first: by day of reception and by words."""
    agent = need(request, "post.register")
    wanted = queries.Wanted(text=q[:80], first=since, last=until)
    rows = queries.incoming(agent, wanted).order_by("-year", "-number")[:MOST]
    return {"post": [_post_out(row) for row in rows]}


@router.post("post/incoming", response={201: PostOut}, summary="Register an incoming letter")
def register(request: ApiRequest, body: NewPost) -> Status[Any]:
    """With a case, or opening one; its legal clock counts from the day of reception."""
    agent = need(request, "post.register")
    topic = fetch(Topic.objects.visible_to(agent).select_related("authority"), body.topic)
    came = actions.Came(
        sender=body.sender,
        subject=body.subject,
        topic=topic,
        received_on=body.received_on,
        posted_on=body.posted_on,
        address=body.address,
        registered_number=body.registered_number,
    )
    case = find_case(request, body.case) if body.case else None
    row = actions.register_letter(
        came, agent=agent, now=timezone.now(), case=case, opens=body.open_case
    )
    return Status(201, _post_out(row))


def _letter_out(letter: Letter) -> dict[str, Any]:
    post = getattr(letter, "post", None)
    return {
        "id": letter.pk,
        "kind": letter.kind,
        "state": letter.state,
        "subject": letter.subject,
        "number": post.label if post else None,
        "way": post.way if post else None,
        "posted_on": post.posted_on if post else None,
        "registered_number": (post.registered_number or None) if post else None,
        "digest": letter.digest or None,
    }


def _post_out(row: IncomingPost) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.label,
        "sender": row.sender,
        "subject": row.subject,
        "topic": row.topic_id,
        "service": row.service_id,
        "case": row.case.reference if row.case else None,
        "posted_on": row.posted_on,
        "received_on": row.received_on,
        "registered_at": row.registered_at,
        "has_scan": bool(row.scan),
    }
