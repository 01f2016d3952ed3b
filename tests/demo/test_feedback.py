"""In the usual town a long wait costs satisfaction; in the null town it must not."""

from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from parvis.demo.books import Books
from parvis.demo.content import loader
from parvis.demo.feedback import Asked, Opinions


class _Kept:
    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any, **_more: Any) -> int:
        self.rows.append(values)
        return len(self.rows)


def _content_share(wait: float, *, waits_matter: bool, channel: str = "desk") -> float:
    responses = _Kept()
    books = cast(Books, SimpleNamespace(responses=responses, journal=_Kept()))
    opinions = Opinions(loader.load(), books, 2**40, waits_matter)
    chance = Random(5)
    for number in range(8000):
        opinions.ask(
            chance, Asked(1, number, channel, "ecole", 0, wait, declared=True, comes_back=False)
        )
    given = [row[5] for row in responses.rows]
    return sum(1 for value in given if value >= 4) / len(given)


def test_a_long_wait_costs_satisfaction() -> None:
    assert _content_share(40, waits_matter=True) < _content_share(2, waits_matter=True) - 0.2


def test_in_the_null_town_waits_cost_nothing() -> None:
    difference = _content_share(40, waits_matter=False) - _content_share(2, waits_matter=False)
    assert difference == pytest.approx(0, abs=1e-9)


def test_answers_come_as_often_as_each_channel_gives_them() -> None:
    responses = _Kept()
    books = cast(Books, SimpleNamespace(responses=responses, journal=_Kept()))
    opinions = Opinions(loader.load(), books, 2**40)
    for number in range(10_000):
        asked = Asked(1, number, "phone", "ecole", 0, 0, declared=True, comes_back=False)
        opinions.ask(Random(number), asked)
    assert len(responses.rows) / 10_000 == pytest.approx(0.09, abs=0.012)
    assert {row[3] for row in responses.rows} == {"api"}


def test_nobody_answers_after_the_history_ended() -> None:
    responses = _Kept()
    books = cast(Books, SimpleNamespace(responses=responses, journal=_Kept()))
    opinions = Opinions(loader.load(), books, limit=1000)
    for number in range(500):
        asked = Asked(1, number, "desk", "ecole", 999, 0, declared=True, comes_back=False)
        opinions.ask(Random(number), asked)
    assert responses.rows == []
