"""``compile_catalogues``: turn every room's translations into what Django reads."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from parvis.common import catalogues


class Command(BaseCommand):
    help = "Compile the message catalogues of every room."

    def handle(self, **options: Any) -> None:
        package = Path(catalogues.__file__).resolve().parent.parent
        made = catalogues.compile_all(package)
        if options["verbosity"]:
            self.stdout.write(f"{len(made)} catalogues compiled.")
