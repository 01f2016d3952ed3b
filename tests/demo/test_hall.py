"""A played day behaves like a hall, and its waits are those that were computed for the town."""

import math
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.demo import arrivals
from parvis.demo.arrivals import Stretch
from parvis.demo.hall import OVERRUN, Leg, Post, Story, Visit, play

MORNING, AFTERNOON = (30_600, 45_000), (48_600, 63_000)
DAY = [Stretch(start, end, start) for start, end in (MORNING, AFTERNOON)]
PEAK = [(36_000, 43_200)]


def _day(
    chance: Random, volume: float, minutes: float, cv: float, desks: tuple[int, int]
) -> list[Story]:
    visits = [
        Visit(
            at,
            Leg("topic", "line", arrivals.lognormal(chance, minutes * 60, cv)),
            patience=arrivals.patience(chance),
            silent=chance.random() < 0.4,
        )
        for at in arrivals.times(chance, volume, DAY)
    ]
    base, at_peak = desks
    posts = [Post(str(n), "line", [MORNING, AFTERNOON]) for n in range(base)]
    posts += [Post(f"p{n}", "line", list(PEAK), stays=False) for n in range(at_peak - base)]
    return play(visits, posts, chance)


def _wait(story: Story) -> float | None:
    started = next((step.at for step in story.steps if step.kind == "started"), None)
    return None if started is None else (started - story.visit.at) / 60


# Of the table of the plausibility run, the staffing that the town has: people a day, minutes,
# variation, desks (all day / 10-12 h), and what was computed for them: p50, p90, the share within
# ten minutes, the share who left.
TABLE = [
    ("general", 95, 3.5, 0.8, (1, 2), 0.6, 11.4, 0.88, 0.025),
    ("civil status", 70, 8, 0.7, (2, 3), 0.0, 8.5, 0.92, 0.016),
    ("family", 38, 10, 0.8, (1, 1), 7.4, 41.3, 0.56, 0.083),
    ("family", 38, 10, 0.8, (2, 2), 0.0, 7.0, 0.94, 0.014),
    ("social action", 32, 14, 0.9, (1, 2), 4.4, 45.0, 0.61, 0.074),
    ("social action", 32, 14, 0.9, (2, 2), 0.0, 13.3, 0.86, 0.024),
]


@pytest.mark.parametrize(
    ("name", "volume", "minutes", "cv", "desks", "p50", "p90", "ten", "left"), TABLE
)
def test_waits_are_those_of_the_town(  # the table is wide
    name: str, volume: float, minutes: float, cv: float, desks: tuple[int, int],
    p50: float, p90: float, ten: float, left: float,
) -> None:  # fmt: skip
    chance = Random(f"{name}{desks}")
    stories = [s for _day_ in range(150) for s in _day(chance, volume, minutes, cv, desks)]
    waits = sorted(wait for story in stories if (wait := _wait(story)) is not None)
    gone = 1 - len(waits) / len(stories)
    within = sum(wait <= 10 for wait in waits) / len(waits)
    assert waits[len(waits) // 2] == pytest.approx(p50, abs=2.5)
    assert waits[int(len(waits) * 0.9)] == pytest.approx(p90, rel=0.25, abs=2)
    assert within == pytest.approx(ten, abs=0.06)
    assert gone == pytest.approx(left, abs=0.015)


@given(seed=st.integers(0, 10_000), volume=st.integers(1, 90), desks=st.integers(1, 3))
def test_every_visit_ends_once_and_time_runs_forward(seed: int, volume: int, desks: int) -> None:
    for story in _day(Random(seed), volume, 7, 0.8, (desks, desks)):
        kinds = [step.kind for step in story.steps]
        moments = [step.at for step in story.steps]
        assert kinds[0] == "issued"
        assert kinds[-1] in {"finished", "left", "no_show"}
        assert sum(kind in {"finished", "left", "no_show"} for kind in kinds) == 1
        assert moments == sorted(moments)


@given(seed=st.integers(0, 10_000), volume=st.integers(1, 90))
def test_a_desk_never_has_two_people_at_once(seed: int, volume: int) -> None:
    chance = Random(seed)
    busy: dict[str, list[tuple[int, int]]] = {}
    for story in _day(chance, volume, 9, 0.8, (1, 2)):
        called = next((step for step in story.steps if step.kind == "called"), None)
        if called is not None:
            busy.setdefault(called.desk, []).append((called.at, story.steps[-1].at))
    for spans in busy.values():
        spans.sort()
        assert all(end <= start for (_s, end), (start, _e) in pairwise(spans))


def _one(visit: Visit, *posts: Post) -> Story:
    return play([visit], posts or (Post("1", "line", [MORNING]),), Random(1))[0]


def test_who_has_a_priority_is_called_before_who_came_a_little_earlier() -> None:
    first = Visit(31_000, Leg("t", "line", 900))
    second = Visit(31_100, Leg("t", "line", 60))
    third = Visit(31_200, Leg("t", "line", 60), priority="child", head_start=1200)
    told = play([first, second, third], [Post("1", "line", [MORNING])], Random(1))
    calls = [next(step.at for step in story.steps if step.kind == "called") for story in told]
    assert calls[0] < calls[2] < calls[1]


def test_who_left_without_a_word_is_called_twice_in_vain() -> None:
    long = Visit(31_000, Leg("t", "line", 3600))
    gone = Visit(31_100, Leg("t", "line", 60), patience=300, silent=True)
    told = play([long, gone], [Post("1", "line", [MORNING])], Random(1))
    assert [step.kind for step in told[1].steps] == ["issued", "called", "recalled", "no_show"]


def test_who_is_sent_on_keeps_the_arrival_and_ends_in_the_other_line() -> None:
    visit = Visit(31_000, Leg("t", "line", 600), onward=Leg("other", "second", 300))
    told = _one(visit, Post("1", "line", [MORNING]), Post("2", "second", [MORNING]))
    kinds = [step.kind for step in told.steps]
    assert kinds == ["issued", "called", "started", "transferred", "called", "started", "finished"]
    assert told.steps[-1].desk == "2"
    assert told.leg.topic == "other"


def test_who_is_set_aside_comes_back_to_the_same_desk() -> None:
    told = _one(Visit(31_000, Leg("t", "line", 600), hold=400))
    kinds = [step.kind for step in told.steps]
    assert kinds == ["issued", "called", "started", "held", "resumed", "started", "finished"]


def test_whoever_is_left_when_the_last_desk_closes_goes_home() -> None:
    told = play(
        [Visit(44_900, Leg("t", "line", 4 * 3600)), Visit(44_950, Leg("t", "line", 60))],
        [Post("1", "line", [MORNING])],
        Random(1),
    )
    assert told[1].steps[-1].kind == "left"
    assert told[1].steps[-1].at >= MORNING[1] + OVERRUN


@given(st.floats(1, 60), st.floats(0.1, 1.5))
def test_a_duration_has_the_mean_it_was_asked_for(mean: float, cv: float) -> None:
    chance = Random(1)
    drawn = [arrivals.lognormal(chance, mean, cv) for _one in range(4000)]
    assert sum(drawn) / len(drawn) == pytest.approx(mean, rel=0.15)
    assert all(value > 0 and math.isfinite(value) for value in drawn)


def test_the_busiest_hour_of_a_desk_is_between_ten_and_eleven() -> None:
    chance = Random(1)
    hours = [at // 3600 for _d in range(40) for at in arrivals.times(chance, 95, DAY)]
    counts = {hour: hours.count(hour) for hour in set(hours)}
    assert max(counts, key=lambda hour: counts[hour]) == 10
    assert counts[10] / len(hours) == pytest.approx(0.175, abs=0.02)


def test_nobody_comes_while_the_hall_is_closed() -> None:
    chance = Random(1)
    for at in arrivals.times(chance, 200, DAY):
        assert any(stretch.start <= at < stretch.end for stretch in DAY)
    assert arrivals.times(chance, 200, []) == []


def test_monday_after_a_holiday_is_busier_than_a_friday_in_august() -> None:
    busy = arrivals.busyness(month=9, weekday=0, after_holiday=True)
    calm = arrivals.busyness(month=8, weekday=4, after_holiday=False)
    assert busy > 2 * calm


@given(st.floats(0.01, 200), st.integers(0, 1000))
def test_how_many_come_is_never_negative(mean: float, seed: int) -> None:
    assert arrivals.poisson(Random(seed), mean) >= 0
