"""Whose turn it is: unanswered questions go on, and never stay with somebody who is out."""

from datetime import datetime, timedelta

from django.db import transaction

from parvis.departments import queries
from parvis.departments.actions.rows import locked, write
from parvis.departments.models import Question, QuestionStep
from parvis.departments.rules import questions as rules

Verb = QuestionStep.Verb
AT_A_TIME = 500


def begin(held: Question, *, now: datetime) -> None:
    """Give a question to the first who is there, from the liaison of its service on."""
    asked = queries.asked_for(held.service, now=now)
    turn = rules.next_turn(_done(held), asked.people, asked.absent)
    if turn is None:  # it was at this service before: nobody there is asked twice
        _last_resort(held, asked, is_out=True, now=now)
    else:
        _give(held, turn, now=now)


@transaction.atomic
def look_at(question_id: int, *, now: datetime) -> bool:
    """Ask the next one if the time of this one has passed, or they are out; safe to run twice."""
    held = locked(question_id)
    if held is None or not held.is_open:
        return False
    asked = queries.asked_for(held.service, now=now)
    is_out = held.holder_id is None or _is_gone(held, asked, now)
    is_due = held.step_due_at is not None and held.step_due_at <= now
    if not (is_out or is_due):
        return False
    absent = asked.absent | {held.holder_id} if held.holder_id else asked.absent
    turn = rules.next_turn(_done(held), asked.people, absent)
    if turn is None:
        return _last_resort(held, asked, is_out=is_out, now=now)
    _give(held, turn, now=now)
    return True


def _is_gone(held: Question, asked: queries.Asked, now: datetime) -> bool:
    holder = held.holder
    return holder is not None and (not holder.is_active or queries.is_out(holder, now))


def _done(held: Question) -> set[str]:
    rows = QuestionStep.objects.filter(question=held, service=held.service)
    return set(rows.filter(verb__in=[Verb.TURNED, Verb.SKIPPED]).values_list("step", flat=True))


def _give(held: Question, turn: rules.Turn, *, now: datetime) -> None:
    for step in turn.passed_over:
        write(held, Verb.SKIPPED, now=now, step=step)
    held.step, held.holder_id = turn.step, turn.holder
    held.step_due_at = None if turn.step == rules.STEPS[-1] else step_due_at(held, now)
    held.save(update_fields=["step", "holder", "step_due_at"])
    write(held, Verb.TURNED, now=now, to_id=turn.holder, step=turn.step)


def _last_resort(held: Question, asked: queries.Asked, *, is_out: bool, now: datetime) -> bool:
    """Everybody was asked: what somebody absent holds comes to the head of reception."""
    heads = list(asked.people.get(rules.HEAD_OF_RECEPTION, ()))
    there = [one for one in heads if one not in asked.absent] or heads
    changes = is_out and there and held.holder_id != there[0]
    if held.step_due_at is None and not changes:
        return False
    held.step_due_at = None
    if changes:
        held.holder_id = there[0]
    held.save(update_fields=["holder", "step_due_at"])
    if changes:
        write(held, Verb.PASSED, now=now, to_id=there[0])
    return True


def step_due_at(held: Question, now: datetime) -> datetime:
    """When the next one is asked, if this one does not answer."""
    promise = queries.promise_of(held.service)
    in_a_hurry = held.visitor_present and held.visitor_left_at is None
    return _times(held, promise, in_a_hurry=in_a_hurry, now=now).step_due_at


def due_at(held: Question, now: datetime) -> datetime:
    """When the answer is promised."""
    promise = queries.promise_of(held.service)
    return _times(held, promise, in_a_hurry=held.visitor_present, now=now).due_at


def _times(
    held: Question, promise: rules.Promise, *, in_a_hurry: bool, now: datetime
) -> rules.Times:
    stretches = (
        []
        if in_a_hurry
        else queries.stretches_from(
            held.site, held.authority, now, timedelta(hours=max(promise.hours, promise.step_hours))
        )
    )
    return rules.times(promise, visitor_present=in_a_hurry, start=now, stretches=stretches)


def look_at_due(*, now: datetime) -> int:
    """Look at every open question whose time has passed or whose holder is out."""
    waiting = Question.objects.waiting().order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]
    return sum(look_at(pk, now=now) for pk in list(waiting))


@transaction.atomic
def hand_over_from(agent_id: int, *, now: datetime) -> int:
    """Somebody went out: what they hold goes to whoever is there."""
    held = Question.objects.waiting().filter(holder=agent_id).order_by("pk")
    return sum(look_at(pk, now=now) for pk in held.values_list("pk", flat=True))
