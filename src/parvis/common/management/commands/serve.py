"""``parvis serve``: pages, API and live events on one port, supervised."""

import os
import resource
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

from parvis.common import catalogues, tombstones
from parvis.common.network import place_to_listen
from parvis.common.processes import Kept

TARGETS = {
    "all": ("parvis.asgi:application", Interfaces.ASGI),
    "events": ("parvis.asgi:events", Interfaces.ASGI),
    "pages": ("parvis.wsgi:application", Interfaces.WSGI),
}
# A page takes a few milliseconds; more threads than this only queue up behind the two databases.
THREADS = 16
# Every screen of a hall holds one connection for hours. granian would stop taking new ones, and
# with them every page, after 1,024 for all workers together.
CONNECTIONS = 16_384


class Command(BaseCommand):
    help = "Serve pages, API and live events on one port."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--only", choices=["pages", "events"], help="behind a proxy: one half")
        parser.add_argument("--no-jobs", action="store_true", help="run `parvis work` elsewhere")

    def handle(self, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if options["workers"] < 1:
            raise CommandError("--workers must be 1 or more.")
        place_to_listen(host, port)  # before anything is changed
        call_command("migrate", verbosity=0)
        tombstones.apply(now=timezone.now())  # a database brought back by other means than ours
        catalogues.compile_all(Path(catalogues.__file__).resolve().parent.parent)
        target, interface = TARGETS[options["only"] or "all"]
        _know_own_address(host, port)
        # Child processes import the package afresh: they must end when we are killed outright.
        os.environ["PARVIS_SUPERVISED"] = "1"
        _allow_many_connections()
        server = Server(
            target,
            address=place_to_listen(host, port),  # again: preparing took a while
            port=port,
            interface=interface,
            workers=options["workers"],
            backlog=4096,
            backpressure=CONNECTIONS,
            blocking_threads=THREADS if interface is Interfaces.WSGI else None,
            websockets=False,
            log_access=False,
            log_enabled=False,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=10,
            http1_settings=HTTP1Settings(header_read_timeout=15_000),
        )
        self.stdout.write(f"Parvis: {_address(host, port)}/")
        jobs = None if options["no_jobs"] else _start_jobs()
        try:
            server.serve()
        finally:
            if jobs is not None:
                jobs.stop()


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _know_own_address(host: str, port: int) -> None:
    """Links in answers, letters and mails lead to this port where nobody said what people type."""
    given = {"PARVIS_BASE_URL", "PARVIS_BASE_URL_FILE"} & os.environ.keys()
    if not given:
        name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared only
        # The servers are forked and keep these settings, the jobs read the environment afresh.
        os.environ["PARVIS_BASE_URL"] = settings.BASE_URL = _address(name, port)


def _allow_many_connections() -> None:
    """Take as many open files as the machine gives; many give 1,024 until they are asked."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if most == resource.RLIM_INFINITY else min(CONNECTIONS, most)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _start_jobs() -> Kept:
    command = [sys.executable, "-m", "parvis", "work"]
    return Kept("parvis work", command, {**os.environ, "PARVIS_SUPERVISED": "1"})
