"""The PostgreSQL backend of the house: a connection is looked at without asking the server.

Django's health check is a query before the first query of every request. A server that has
ended a connection has said so on its line; nobody writes on the line of an idle connection
otherwise. So the query is only asked when there is something to read, or after an error.
"""

import select
from typing import Any

from django.db.backends.postgresql import base

_Django: Any = base.DatabaseWrapper  # the stubs do not know what a backend may override


class DatabaseWrapper(_Django):  # type: ignore[misc]
    """A connection that is asked only when in doubt."""

    def is_usable(self) -> bool:
        if not self.errors_occurred and _is_silent(self.connection):
            return True
        return bool(super().is_usable())


def _is_silent(connection: Any) -> bool:
    """Nothing to read on the line: no goodbye, no notice."""
    if connection is None or connection.closed:
        return False
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return not line.poll(0)
