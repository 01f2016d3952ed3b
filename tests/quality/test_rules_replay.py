from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parvis.quality.rules.replay import Change, curve, drawing, fullest, hall_at

NINE = datetime(2026, 3, 2, 8, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


MORNING = [
    Change(after(0), 1, "waiting"),
    Change(after(4), 2, "waiting"),
    Change(after(7), 1, "called", desk=5),
    Change(after(8), 1, "serving", desk=5),
    Change(after(12), 3, "waiting"),
    Change(after(20), 1, "done"),
    Change(after(21), 2, "called", desk=5),
    Change(after(30), 3, "left"),
]


def test_at_ten_past_one_waits_and_one_is_received() -> None:
    hall = hall_at(MORNING, after(10))
    (waiting,) = hall.waiting
    assert (waiting.ticket, waiting.minutes_so_far(after(10)), waiting.minutes_in_all()) == (
        2,
        6,
        17,
    )
    assert waiting.next is not None
    assert waiting.next.desk == 5
    (received,) = hall.at_desks
    assert (received.ticket, received.since) == (1, after(8))


def test_who_is_still_there_at_the_end_has_nothing_next() -> None:
    (received,) = hall_at(MORNING, after(60)).at_desks
    assert received.minutes_in_all() is None
    assert hall_at(MORNING, after(60)).waiting == ()


def test_before_the_doors_open_the_hall_is_empty() -> None:
    hall = hall_at(MORNING, after(-1))
    assert hall.waiting == hall.at_desks == hall.held == ()


def test_who_is_sent_on_before_being_received_waited_all_the_time() -> None:
    changes = [Change(after(0), 1, "waiting"), Change(after(5), 1, "waiting")]
    assert hall_at(changes, after(9)).waiting[0].since == after(0)


def test_the_longest_waiting_come_first() -> None:
    assert [one.ticket for one in hall_at(MORNING, after(13)).waiting] == [2, 3]


def test_the_curve_counts_people_and_open_desks() -> None:
    points = curve(MORNING, [(after(-30), after(15))], step=timedelta(minutes=5))
    told = [(point.waiting, point.received, point.desks) for point in points]
    assert told == [(1, 0, 1), (2, 0, 1), (1, 1, 1), (2, 1, 0), (2, 0, 0), (1, 1, 0), (0, 1, 0)]
    assert fullest(points) == after(5)


def test_a_desk_where_somebody_still_sits_is_open() -> None:
    assert curve(MORNING, [(after(3), None)], step=timedelta(minutes=5))[-1].desks == 1


def test_an_empty_day_has_no_curve() -> None:
    assert curve([], [], step=timedelta(minutes=5)) == []
    assert fullest([]) is None
    assert drawing([], None) is None


def test_the_marker_stands_within_the_drawing_or_not_at_all() -> None:
    points = curve(MORNING, [], step=timedelta(minutes=5))
    shown = drawing(points, after(15))
    assert shown is not None
    assert shown.marker is not None
    assert 28 <= shown.marker <= 716
    assert drawing(points, after(500)).marker is None  # type: ignore[union-attr]


@given(
    st.lists(
        st.builds(
            Change,
            st.integers(0, 600).map(after),
            st.integers(1, 9),
            st.sampled_from(["waiting", "called", "serving", "held", "done", "left"]),
        ),
        min_size=1,
        max_size=40,
    ).map(lambda changes: sorted(changes, key=lambda change: change.at))
)
def test_the_curve_and_the_hall_say_the_same(changes: list[Change]) -> None:
    for point in curve(changes, [], step=timedelta(minutes=5)):
        hall = hall_at(changes, point.at)
        assert (point.waiting, point.received) == (len(hall.waiting), len(hall.at_desks))
