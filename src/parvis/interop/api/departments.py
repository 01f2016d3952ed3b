"""Questions to departments over HTTP: asked, looked up, answered; what is known already."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Status

from parvis.accounts.models import Agent
from parvis.departments import actions, queries
from parvis.departments.models import Question
from parvis.interop.api.auth import ApiRequest, fetch, need
from parvis.interop.api.knowledge import sheets_named
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import Nothing
from parvis.interop.api.schemas_departments import (
    KnownListOut,
    NewAnswer,
    NewQuestion,
    QuestionListOut,
    QuestionOut,
    QuestionWithTrailOut,
    StateName,
)
from parvis.interop.api.values import Misfit
from parvis.organisations.models import Service, Topic

router = ApiRouter(tags=["departments"])
MOST = 200
READ = ("departments.ask", "departments.answer", "departments.manage")


def _reader(request: ApiRequest) -> Agent:
    if not any(map(request.auth.may, READ)):
        raise PermissionDenied
    return request.auth


@router.get("questions", response=QuestionListOut, summary="Questions to departments")
def listing(request: ApiRequest, state: StateName = "waiting") -> Any:
    """Those that the token may read: visitors first, then by the time promised."""
    agent, now = _reader(request), timezone.now()
    if state == "waiting":
        found = queries.line_of(agent)
    else:
        found = queries.read_lately(agent, now)
        if state == "answered":
            found = found.exclude(answer="")
    rows = list(found.prefetch_related("sheets")[:MOST])
    if state == "all":
        rows = [*queries.line_of(agent).prefetch_related("sheets")[:MOST], *rows][:MOST]
    return {"questions": [question_out(one, now) for one in rows]}


@router.get("questions/known", response=KnownListOut, summary="Answers given before")
def known(request: ApiRequest, q: str) -> Any:
    """Earlier questions of the house that ask the same, with their answers."""
    agent = need(request, "departments.ask")
    found = queries.known_answers(agent, q[:500], now=timezone.now())
    return {
        "results": [
            {
                "id": one.id,
                "text": one.question.text,
                "answer": one.question.answer,
                "level": one.question.level,
                "service": one.question.service_id,
                "asked_at": one.question.asked_at,
            }
            for one in found
        ]
    }


@router.post("questions", response={201: QuestionOut}, summary="Ask a department")
def ask(request: ApiRequest, body: NewQuestion) -> Status[Any]:
    """Without a service, the one of the sheet or of the topic is asked."""
    agent, now = need(request, "departments.ask"), timezone.now()
    topic = fetch(Topic.objects.visible_to(agent), body.topic) if body.topic else None
    sheet = sheets_named(agent, [body.sheet])[0] if body.sheet else None
    service = fetch(Service.objects.visible_to(agent), body.service) if body.service else None
    service = service or (sheet.service if sheet else None) or (topic.service if topic else None)
    if service is None:
        raise Misfit("service", _("Choose the service that knows."))
    made = actions.ask(
        service,
        body.text,
        agent=agent,
        now=now,
        topic=topic,
        sheet=sheet,
        visitor_present=body.visitor_present,
        visit=actions.Visit(body.visit),
    )
    return Status(201, question_out(made, now))


@router.get("questions/{question}", response=QuestionWithTrailOut, summary="One question")
def one(request: ApiRequest, question: str) -> Any:
    found = _question(_reader(request), question)
    trail = [
        {"verb": row.verb, "at": row.at, "step": row.step or None, "words": row.words}
        for row in queries.trail_of(found)
    ]
    return {**question_out(found, timezone.now()), "trail": trail}


@router.post("questions/{question}/answer", response=QuestionOut, summary="Answer the desk")
def answer(request: ApiRequest, question: str, body: NewAnswer) -> Any:
    agent, now = need(request, "departments.answer"), timezone.now()
    made = actions.answer(
        _question(agent, question),
        body.text,
        level=body.level,
        sheets=sheets_named(agent, body.sheets) if body.sheets else [],
        agent=agent,
        now=now,
    )
    return question_out(made, now)


@router.post("questions/{question}/withdraw", response=QuestionOut, summary="Take it back")
def withdraw(request: ApiRequest, question: str, body: Nothing) -> Any:
    agent, now = need(request, "departments.ask"), timezone.now()
    made = actions.withdraw(_question(agent, question), agent=agent, now=now)
    return question_out(made, now)


def _question(agent: Agent, given: str) -> Question:
    found: Question = fetch(Question.objects.visible_to(agent), given)
    return found


def question_out(question: Question, now: datetime) -> dict[str, Any]:
    """A question as the contract writes it: no colleague is named."""
    return {
        "id": question.pk,
        "state": question.state,
        "text": question.text,
        "service": question.service_id,
        "topic": question.topic_id,
        "sheet": question.sheet.ref if question.sheet else None,
        "visitor_present": question.visitor_present,
        "visitor_left_at": question.visitor_left_at,
        "asked_at": question.asked_at,
        "due_at": question.due_at,
        "overdue": question.is_overdue(now),
        "step": question.step,
        "held": question.holder_id is not None,
        "answer": question.answer or None,
        "level": question.level or None,
        "answered_at": question.answered_at,
        "sheets": [sheet.ref for sheet in question.sheets.all()],
        "reuse_of": question.reuse_of_id,
    }
