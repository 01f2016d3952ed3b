"""Weights are learnt from questions that are known, and kept only when they are better."""

import io
import json
from dataclasses import astuple, replace
from random import Random

import pytest
from django.core.management import CommandError, call_command

from parvis.assistant.actions import training as actions
from parvis.assistant.models import Calibration
from parvis.assistant.queries import deciding
from parvis.assistant.rules import training
from parvis.assistant.rules.deciding import ANSWERABLE, NO_SHEET, OFF_TOPIC
from parvis.assistant.rules.training import Example, Quality, fit, is_better, quality
from parvis.knowledge.rules.confidence import AGAINST, NAMES, Signals, Weights, standard
from tests.assistant.factories import NOON
from tests.knowledge.factories import local_sheet
from tests.organisations.factories import AuthorityFactory


def signals(chance: Random, *, ours: float) -> Signals:
    """What a search notices; the more a question is ours, the more of each."""
    return Signals(
        score=1 + 3 * ours + chance.random(),
        usual=min(1.0, 0.4 * ours + 0.6 * chance.random()),
        found=min(1.0, 0.5 * ours + 0.5 * chance.random()),
        known=0.5 * ours + 0.4 * chance.random(),
        in_title=2 * ours + chance.random(),
        length=2 * chance.random(),
    )


def examples(seed: int = 1, *, many: int = 60) -> list[Example]:
    chance = Random(seed)
    told = []
    for n in range(many):
        is_long = n % 3 == 0
        told += [
            Example(signals(chance, ours=0.8), ANSWERABLE, is_found=n % 5 > 0, is_long=is_long),
            Example(signals(chance, ours=0.2), OFF_TOPIC, is_long=is_long),
        ]
    return [*told, Example(None, OFF_TOPIC), Example(signals(chance, ours=0.5), NO_SHEET)]


def test_weights_learnt_from_one_half_tell_the_other_apart():
    fitted = fit(examples(1))
    told = training.cases(examples(2), fitted)

    ours = [case.probability for case in told if case.kind == ANSWERABLE]
    other = [case.probability for case in told if case.kind == OFF_TOPIC]
    assert sum(ours) / len(ours) > 0.9
    assert sum(other) / len(other) < 0.1
    assert 0 < fitted.close <= fitted.answer < 1


def test_no_signal_is_ever_learnt_against_its_sense():
    turned = [replace(e, kind=OFF_TOPIC if e.kind == ANSWERABLE else ANSWERABLE)
              for e in examples() if e.signals]  # fmt: skip

    fitted = fit(turned)

    for name in NAMES:
        weight = getattr(fitted.signals, name)
        assert weight <= 0 if name in AGAINST else weight >= 0


def test_few_questions_of_an_authority_stay_near_the_weights_given():
    given = standard()
    few, afresh = fit(examples(many=4), near=given), fit(examples(many=4))

    def far(fitted: Weights) -> float:
        pairs = zip(astuple(fitted.signals), astuple(given.signals), strict=True)
        return sum(abs(one - other) for one, other in pairs)

    assert 3 * far(few) < far(afresh)


def test_better_means_surer_and_not_one_more_question_about_something_else():
    before = Quality(0.5, 0.1, 0.1, 0.3, 0.8)

    assert is_better(before, replace(before, loss=0.4))
    assert not is_better(before, replace(before, loss=0.4, short_off_topic=0.2))
    assert not is_better(before, replace(before, loss=0.4, long_off_topic=0.2))
    assert not is_better(before, before)


def test_quality_speaks_of_nine_answered_in_ten():
    seen = quality(examples(2), fit(examples(1)))

    assert seen.short_off_topic is not None
    assert seen.short_off_topic <= 0.1
    assert set(seen.as_data()) == {*vars(seen)}


@pytest.mark.django_db
def test_the_last_calibration_is_in_force_until_it_is_forgotten():
    town = AuthorityFactory.create()
    mine = replace(standard(), answer=0.6)
    seen = Quality(0.4, 0.1, 0.1, 0.3, 0.8)

    actions.keep_weights(town, mine, questions=50, before=seen, after=seen, now=NOON)

    assert deciding.weights_of(town.pk) == mine
    assert actions.forget_weights(town) == 1
    assert deciding.weights_of(town.pk) == standard()
    assert actions.forget_weights(town) == 0


def train(*options: str) -> str:
    out = io.StringIO()
    call_command("assistant", "train", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def questions(tmp_path):
    """Questions to two sheets, and as many about nothing that they know."""
    rows = []
    for n in range(40):
        half = "tuning" if n < 32 else "held_out"
        ours = f"horaires de la piscine municipale le {n} mai"
        rows.append({"question": ours, "expected_ids": ["SO-098"], "half": half})
        rows.append({"question": f"recette de gâteau {n} noix", "expected_ids": [], "half": half})
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture
def town(db):
    town = AuthorityFactory.create()
    local_sheet(town, ref="SO-098", title="Piscine municipale, horaires")
    local_sheet(town, ref="SO-012", title="Carte d’identité")
    return town


def test_the_command_says_before_and_after_and_keeps_what_is_better(town, questions):
    printed = train("--authority", town.slug, "--questions", str(questions))

    kept = Calibration.objects.filter(authority=town)
    assert "before" in printed or "avant" in printed
    assert kept.exists() == ("nothing was kept" not in printed and "rien" not in printed)
    for row in kept:
        assert row.after["loss"] < row.before["loss"]


def test_a_dry_run_keeps_nothing_and_a_file_can_be_written(town, questions, tmp_path):
    options = ("--authority", town.slug, "--questions", str(questions))
    train(*options, "--dry-run")
    train(*options, "--afresh", "--write", str(tmp_path / "w.json"))

    assert not Calibration.objects.exists()
    assert set(json.loads((tmp_path / "w.json").read_text())) == {
        "bias", "signals", "answer", "close",
    }  # fmt: skip


def test_too_little_to_learn_from_is_refused_with_a_sentence(town, tmp_path):
    one = tmp_path / "one.jsonl"
    one.write_text('{"question": "piscine", "expected_ids": ["SO-098"]}', encoding="utf-8")

    with pytest.raises(CommandError, match="30"):
        train("--authority", town.slug, "--questions", str(one))


def test_an_authority_that_does_not_exist_is_named(town):
    with pytest.raises(CommandError, match=town.slug):
        train("--authority", "nulle-part")
    with pytest.raises(CommandError, match=town.slug):
        call_command("assistant", "forget", "--authority", "nulle-part")
