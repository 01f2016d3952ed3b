import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from parvis.knowledge.dila.importing import Import
from parvis.knowledge.search import evaluation
from tests.knowledge.factories import NOON, national_sheet

pytestmark = pytest.mark.django_db
QUESTIONS = Path(__file__).with_name("questions.jsonl")


def evaluate(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("sheets", "evaluate", str(path), *options, stdout=out)
    return out.getvalue()


def test_ranks_answers_and_wrong_answers_are_counted(tmp_path):
    national_sheet("F1")
    national_sheet("F2", title="Piscine", short_answer="Ouverte.", blocks=())
    rows = [
        '{"question": "acte de naissance", "expected_ids": ["F1"]}',
        '{"question": "horaires piscine", "expected_ids": ["F2"]}',
        '{"question": "piscine", "expected_ids": ["F404"]}',
        '{"question": "zxcvbn", "expected_ids": []}',
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(rows), encoding="utf-8")

    result = evaluation.evaluate(tmp_path / "q.jsonl")

    assert result.ranks == [1, 1, None]
    assert result.wrongly == [False]
    assert result.missed == ["piscine"]
    assert (round(result.hit_at(1), 2), round(result.mrr, 2)) == (0.67, 0.67)
    assert result.latency(0.5) > 0
    printed = evaluate(tmp_path / "q.jsonl")
    for name in ("hit@1", "hit@3", "MRR@10", "p50 / p95"):
        assert name in printed


@pytest.mark.parametrize("content", ["", "{oops", '{"question": "x"}', "[]", "\xff"])
def test_a_file_that_holds_no_questions_is_refused_with_a_sentence(tmp_path, content):
    (tmp_path / "q.jsonl").write_bytes(content.encode("latin-1"))

    with pytest.raises(CommandError):
        evaluate(tmp_path / "q.jsonl")


def test_an_authority_that_does_not_exist_is_named(tmp_path):
    (tmp_path / "q.jsonl").write_text('{"question": "x", "expected_ids": []}', encoding="utf-8")

    with pytest.raises(CommandError, match="nulle-part"):
        evaluate(tmp_path / "q.jsonl", "--authority", "nulle-part")


def test_real_questions_find_the_real_sheets(material):
    Import(audience="particuliers", now=NOON).run(material / "sheets.jsonl")

    result = evaluation.evaluate(QUESTIONS)

    assert len(result.ranks) >= 60
    assert result.hit_at(1) >= 0.58
    assert result.hit_at(3) >= 0.79
    assert result.mrr >= 0.69
    assert sum(result.answered) / len(result.answered) >= 0.85
    assert sum(result.wrongly) / len(result.wrongly) <= 0.12
    assert result.latency(0.5) < 150
