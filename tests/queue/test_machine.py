"""Any verb in any order, over HTTP: a little at each run, all of it in tests/load."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from parvis.queue.actions import legs, tickets
from tests.queue import machine

pytestmark = pytest.mark.django_db


def test_any_verb_in_any_order_keeps_the_books_balanced() -> None:
    machine.run(examples=4, steps=25)


def lets_priorities_pass_without_end(arrival: Any, *, has_priority: bool, **_more: Any) -> Any:
    return arrival - timedelta(hours=5) if has_priority else arrival


@pytest.mark.parametrize("is_broken", [True, False])
def test_the_machine_sees_somebody_passed_beyond_the_declared_limit(monkeypatch, is_broken):
    if is_broken:
        monkeypatch.setattr(tickets.rules, "rank_at", lets_priorities_pass_without_end)

    with machine.town_of_the_machine():
        halls = machine.Halls()
        halls.open_the_doors(start=machine.STARTS[0])
        halls.several_come(site=0, people=[(0, "", 0), (0, "card", 1300)])
        with pytest.raises(AssertionError, match="passes") if is_broken else nullcontext():
            halls.busy(first=0, calls=2, seconds=5)


@pytest.mark.parametrize("is_broken", [True, False])
def test_the_machine_sees_a_leg_that_nobody_ended(monkeypatch, is_broken):
    if is_broken:
        monkeypatch.setattr(legs.Trail, "complete", lambda self, **how: None)

    with machine.town_of_the_machine():
        halls = machine.Halls()
        halls.open_the_doors(start=machine.STARTS[0])
        halls.several_come(site=0, people=[(0, "", 0), (0, "", 30)])
        halls.busy(first=0, calls=1, seconds=5)
        halls.press_outcome(who=0, outcome="resolved", then="")
        with pytest.raises(AssertionError, match="leg") if is_broken else nullcontext():
            halls.the_books_balance()
