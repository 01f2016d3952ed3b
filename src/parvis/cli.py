"""``parvis``: a thin front of Django's commands, for the people who run an installation."""

import os
import sys

from django.core.management import execute_from_command_line

from parvis import __version__

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
    execute_from_command_line(["parvis", *arguments])


def _overview() -> str:
    lines = [f"  {name:<9} {says}" for name, says in OURS.items()]
    return "\n".join(
        ["Usage: parvis COMMAND [OPTIONS]", "", *lines, "", "parvis COMMAND --help says more."]
    )
