"""``parvis restore SOURCE``: bring a backup to life on an empty machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from parvis.common import backup
from parvis.common.errors import Refused


class Command(BaseCommand):
    help = "Restore a backup where there is no data yet, and verify it row by row count and hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path)

    def handle(self, **options: Any) -> None:
        try:
            manifest = backup.restore(options["source"])
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        call_command("migrate", verbosity=0)
        rows = sum(manifest["rows"].values())
        self.stdout.write(
            f"Restored {rows} rows of {manifest['made_at']}; hashes and counts agree."
        )
