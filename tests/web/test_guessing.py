"""Guessing the topic, on invented sentences and the catalogue of the demo town."""

import time
from functools import cache
from pathlib import Path

import pytest

from parvis.demo.content.loader import load
from parvis.web.guessing import Around, Described, Vocabulary, guess

SENTENCES = Path(__file__).with_name("sentences.txt")
FIRST, THREE = 0.70, 0.85  # shares that may not be lost; the printed ones are higher
BUDGET = 0.150  # seconds of a search, at the 95th percentile


def asked() -> list[tuple[str, str]]:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return [(said, meant) for said, meant in pairs]


@cache
def catalogue() -> tuple[Vocabulary, dict[int, str]]:
    content = load()
    sheets = content.sheet_by_topic
    families = {family.slug: family.name.fr for family in content.topics.families}
    described, slugs = [], {}
    for number, topic in enumerate(content.topics.topics, start=1):
        sheet = sheets.get(topic.slug)
        names = [topic.name.fr, topic.name.en, topic.kiosk_label.fr]
        described.append(
            Described(
                number,
                names,
                families[topic.family],
                sheet.synonyms if sheet else (),
                [sheet.title.fr] if sheet else (),
            )
        )
        slugs[number] = topic.slug
    return Vocabulary(described), slugs


def guesses(typed: str, around: Around | None = None) -> list[str]:
    vocabulary, slugs = catalogue()
    return [slugs[one.topic_id] for one in guess(typed, vocabulary, around)]


def test_invented_sentences_lead_to_their_topic(capsys: pytest.CaptureFixture[str]):
    found = [(said, meant, guesses(said)) for said, meant in asked()]

    first = sum(meant in topics[:1] for _said, meant, topics in found) / len(found)
    three = sum(meant in topics[:3] for _said, meant, topics in found) / len(found)
    with capsys.disabled():
        print(f"\ntopic guess: {len(found)} sentences, hit@1 {first:.2f}, hit@3 {three:.2f}")
        for said, meant, topics in found:
            if meant not in topics[:3]:
                print(f"  missed: {said!r} means {meant}, guessed {topics[:3]}")
    assert first >= FIRST
    assert three >= THREE


def test_a_guess_is_faster_than_a_search():
    vocabulary, _slugs = catalogue()
    times = []
    for said, _meant in asked():
        for end in range(3, len(said) + 1, 4):
            began = time.perf_counter()
            guess(said[:end], vocabulary)
            times.append(time.perf_counter() - began)

    assert sorted(times)[int(len(times) * 0.95)] < BUDGET
