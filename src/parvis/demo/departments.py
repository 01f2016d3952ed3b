"""Who is asked in the services of the town, what the desks asked of late, and the rounds."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from django_tasks_db.models import DBTaskResult

from parvis.accounts import actions as accounts
from parvis.accounts.models import Agent, Liaison
from parvis.demo import content as packaged
from parvis.demo import people, seeds
from parvis.demo.content.loader import Content
from parvis.departments import actions
from parvis.departments.models import Question
from parvis.departments.queries import Proposal
from parvis.departments.rules.questions import ANSWERED
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority, DirectoryEntry, Service, Topic
from parvis.queue.models import DeskSession, Ticket

_LATELY = 14  # days of questions
_WEEKEND = 5  # Saturday, counted from Monday
_SEEN = timedelta(minutes=1)
_MORNING = 8 * 60 + 10  # minutes of UTC: the hall is open in summer and winter
_AFTERNOON = 15 * 60
Words = dict[str, Any]


@cache
def _words() -> Words:
    text = files(packaged).joinpath("departments.json").read_text(encoding="utf-8")
    found: Words = json.loads(text)
    return found


@dataclass(frozen=True)
class _Town:
    """The people and services that questions are between."""

    services: dict[str, Service]
    agents: dict[str, Agent]
    topics: dict[str, Topic]
    desks: list[Agent]  # who asks
    head: Agent


def _read(content: Content) -> _Town:
    town = Authority.objects.get(slug=content.town.slug)
    agents = Agent.objects.with_rights().select_related("site").filter(authority=town)
    known = {agent.username: agent for agent in agents.order_by("pk")}
    return _Town(
        {service.slug: service for service in town.services.all()},
        known,
        {topic.slug: topic for topic in Topic.objects.filter(authority=town)},
        [one for one in known.values() if one.may("queue.work") and one.site is not None],
        next(one for one in known.values() if one.may("departments.manage") and not one.is_robot),
    )


def create(content: Content, *, seed: int, now: datetime, since: datetime) -> int:
    """Name the liaisons, ask and answer a fortnight of questions, make the rounds."""
    town = _read(content)
    _name(town, since)
    chance = seeds.rng(seed, "departments")
    moments = sorted(_moment(chance, now, _LATELY) for _one in _words()["questions"])
    questions = list(_words()["questions"])
    chance.shuffle(questions)
    for words, at in zip(questions, moments, strict=True):
        _ask(town, words, at, chance)
    for words in _words()["rounds"]:
        _go(town, words, now)
    out = town.agents[_words()["out_today"]]
    accounts.go_out(out, now=now - timedelta(hours=2), back_at=now + timedelta(hours=20))
    return len(questions)


def _name(town: _Town, since: datetime) -> None:
    for words in _words()["liaisons"]:
        service = town.services[words["service"]]
        for name, rank in (
            (words["first"], Liaison.Rank.FIRST), (words["deputy"], Liaison.Rank.DEPUTY),
        ):  # fmt: skip
            accounts.name_liaison(
                service, town.agents[name], rank=rank, since=since.date(), actor=town.head
            )
    for slug in _words()["assistants"]:
        # The one without an account whose door is always open: the last of the list.
        staff = DirectoryEntry.objects.filter(service=town.services[slug], agent=None)
        entry = staff.order_by("-pk").first()
        if entry is not None:
            entry.is_contact_point = True
            entry.save(update_fields=["is_contact_point"])


def _ask(town: _Town, words: Words, at: datetime, chance: Random) -> None:
    how, agent = words["how"], chance.choice(town.desks)
    topic = town.topics[words["topic"]]
    present = how in {"visitor", "late", "escalated"} and words["minutes"] < 60
    visit = actions.Visit(f"{topic.family.series} {chance.randint(1, 90):03d}", "ticket")
    question = actions.ask(
        town.services[words["service"]],
        words["text"],
        agent=agent,
        now=at,
        topic=topic,
        sheet=_sheet_of(topic),
        visitor_present=present,
        visit=visit if present else None,
        site=agent.site,
    )
    if how == "withdrawn":
        actions.withdraw(question, agent=agent, now=at + timedelta(minutes=40))
        return
    answered_at = at + timedelta(minutes=words["minutes"])
    while question.step_due_at is not None and question.step_due_at < answered_at:
        actions.look_at(question.pk, now=question.step_due_at)
        question.refresh_from_db()
    if how == "late":
        Question.objects.filter(pk=question.pk).update(visitor_left_at=answered_at - _SEEN)
    _answer(question, words, answered_at)
    actions.mark_shown(question, agent=agent, now=answered_at + _SEEN)


def _sheet_of(topic: Topic) -> Sheet | None:
    sheets = topic.sheets.filter(state=Sheet.State.PUBLISHED, nature=Sheet.Nature.SHEET)
    return sheets.order_by("ref").first()


def _answer(question: Question, words: Words, at: datetime) -> None:
    question.refresh_from_db()
    holder = question.holder
    assert holder is not None  # noqa: S101 - every service of the town has somebody
    by = Agent.objects.with_rights().get(pk=holder.pk)
    actions.answer(question, words["answer"], level=words["level"], agent=by, now=at)


def _go(town: _Town, words: Words, now: datetime) -> None:
    service, goer = town.services[words["service"]], _goer(town, words)
    days = timedelta(days=words["days_ago"])
    planned_at = _working_hour(now - days)
    made = actions.plan_round(
        service,
        visitor=goer,
        planned_at=planned_at,
        place=service.name,
        agent=town.head,
        now=min(planned_at, now) - timedelta(days=7),
        topics=_open_topics(service) if words["state"] == "planned" else (),
    )
    if words["state"] == "cancelled":
        actions.cancel_round(made, agent=town.head, now=planned_at, reason=words["words"])
    elif words["state"] == "postponed":
        later = _working_hour(now + timedelta(days=5))
        actions.postpone_round(
            made, agent=town.head, now=planned_at, reason=words["words"], planned_at=later
        )
    elif words["state"] == "done":
        _write_down(made, words, goer, planned_at + timedelta(hours=2))


def _open_topics(service: Service) -> list[Proposal]:
    rows = Question.objects.filter(service=service, state=ANSWERED, level="internal")
    return [Proposal("question", one.text, one.pk) for one in rows.order_by("pk")[:2]]


def _write_down(made: Any, words: Words, goer: Agent, at: datetime) -> None:
    if words["came"] == "change":
        sheet = Sheet.objects.get(authority_id=goer.authority_id, ref=words["what"])
        actions.begin_draft(made, agent=goer, now=at, sheet=sheet)
    elif words["came"] == "new":
        actions.begin_draft(made, agent=goer, now=at, title=words["what"])
    actions.close_round(
        made, agent=goer, now=at, minutes=words["words"], nothing_new=words["came"] == "nothing"
    )


def _goer(town: _Town, words: Words) -> Agent:
    writers = [one for one in town.desks if one.may("knowledge.propose")]
    goer: Agent = writers[words["days_ago"] % len(writers)]
    return goer


def forget_clocks() -> None:
    """Drop the jobs of a past that is written already; the regular job looks at what is open."""
    DBTaskResult.objects.filter(task_path__startswith="parvis.departments.").delete()


def today(content: Content, *, now: datetime) -> None:
    """One question with its visitor at a desk at this moment, and one that waits without."""
    town = _read(content)
    ticket = (
        Ticket.objects.filter(
            site__authority__slug=content.town.slug, state=Ticket.State.SERVING,
            topic__service__liaisons__until=None, topic__service__liaisons__isnull=False,
        )
        .exclude(topic__service__slug=town.services["accueil"].slug)
        .select_related("topic__service", "desk", "agent")
        .order_by("pk")
        .first()
    )  # fmt: skip
    if ticket is not None and ticket.agent is not None:
        asked = actions.ask(
            ticket.topic.service,
            _words()["now"]["text"],
            agent=Agent.objects.with_rights().get(pk=ticket.agent.pk),
            now=now - _SEEN,
            topic=ticket.topic,
            sheet=_sheet_of(ticket.topic),
            visitor_present=True,
            visit=actions.Visit(ticket.code, "ticket", ticket.pk),
            desk=ticket.desk,
        )
        if asked.holder is not None:
            by = Agent.objects.with_rights().get(pk=asked.holder.pk)
            actions.take(asked, agent=by, now=now)
    waits = _words()["unanswered"]
    session = DeskSession.objects.filter(
        closed_at=None, desk__site__authority__slug=content.town.slug
    )
    seat = session.select_related("desk__site").order_by("pk").first()
    agent = town.agents[seat.agent.username] if seat else town.desks[0]
    actions.ask(
        town.services[waits["service"]],
        waits["text"],
        agent=agent,
        now=now - timedelta(minutes=25),
        topic=town.topics[waits["topic"]],
        desk=seat.desk if seat else None,
        site=agent.site,
    )


def _moment(chance: Random, now: datetime, days: int) -> datetime:
    """Some working hour of the last weeks, never today."""
    day = _weekday(now - timedelta(days=chance.randint(1, days)))
    return people.start_of(day.date()) + timedelta(minutes=chance.randint(_MORNING, _AFTERNOON))


def _working_hour(moment: datetime) -> datetime:
    return people.start_of(_weekday(moment).date()) + timedelta(hours=9)


def _weekday(moment: datetime) -> datetime:
    while moment.weekday() >= _WEEKEND:
        moment -= timedelta(days=1)
    return moment
