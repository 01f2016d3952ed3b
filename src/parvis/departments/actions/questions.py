"""A question from the desk to its answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.text import one_line
from parvis.departments import queries
from parvis.departments.actions import turns
from parvis.departments.actions.rows import locked, write
from parvis.departments.models import AnswerTime, Question, QuestionStep
from parvis.departments.rules import questions as rules
from parvis.knowledge.models import Sheet
from parvis.knowledge.search.words import question_stems
from parvis.organisations.models import Authority, Desk, Service, Site, Topic

Verb = QuestionStep.Verb
LONGEST, LONGEST_ANSWER = 500, 4000


@dataclass(frozen=True)
class Visit:
    """The visit or case that a question is about, in plain words and by its number."""

    words: str = ""
    kind: str = ""
    id: int | None = None


@dataclass(frozen=True)
class Asking:
    """Who asks, when and where, and who stands before them."""

    agent: Agent
    now: datetime
    visitor_present: bool
    visit: Visit
    site: Site | None
    desk: Desk | None

    def question(self, service: Service, **about: Any) -> Question:
        """The question as it begins, not yet saved."""
        return Question(
            authority=self.agent.authority,
            service=service,
            visitor_present=self.visitor_present,
            visit=self.visit.words[:40],
            visit_kind=self.visit.kind,
            visit_id=self.visit.id,
            asked_by=self.agent,
            site=self.desk.site if self.desk else self.site,
            desk=self.desk,
            asked_at=self.now,
            due_at=self.now,
            **about,
        )


@transaction.atomic
def ask(
    service: Service,
    text: str,
    *,
    agent: Agent,
    now: datetime,
    topic: Topic | None = None,
    sheet: Sheet | None = None,
    block: str = "",
    visitor_present: bool = False,
    visit: Visit | None = None,
    site: Site | None = None,
    desk: Desk | None = None,
) -> Question:
    """Ask a department; it goes to the liaison who is there, and on if nobody answers."""
    if service.authority_id != agent.authority_id:
        raise Refused(_("This belongs to another authority."), code="foreign")
    asking = Asking(agent, now, visitor_present, visit or Visit(), site, desk)
    words = _words(text)
    row = asking.question(
        service,
        topic=topic,
        sheet=sheet,
        block=block[:40] if sheet else "",
        text=words,
        stems=_stems(words),
    )
    row.due_at = turns.due_at(row, now)
    row.save()
    write(row, Verb.ASKED, now=now, agent=agent)
    turns.begin(row, now=now)
    return row


def _words(text: str) -> str:
    words = one_line(text)
    if not words:
        raise Refused(_("Write the question."), code="empty")
    if len(words) > LONGEST:
        raise Refused(_("A question has 500 signs at most: say the rest by telephone."))
    return words


def _stems(text: str) -> str:
    words = ""
    for stem in question_stems(text):
        if len(words) + len(stem) >= LONGEST:
            break
        words = f"{words} {stem}" if words else stem
    return words


def _open(question: Question) -> Question:
    held = locked(question.pk)
    if held is None or not held.is_open:
        state = held.get_state_display() if held else ""
        raise Refused(_("Meanwhile this question was marked “%s”.") % state, code="moved")
    return held


def _answerable(question: Question, agent: Agent) -> Question:
    held = _open(question)
    if not queries.may_answer(agent, held):
        raise Refused(_("The colleagues of this service answer this question."), code="not_yours")
    return held


@transaction.atomic
def take(question: Question, *, agent: Agent, now: datetime) -> Question:
    """Say that one is looking for the answer; the desk sees it."""
    held = _answerable(question, agent)
    if held.holder_id == agent.pk and held.state == rules.SEEN:
        return held
    if held.state == rules.ASKED and held.step_due_at is not None:
        held.step_due_at = max(held.step_due_at, turns.step_due_at(held, now))
    held.state, held.holder = rules.SEEN, agent
    held.seen_at = held.seen_at or now
    held.save(update_fields=["state", "holder", "seen_at", "step_due_at"])
    write(held, Verb.TAKEN, now=now, agent=agent)
    return held


@transaction.atomic
def answer(
    question: Question,
    text: str,
    *,
    level: str,
    agent: Agent,
    now: datetime,
    sheets: Iterable[Sheet] = (),
) -> Question:
    """Answer the desk; the answer appears where the colleague who asked is now."""
    held = _answerable(question, agent)
    words = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not words:
        raise Refused(_("Write the answer."), code="empty")
    if len(words) > LONGEST_ANSWER or level not in Question.Level.values:
        raise Refused(_("The answer is too long, or nobody said who may know it."), code="invalid")
    held.state = rules.state_of_answer(
        visitor_present=held.visitor_present, visitor_left_at=held.visitor_left_at, now=now
    )
    held.answer, held.level = words, level
    held.answered_by, held.answered_at = agent, now
    held.seen_at = held.seen_at or now
    held.step_due_at = None
    held.save(
        update_fields=[
            "state", "answer", "level", "answered_by", "answered_at", "seen_at", "step_due_at",
        ]
    )  # fmt: skip
    held.sheets.set(sheets)
    write(held, Verb.ANSWERED, now=now, agent=agent)
    return held


@transaction.atomic
def pass_on(
    question: Question, to: Agent, *, agent: Agent, now: datetime, words: str = ""
) -> Question:
    """Give a question to a colleague who is there, with a word."""
    held = _answerable(question, agent)
    if to.authority_id != held.authority_id or not to.is_active or to.is_robot:
        raise Refused(_("This colleague does not answer here."), code="invalid")
    if queries.is_out(Agent.objects.select_related("presence").get(pk=to.pk), now):
        raise Refused(_("%s is out: choose somebody who is there.") % to.display_name, code="out")
    held.holder = to
    if held.step_due_at is not None:
        held.step_due_at = max(held.step_due_at, turns.step_due_at(held, now))
    held.save(update_fields=["holder", "step_due_at"])
    write(held, Verb.PASSED, now=now, agent=agent, to_id=to.pk, words=one_line(words))
    return held


@transaction.atomic
def move(
    question: Question, service: Service, *, agent: Agent, now: datetime, words: str = ""
) -> Question:
    """Give a question to the service that knows; the time promised to the desk stays."""
    held = _answerable(question, agent)
    if service.authority_id != held.authority_id or service.pk == held.service_id:
        raise Refused(_("Choose another service."), code="invalid")
    held.service, held.state, held.seen_at, held.holder = service, rules.ASKED, None, None
    held.save(update_fields=["service", "state", "seen_at", "holder"])
    write(held, Verb.MOVED, now=now, agent=agent, words=one_line(words))
    turns.begin(held, now=now)
    return held


@transaction.atomic
def withdraw(question: Question, *, agent: Agent, now: datetime) -> Question:
    """The desk no longer needs the answer."""
    held = _open(question)
    if held.asked_by_id != agent.pk and not agent.may("departments.manage"):
        raise Refused(_("Only who asked takes a question back."), code="not_yours")
    return _end(held, rules.WITHDRAWN, Verb.WITHDRAWN, agent=agent, now=now)


@transaction.atomic
def close(question: Question, *, agent: Agent, now: datetime, words: str) -> Question:
    """Close a question that needs no answer any more, with the reason."""
    held = locked(question.pk)
    if held is None or not rules.may_become(held.state, rules.CLOSED):
        raise Refused(_("This question is closed already."), code="moved")
    if not queries.may_answer(agent, held):
        raise Refused(_("The colleagues of this service answer this question."), code="not_yours")
    if not one_line(words):
        raise Refused(_("Say why, in one sentence."), code="no_reason")
    return _end(held, rules.CLOSED, Verb.CLOSED, agent=agent, now=now, words=one_line(words))


def _end(
    held: Question, state: str, verb: Verb, *, agent: Agent, now: datetime, words: str = ""
) -> Question:
    held.state, held.closed_at, held.step_due_at = state, now, None
    held.save(update_fields=["state", "closed_at", "step_due_at"])
    write(held, verb, now=now, agent=agent, words=words)
    return held


@transaction.atomic
def mark_shown(question: Question, *, agent: Agent, now: datetime) -> Question:
    """Who asked has read the answer: it leaves their screen."""
    held = locked(question.pk)
    if held is None or held.asked_by_id != agent.pk or held.state not in rules.WITH_ANSWER:
        raise Refused(_("This answer is not waiting for you."), code="not_yours")
    if held.shown_at is None:
        held.shown_at = now
        held.save(update_fields=["shown_at"])
        write(held, Verb.SHOWN, now=now, agent=agent)
    return held


@transaction.atomic
def visitor_left(kind: str, visit_id: int, *, now: datetime) -> int:
    """The visit ended before the answer came: what comes now is too late for this visitor."""
    found = queries.open_at_visit(kind, visit_id).filter(visitor_present=True, visitor_left_at=None)
    left = 0
    for pk in list(found.order_by("pk").values_list("pk", flat=True)):
        held = locked(pk)
        if held is None or not held.has_visitor:
            continue
        held.visitor_left_at = now
        held.save(update_fields=["visitor_left_at"])
        write(held, Verb.VISITOR_LEFT, now=now)
        left += 1
    return left


@transaction.atomic
def keep_promise(
    authority: Authority, service: Service | None, promise: rules.Promise, *, actor: Agent
) -> AnswerTime:
    """Set within what time a service, or the whole house, answers the desks."""
    row, _is_new = AnswerTime.objects.update_or_create(
        authority=authority, service=service, defaults=vars(promise)
    )
    journal.record(actor, "departments.promise_kept", row, **vars(promise))
    return row
