"""What the hall announces holds about eight times in ten, in halls that it has never seen."""

from random import Random

import pytest

from parvis.demo import arrivals, promises
from parvis.demo.arrivals import Stretch
from parvis.demo.hall import Leg, Post, Story, Visit, play
from parvis.queue.rules import WaitRange

MORNING, AFTERNOON = (30_600, 45_000), (48_600, 63_000)
DAY = [Stretch(start, end, start) for start, end in (MORNING, AFTERNOON)]
PEAK = [(36_000, 43_200)]
FAIRNESS = 20 * 60
# The lines of the town: people a day, minutes at the desk, variation, desks all day, at the peak.
LINES = [
    ("general", 95, 3.5, 0.8, 1, 1),
    ("civil status", 70, 8, 0.7, 2, 1),
    ("family", 38, 10, 0.8, 1, 0),
    ("social action", 32, 14, 0.9, 1, 1),
]


def a_day(chance: Random, volume: float, minutes: float, cv: float, base: int, more: int):
    visits = []
    for at in arrivals.times(chance, volume * chance.choice((0.9, 1.0, 1.2)), DAY):
        leg = Leg("topic", "line", arrivals.lognormal(chance, minutes * 60, cv))
        visit = Visit(at, leg, arrivals.patience(chance), silent=chance.random() < 0.4)
        if chance.random() < 0.05:
            visit.priority, visit.head_start = "card", FAIRNESS
        visits.append(visit)
    posts = [Post(str(n), "line", [MORNING, AFTERNOON]) for n in range(base)]
    posts += [Post(str(base + n), "line", list(PEAK), stays=False) for n in range(more)]
    return play(visits, posts, chance), posts


def announced(seed: int, line: tuple, *, learned: int = 6, days: int = 10) -> list[Story]:
    chance, memory, stories = Random(seed), promises.Memory({"topic": line[1]}), []
    for number in range(learned + days):
        today, posts = a_day(chance, *line)
        if number >= learned:
            promises.tell(today, posts, memory)
            stories += today
        memory.learn(today)
    return stories


def kept(stories: list[Story]) -> list[bool]:
    """For each who was told and called: was it true?"""
    found = []
    for story in stories:
        called = next((step.at for step in story.steps if step.kind == "called"), None)
        if story.told and called is not None:
            waited = (called - story.visit.at) / 60
            found.append(story.told.low_minutes <= waited <= story.told.high_minutes)
    return found


def made_to_wait(stories: list[Story]) -> list[Story]:
    """Those who were told more than "less than five minutes"."""
    return [story for story in stories if story.told and story.told.high_minutes > 5]


@pytest.mark.parametrize("seed", [11, 222, 3333])
def test_eight_waits_in_ten_are_within_what_was_announced(seed: int):
    stories = [story for line in LINES for story in announced(seed, line[1:])]
    everybody, queued = kept(stories), kept(made_to_wait(stories))

    assert len(queued) > 800
    assert 0.70 <= sum(queued) / len(queued) <= 0.92
    # "Less than five minutes" to whom a desk stands free is nearly always true.
    assert 0.70 <= sum(everybody) / len(everybody) <= 0.95


@pytest.mark.parametrize("line", LINES, ids=[line[0] for line in LINES])
def test_no_line_is_told_wrong_more_often_than_three_times_in_ten(line: tuple):
    stories = [story for seed in (5, 6) for story in announced(seed, line[1:])]
    queued = kept(made_to_wait(stories))

    assert sum(queued) / len(queued) >= 0.70


def test_ranges_stay_of_use():
    told = [s.told for s in made_to_wait(announced(7, LINES[1][1:])) if s.told]
    widths = sorted(wait.high_minutes - wait.low_minutes for wait in told)

    assert widths[len(widths) // 2] <= 15


def test_the_first_of_the_day_is_told_that_it_will_not_be_long():
    assert announced(8, LINES[0][1:])[0].told == WaitRange(0, 5)
