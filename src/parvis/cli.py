"""``parvis``: a thin front of Django's commands, for the people who run an installation."""

import os
import sqlite3
import sys
from typing import Final

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import Error

from parvis import __version__
from parvis.common import database, env
from parvis.common.errors import Refused

OURS = {
    "demo": "create the demo town, print its address and accounts, and serve it",
    "found": "make the first authority and its first administrator",
    "rescue": "let somebody in again when no administrator can",
    "serve": "serve pages, API and live events on one port",
    "work": "run background jobs and schedules",
    "mail": "take messages in from a mail server, say how it goes",
    "sheets": "import sheets, rebuild the search index, measure its quality",
    "assistant": "learn from known questions when to answer",
    "backup": "write a consistent copy of everything while the system works",
    "restore": "bring a backup to life on an empty machine, and verify it",
    "doctor": "say what is wrong with this installation, and the remedy",
    "migrate": "bring the database to this version",
}
HELP = {"help", "--help", "-h"}
# The others make a database, or have something to say without one.
IN_A_DATABASE = {"found", "rescue", "work", "mail", "sheets", "assistant", "backup"}
TRY_AGAIN: Final = 75  # to a mail server: keep the message and bring it again


def main() -> None:
    """Run one of our commands, or any of Django's by its own name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
    os.umask(0o077)  # the database, its key and its backups are read by their owner only
    arguments = sys.argv[1:]
    if arguments in (["version"], ["--version"]):
        print(__version__)
        return
    if not arguments or (arguments[0] in HELP and len(arguments) == 1):
        print(_overview())
        return
    try:
        _need_database(arguments)
        execute_from_command_line(["parvis", *arguments])
    except (Refused, Error, sqlite3.Error, OSError) as error:
        # What an operator can mend; where it happened is of use to developers only.
        if env.flag("DEBUG"):
            raise
        print(_sentence(error), file=sys.stderr)
        sys.exit(TRY_AGAIN if arguments[:2] == ["mail", "receive"] else 1)


def _need_database(arguments: list[str]) -> None:
    """Stop whoever only reads before SQLite makes an empty database for it."""
    if arguments[0] not in IN_A_DATABASE or HELP & set(arguments):
        return
    given = settings.DATABASES["default"]
    if database.is_missing(given):
        raise Refused(
            f"There is no database at {given['NAME']}. Look at PARVIS_HOME and PARVIS_DATABASE_URL,"
            " or make one: parvis migrate, parvis restore BACKUP."
        )


def _sentence(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.message
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}"
    said = str(error).strip()
    if "no such table" in said or ("relation" in said and "does not exist" in said):
        return "The database is not of this version. Run: parvis migrate"
    return f"The database cannot be used: {said}\nparvis doctor says more."


def _overview() -> str:
    lines = [f"  {name:<9} {says}" for name, says in OURS.items()]
    return "\n".join(
        ["Usage: parvis COMMAND [OPTIONS]", "", *lines, "", "parvis COMMAND --help says more."]
    )
