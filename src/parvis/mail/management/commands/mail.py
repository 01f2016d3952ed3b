"""``parvis mail``: the ways by which a mail server hands messages over, and how it goes."""

import os
import signal
import sys
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from parvis.common.errors import Refused
from parvis.common.processes import die_with_parent
from parvis.mail import actions, fetching, lmtp, queries
from parvis.mail.models import OutgoingMail, ReceivedMail
from parvis.mail.reading.scan import LARGEST_KEPT

# Of sysexits.h: with 75 the mail server keeps the message and tries again.
EX_OK: Final = 0
EX_DATAERR: Final = 65
EX_TEMPFAIL: Final = 75


class Command(BaseCommand):
    help = "Take messages in from a mail server, or say how it goes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        receive = what.add_parser("receive", help="keep the message on the standard input")
        receive.add_argument("--from", dest="sender", help="the envelope sender; <> for none")
        receive.add_argument("--to", default="", help="the envelope recipient")
        listen = what.add_parser("lmtp", help="listen for a mail server")
        listen.add_argument("--host", default="127.0.0.1")
        listen.add_argument("--port", type=int, default=2424)
        listen.add_argument("--socket", default="", help="a path, instead of host and port")
        what.add_parser("fetch", help="fetch from the mailboxes of PARVIS_MAIL_IMAP now")
        what.add_parser("status", help="say what came, what waits and what did not go")

    def handle(self, **options: Any) -> None:
        if options["what"] == "receive":
            sys.exit(receive(options["sender"], options["to"]))
        elif options["what"] == "lmtp":
            if os.environ.get("PARVIS_SUPERVISED"):
                die_with_parent()
            self._listen(options)
        elif options["what"] == "fetch":
            self.stdout.write(f"{fetching.fetch_all(now=timezone.now())} messages fetched.")
        else:
            self._status()

    def _listen(self, options: dict[str, Any]) -> None:
        server = lmtp.Server(options["host"], options["port"], options["socket"])
        server.start()
        self.stdout.write(f"LMTP at {server.place}")
        self.stdout.flush()
        try:
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
        finally:
            server.stop()

    def _status(self) -> None:
        for state, label in ReceivedMail.State.choices:
            self.stdout.write(f"{ReceivedMail.objects.filter(state=state).count():>8}  {label}")
        self.stdout.write("")
        for state, label in OutgoingMail.State.choices:
            self.stdout.write(f"{OutgoingMail.objects.filter(state=state).count():>8}  {label}")
        for folder in queries.folders():
            how = folder.error or f"fetched {folder.fetched_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(f"{folder.account}: {how}")


def receive(sender: str | None, to: str) -> int:
    """Keep the message on the standard input; the exit code tells the mail server what to do."""
    raw = sys.stdin.buffer.read(LARGEST_KEPT + 1)
    envelope = None if sender is None else sender.strip("<>")
    try:
        actions.keep(raw, way="pipe", now=timezone.now(), envelope_from=envelope, envelope_to=to)
    except Refused as refusal:
        print(refusal.message, file=sys.stderr)
        return EX_DATAERR
    except (DatabaseError, OSError, RuntimeError) as error:
        print(f"not kept, try again: {type(error).__name__}", file=sys.stderr)
        return EX_TEMPFAIL
    return EX_OK
