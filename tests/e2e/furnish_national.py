"""A small edition of the national set, taken in: themes, forms, ways through sheets, an import."""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from parvis.knowledge import actions
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.models import ImportRun, LocalPlace
from parvis.organisations.models import Authority, Site
from tests.knowledge import editions


def arguments(town: Authority, *, now: datetime) -> dict[str, dict[str, Any]]:
    """The page -> what its address needs."""
    with tempfile.TemporaryDirectory() as folder:
        path = editions.write(Path(folder), **{"F910009.xml": "<Publication\n<oops"})
        taken = actions.ask_import(
            origin=ImportRun.Origin.UPLOAD, source="edition.zip", audience="particuliers", now=now
        )
        Import(audience="particuliers", now=now).run(path, log=taken)
    site = Site.objects.get(authority=town, slug="mairie")
    place = LocalPlace.objects.create(authority=town, pivot="mairie", site=site)
    slug = {"slug": town.slug}
    return {
        "knowledge:theme": {"ref": "N111"},
        "knowledge:theme-of": {**slug, "ref": "N100"},
        "knowledge:resource": {"ref": "R70"},
        "knowledge:resource-of": {**slug, "ref": "R50"},
        "knowledge:import": {"pk": taken.pk},
        "knowledge:place": {"pk": place.pk},
    }
