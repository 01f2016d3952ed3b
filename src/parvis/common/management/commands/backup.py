"""``parvis backup TARGET``: a consistent copy while the system works."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from parvis.common import backup
from parvis.common.errors import Refused


class Command(BaseCommand):
    help = "Write a consistent copy of everything into one file, while the system works."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="the file to write, or a folder")

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        target: Path = options["target"]
        if target.is_dir():
            target = target / f"parvis-{now:%Y%m%d-%H%M%S}.tar.gz"
        try:
            manifest = backup.write(target, now=now)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{target}: {sum(manifest['rows'].values())} rows, verified.")
