"""Any verb in any order, over HTTP: a little at each run, all of it in tests/load."""

from contextlib import nullcontext

import pytest
from django.db import connection

from parvis.queue import claims
from parvis.queue.actions import legs
from tests.queue import machine, machine_town

pytestmark = pytest.mark.django_db


def test_any_verb_in_any_order_keeps_the_books_balanced() -> None:
    machine.run(examples=4, steps=25)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the machine is the same on both")
def test_pressing_at_random_finds_a_naive_order(monkeypatch):
    sql = claims._CLAIM[connection.vendor]
    naive = sql.replace("ORDER BY t.rank_at, t.id", "ORDER BY t.id")
    assert naive != sql
    monkeypatch.setitem(claims._CLAIM, connection.vendor, naive)

    with pytest.raises(AssertionError, match="the order: "):
        machine.run(examples=60, steps=30)


@pytest.mark.parametrize("is_broken", [True, False])
def test_the_machine_sees_a_leg_that_nobody_ended(monkeypatch, is_broken):
    if is_broken:
        monkeypatch.setattr(legs.Trail, "complete", lambda self, **how: None)

    with machine.town_of_the_machine():
        halls = machine.Halls()
        halls.open_the_doors(start=machine_town.STARTS[0])
        halls.several_come(site=0, people=[(0, "", 0), (0, "", 30)])
        halls.busy(first=0, calls=1, seconds=5)
        halls.press_outcome(who=0, outcome="resolved", then="")
        with pytest.raises(AssertionError, match="leg") if is_broken else nullcontext():
            halls.the_books_balance()
