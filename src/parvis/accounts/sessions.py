"""The session of an agent: when it began, when it was last used, whether its screen is locked."""

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from parvis.accounts import rules
from parvis.accounts.models import Agent

_SIGNED_IN, _SEEN, _LOCKED = "signed_in_at", "seen_at", "locked_at"
# Written once a minute at most: a page must not cost a write.
_GRAIN = timedelta(minutes=1)
SHOWN_ONCE = "shown_once"


def start(session: SessionBase, *, now: datetime) -> None:
    """Begin to count, at sign-in."""
    session[_SIGNED_IN] = session[_SEEN] = now.timestamp()
    session.pop(_LOCKED, None)


def state_of(session: SessionBase, agent: Agent, *, now: datetime) -> rules.SessionState:
    """Whether the next page may be shown, is behind the lock, or needs a new sign-in."""
    if _SIGNED_IN not in session:
        start(session, now=now)
    return rules.session_state(
        signed_in_at=_moment(session[_SIGNED_IN]),
        seen_at=_moment(session[_SEEN]),
        locked=_LOCKED in session,
        idle=timedelta(minutes=agent.authority.lock_minutes),
        now=now,
    )


def touch(session: SessionBase, *, now: datetime) -> None:
    """Note that somebody is there."""
    if now - _moment(session[_SEEN]) >= _GRAIN:
        session[_SEEN] = now.timestamp()


def lock(session: SessionBase, *, now: datetime) -> None:
    """Hide every page of the agent until the PIN or the password is given."""
    if _LOCKED not in session:
        session[_LOCKED] = now.timestamp()


def unlock(session: SessionBase, *, now: datetime) -> None:
    """Show the pages again, under a new session key."""
    session.pop(_LOCKED, None)
    session[_SEEN] = now.timestamp()
    session.cycle_key()


def is_locked(session: SessionBase) -> bool:
    return _LOCKED in session


def show_once(session: SessionBase, **what: str) -> None:
    """Keep a secret for the next page only; it never enters an address or a cookie."""
    session[SHOWN_ONCE] = what


def take_shown_once(session: SessionBase) -> dict[str, str]:
    """The secret kept for this page, which forgets it."""
    kept: dict[str, str] = session.pop(SHOWN_ONCE, {})
    return kept


def _moment(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, tz=UTC)
