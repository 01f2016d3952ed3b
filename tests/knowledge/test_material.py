"""The real national sheets, where they are at hand: nothing of them is in this repository."""

import time
from pathlib import Path

import pytest

from parvis.knowledge import markup
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.dila.report import Result
from parvis.knowledge.models import Sheet, SheetVersion
from parvis.knowledge.search import evaluation
from tests.knowledge.factories import NOON

pytestmark = pytest.mark.django_db
QUESTIONS = Path(__file__).with_name("questions.jsonl")


def take(path: Path):
    return Import(audience="particuliers", now=NOON).run(path)


def test_the_real_lines_are_taken_once_and_found_again(material):
    start = time.monotonic()
    report = take(material / "sheets.jsonl")
    seconds = time.monotonic() - start

    assert report.counts == {Result.NEW: 910}
    assert seconds < 910 * 120 / 3000
    assert take(material / "sheets.jsonl").counts == {Result.UNCHANGED: 910}
    assert not SheetVersion.objects.filter(text="").exists()
    result = evaluation.evaluate(QUESTIONS)
    assert len(result.ranks) >= 60
    assert result.hit_at(1) >= 0.58
    assert result.hit_at(3) >= 0.79
    assert result.mrr >= 0.69
    assert sum(result.answered) / len(result.answered) >= 0.85
    assert sum(result.wrongly) / len(result.wrongly) <= 0.12
    assert result.latency(0.95) < 150


def test_the_six_real_publications_are_read_in_full(material):
    report = take(material / "xml")

    assert report.counts == {Result.NEW: 4, Result.EXPLAINED: 2}
    assert report.unknown == {}
    for sheet in Sheet.objects.select_related("current"):
        assert sheet.breadcrumb.count(">") >= 1
        assert sheet.reviewed_on
        assert len(sheet.current.text) > 3000
        for block in sheet.current.blocks:
            assert markup.clean(block["html"]) == block["html"]
    assert take(material / "xml").counts == {Result.UNCHANGED: 4, Result.EXPLAINED: 2}


@pytest.mark.parametrize("name", ["F2883.v3.0", "F2918.v3.3"])
def test_older_schemas_can_be_taken_alone(material, name):
    report = take(material / "xml" / f"{name}.xml")

    assert report.counts == {Result.NEW: 1}
    assert report.unknown == {}
