"""The SQLite backend of the house: who wants to write waits in a line, and not by the clock.

SQLite has one writer at a time, and lets the others sleep up to 100 ms between two looks at the
lock, while it is free again after two or three. Here the threads of one process queue up for one
turn, so that only one of them asks for the lock at all, and it looks again at short intervals.
What guards the data is still ``BEGIN IMMEDIATE``: the line only decides who asks when.
"""

import random
import threading
import time
from collections import defaultdict
from typing import Any, Final

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

FIRST_LOOK: Final = 0.0003  # seconds
LONGEST_PAUSE: Final = 0.003
# In WAL mode they are the same; the jobs' library asks for the second and waited by the clock.
_FOR_WRITING: Final = {"IMMEDIATE", "EXCLUSIVE"}
_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)  # by database file

_Django: Any = base.DatabaseWrapper  # the stubs do not know what a backend may override


class DatabaseWrapper(_Django):  # type: ignore[misc]
    """A connection whose IMMEDIATE transactions wait for their turn to write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode not in _FOR_WRITING or self.is_in_memory_db():
            super()._start_transaction_under_autocommit()
            return
        patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        deadline = time.monotonic() + patience
        # Without a turn in time it is asked for all the same, and the database says no.
        self._has_turn = self._turn.acquire(timeout=patience)
        try:
            self._begin_before(deadline)
        except BaseException:
            self._give_turn()
            raise

    def _begin_before(self, deadline: float) -> None:
        """BEGIN IMMEDIATE as soon as no other process writes."""
        milliseconds = int(1000 * self.settings_dict["OPTIONS"].get("timeout", 5))
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            pause = FIRST_LOOK
            while not self._begins(is_last=time.monotonic() > deadline):
                time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
                pause = min(2 * pause, LONGEST_PAUSE)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def _begins(self, *, is_last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            if is_last or "locked" not in str(error):
                raise
            return False
        return True

    @property
    def _turn(self) -> threading.Lock:
        return _turns[str(self.settings_dict["NAME"])]

    def _give_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turn.release()

    def _commit(self) -> None:
        # A commit that fails is rolled back by Django, and the turn ends there.
        super()._commit()
        self._give_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._give_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._give_turn()
