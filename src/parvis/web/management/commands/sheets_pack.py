"""``sheets pack``: the file for a day without network."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.organisations.models import Authority
from parvis.web import pack
from parvis.web.queries.pack import MOST_USED


class Command(BaseCommand):
    help = "Write the pack for a day without network (also: sheets pack)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", nargs="?", type=Path, help="file to write (.html)")
        parser.add_argument("--authority", default="", help="short name of one authority")
        parser.add_argument("--most", type=int, default=MOST_USED, help="how many of the most used")

    def handle(self, *, target: Path | None, authority: str, most: int, **_options: Any) -> None:
        rows = Authority.objects.order_by("slug")
        chosen = list(rows.filter(slug=authority) if authority else rows)
        if not chosen or (target and len(chosen) > 1):
            known = ", ".join(rows.values_list("slug", flat=True))
            raise CommandError(_("Name one authority with --authority: %s.") % known)
        for one in chosen:
            path = pack.write(one, now=timezone.now(), target=target, most=max(0, most))
            self.stdout.write(f"{one.slug}: {path} ({path.stat().st_size >> 10} kB)")
