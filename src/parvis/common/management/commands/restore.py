"""``parvis restore SOURCE``: bring a backup to life on an empty machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from parvis.common import backup, tombstones
from parvis.common.errors import Refused


class Command(BaseCommand):
    help = "Restore a backup where there is no data yet, and erase again what was erased since."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument(
            "--erased",
            type=Path,
            help="the list of what was erased since; found by itself beside the backup",
        )

    def handle(self, **options: Any) -> None:
        try:
            manifest = backup.restore(options["source"])
        except Refused as error:
            raise CommandError(str(error)) from error
        call_command("migrate", verbosity=0)
        rows = sum(manifest["rows"].values())
        self.stdout.write(
            f"Restored {rows} rows of {manifest['made_at']}; hashes and counts agree."
        )
        self._erase_again(options["erased"] or options["source"].with_name(tombstones.NAME))

    def _erase_again(self, listed: Path) -> None:
        if not listed.exists():
            self.stderr.write(
                f"{listed} was not found: what was erased after this backup is back. Restore again"
                " with --erased, naming the newest list, before anybody works with it."
            )
        erased = tombstones.apply(listed, now=timezone.now())
        self.stdout.write(f"Erased again: {erased}.")
