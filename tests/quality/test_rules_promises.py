"""Was the announced wait right?"""

from parvis.quality.rules.promises import APPOINTMENT, NOTHING, Promise, promises_kept
from parvis.queue.rules.announced import Told


def told(low: int, high: int, *waits: float, was_called: bool = True) -> list[Promise]:
    return [Promise(Told(low, high, waited, was_called)) for waited in waits]


def test_right_is_within_the_range_ends_included():
    everybody, _long = promises_kept(told(10, 20, 10, 15, 20, 9.9, 20.1))

    assert (everybody.numerator, everybody.denominator, everybody.value) == (3, 5, 0.6)
    assert everybody.detail == {"called_early": 1, "called_late": 1}


def test_those_told_little_are_left_out_of_the_second_share_and_counted():
    rows = [*told(0, 5, 1, 2, 3, 4, 9), *told(10, 20, 12, 13, 14, 15, 50)]

    everybody, long = promises_kept(rows)

    assert (everybody.numerator, everybody.denominator) == (8, 10)
    assert (long.numerator, long.denominator) == (4, 5)
    assert long.excluded == {"told_little": 5}


def test_who_left_before_is_not_known_and_who_left_after_was_told_too_little():
    rows = [*told(10, 20, 12, 12, 12, 12), *told(10, 20, 8, 25, was_called=False)]

    everybody, _long = promises_kept(rows)

    assert (everybody.numerator, everybody.denominator) == (4, 5)
    assert everybody.excluded == {"left_before": 1}


def test_what_cannot_be_judged_is_counted_by_its_reason_in_both():
    rows = [Promise(left_out=APPOINTMENT), Promise(left_out=NOTHING), *told(10, 20, *[15.0] * 5)]

    for measure in promises_kept(rows):
        assert measure.excluded == {APPOINTMENT: 1, NOTHING: 1}
        assert measure.value == 1


def test_fewer_than_five_say_nothing():
    everybody, long = promises_kept(told(10, 20, 12, 13, 14, 15))

    assert everybody.hidden
    assert long.value is None
