"""What the demo town shows of search and of the national set."""

from pathlib import Path

from parvis.demo import finding
from parvis.demo.content import loader, national
from parvis.knowledge.dila import sources
from parvis.knowledge.dila.draft import Draft
from parvis.knowledge.dila.importing import read
from parvis.knowledge.rules import decide


def test_every_file_of_the_invented_edition_is_read(tmp_path: Path):
    listed = sources.listed(national.write(tmp_path))
    drafts = [read(source, audience="particuliers") for source in listed]

    sheets = {draft.ref: draft for draft in drafts if isinstance(draft, Draft)}
    assert len(listed) == len(drafts) == 18
    assert len(sheets) == 2 + len(national.SIMPLE)
    assert not any(draft.unknown for draft in drafts)
    for ref in ("F990001", "F990002"):  # each asks for the case
        assert decide(sheets[ref].path, {}).has_path


def test_what_is_named_beside_the_sheets_exists():
    content = loader.load()
    refs = {sheet.ref for sheet in content.sheets}
    services = {service.slug for service in content.town.services}
    sites = {site.slug for site in content.town.sites}
    named = {ref for _words, ref in (*finding.PINS, *finding.QUESTIONS) if ref}
    rows = [line.split(";") for line in finding.STREETS.splitlines()[1:]]

    assert named | {ref for ref, _reason in finding.REASONS} <= refs
    assert {slug for _words, _times, slug in finding.GAPS if slug} <= services
    assert {row[5] for row in rows if row[5]} <= services
    assert {row[6] for row in rows if row[6]} | {p[1] for p in finding.PLACES if p[1]} <= sites
