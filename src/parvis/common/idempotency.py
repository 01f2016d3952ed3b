"""One effect per key: the stored answer lives in the same transaction as the effect."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, connection, transaction

from parvis.common.errors import Refused
from parvis.common.models import IdempotencyKey

R = TypeVar("R")
KEPT_FOR = timedelta(hours=48)  # the contract promises 24


@dataclass(frozen=True)
class Answer:
    """What was answered the first time: a status and a text (JSON body, or an address)."""

    status: int
    text: str


class KeyReused(Refused):
    """The same key came with another body: a bug of the sender, never a retry."""


def fingerprint(*parts: str | bytes) -> str:
    """A short mark of what was asked, to tell a retry from a reused key."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()


def once(effect: Callable[[], Answer], *, scope: str, key: str, mark: str, now: datetime) -> Answer:
    """Run the effect unless this key was answered before; then give that answer again.

    A concurrent use of the key waits for the first one to commit, then gets its answer. When the
    effect raises, nothing is stored, so that a corrected try may use the key again.
    """
    return second_look(lambda: _once(effect, scope, key, mark, now))


def second_look(run: Callable[[], R]) -> R:
    """Run what owns its transaction; if it meets another at a rule of the database, once more.

    The second time it sees what the other did, and can say so in words.
    """
    try:
        return run()
    except IntegrityError:
        if connection.in_atomic_block:
            raise
        return run()


@transaction.atomic
def _once(effect: Callable[[], Answer], scope: str, key: str, mark: str, now: datetime) -> Answer:
    if not _claim(scope, key, mark, now):
        return _stored(scope, key, mark)
    answer = effect()
    _store(scope, key, answer)
    return answer


def _claim(scope: str, key: str, mark: str, now: datetime) -> bool:
    # ON CONFLICT DO NOTHING waits on PostgreSQL for a transaction that holds the same key; on
    # SQLite the IMMEDIATE transaction already queued us up.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_idempotencykey"
            " (scope, key, fingerprint, status, answer, created_at)"
            " VALUES (%s, %s, %s, 0, '', %s) ON CONFLICT (scope, key) DO NOTHING",
            [scope, key, mark, connection.ops.adapt_datetimefield_value(now)],
        )
        return bool(cursor.rowcount)


def _store(scope: str, key: str, answer: Answer) -> None:
    # In SQL like the claim: every write of the house passes here, and the ORM costs ten times it.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE common_idempotencykey SET status = %s, answer = %s"
            " WHERE scope = %s AND key = %s",
            [answer.status, answer.text, scope, key],
        )


def _stored(scope: str, key: str, mark: str) -> Answer:
    row = IdempotencyKey.objects.get(scope=scope, key=key)
    if row.fingerprint != mark:
        raise KeyReused("This Idempotency-Key was already used with another body.")
    return Answer(row.status, row.answer)


def forget_old(*, now: datetime) -> int:
    """Drop the keys that no honest retry can still use; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


def given(scope: str, key: str, *, mark: str) -> Answer | None:
    """What was answered under this key already, without claiming it: nothing is done twice."""
    done = IdempotencyKey.objects.filter(scope=scope, key=key, status__gt=0).exists()
    return _stored(scope, key, mark) if done else None


def lately(scope: str, *, since: datetime) -> Answer | None:
    """The last answer that was given under a scope since then, if there is one."""
    given = IdempotencyKey.objects.filter(scope=scope, created_at__gt=since, status__gt=0)
    row = given.order_by("-created_at", "-pk").first()
    return Answer(row.status, row.answer) if row else None
