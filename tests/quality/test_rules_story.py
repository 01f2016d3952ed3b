from datetime import UTC, datetime, timedelta

import pytest

from parvis.quality.rules.legs import LegEnd
from parvis.quality.rules.story import Passed, Told, legs_of

EIGHT = datetime(2026, 3, 3, 7, tzinfo=UTC)
CIVIL, TAXES = 1, 2


def events(*steps: tuple[str, float]) -> list[tuple[int, datetime, str]]:
    return [
        (number, EIGHT + timedelta(minutes=minute), kind)
        for number, (kind, minute) in enumerate(steps, start=1)
    ]


def minutes(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - EIGHT).total_seconds() / 60


def test_a_plain_visit_is_one_leg() -> None:
    (leg,) = legs_of(
        Told(7, CIVIL), events(("issued", 0), ("called", 5), ("started", 6), ("finished", 14))
    )

    assert (leg.ticket, leg.topic, leg.number, leg.calls) == (7, CIVIL, 1, 1)
    assert leg.end is LegEnd.SERVED
    moments = [leg.joined_at, leg.called_at, leg.started_at, leg.ended_at]
    assert [minutes(moment) for moment in moments] == [0, 5, 6, 14]


def test_finishing_without_start_means_that_the_person_came_when_called() -> None:
    (leg,) = legs_of(
        Told(7, CIVIL), events(("issued", 0), ("called", 4), ("recalled", 5), ("finished", 9))
    )

    assert minutes(leg.started_at) == 5
    assert minutes(leg.called_at) == 4
    assert leg.calls == 2


def test_a_transfer_after_service_begins_the_next_leg_with_its_own_topic() -> None:
    steps = events(
        ("issued", 0), ("called", 3), ("started", 3), ("transferred", 8),
        ("called", 15), ("started", 15), ("finished", 20),
    )  # fmt: skip

    first, second = legs_of(Told(7, TAXES, passed={4: Passed(CIVIL, TAXES)}), steps)

    assert (first.topic, first.number, first.end) == (CIVIL, 1, LegEnd.SERVED)
    assert minutes(first.ended_at) == minutes(second.joined_at) == 8
    assert (second.topic, second.number, minutes(second.called_at)) == (TAXES, 2, 15)


def test_whoever_is_passed_on_while_still_waiting_waits_on_in_the_same_leg() -> None:
    steps = events(("issued", 0), ("transferred", 6), ("called", 12), ("finished", 20))

    (leg,) = legs_of(Told(7, TAXES, passed={2: Passed(CIVIL, TAXES)}), steps)

    assert (leg.number, leg.topic) == (1, TAXES)
    assert (minutes(leg.joined_at), minutes(leg.started_at)) == (0, 12)


def test_being_set_aside_and_called_back_stays_one_service() -> None:
    steps = events(
        ("issued", 0), ("called", 4), ("held", 6), ("resumed", 20), ("started", 20),
        ("finished", 25),
    )  # fmt: skip

    (leg,) = legs_of(Told(7, CIVIL), steps)

    assert (minutes(leg.started_at), minutes(leg.ended_at)) == (4, 25)


def test_what_was_undone_never_happened() -> None:
    steps = events(
        ("issued", 0), ("called", 4), ("no_show", 6), ("undone", 6.1), ("started", 7),
        ("finished", 15),
    )  # fmt: skip

    (leg,) = legs_of(Told(7, CIVIL, undone={3}), steps)

    assert leg.end is LegEnd.SERVED
    assert minutes(leg.started_at) == 7


def test_an_undone_call_leaves_the_person_waiting() -> None:
    (leg,) = legs_of(
        Told(7, CIVIL, undone={2}), events(("issued", 0), ("called", 4), ("undone", 4.1))
    )

    assert leg.end is LegEnd.OPEN
    assert (leg.called_at, leg.calls) == (None, 0)


@pytest.mark.parametrize(
    ("steps", "end", "abandoned"),
    [
        ([("left", 12)], LegEnd.LEFT, True),
        ([("called", 5), ("no_show", 7)], LegEnd.NO_SHOW, False),
        ([("called", 5), ("recalled", 6), ("no_show", 7)], LegEnd.NO_SHOW, True),
        ([("called", 5), ("held", 6), ("resumed", 9), ("no_show", 11)], LegEnd.NO_SHOW, False),
    ],
)
def test_giving_up_is_leaving_or_two_calls_in_vain(
    steps: list[tuple[str, float]], end: LegEnd, abandoned: bool
) -> None:
    (leg,) = legs_of(Told(7, CIVIL), events(("issued", 0), *steps))

    assert (leg.end, leg.is_abandoned) == (end, abandoned)
    assert leg.is_consistent


@pytest.mark.parametrize(
    ("steps", "end"),
    [
        ([("forgotten", 0)], LegEnd.LEFT),
        ([("called", 5), ("forgotten", 5)], LegEnd.NO_SHOW),
        ([("called", 5), ("started", 6), ("forgotten", 6)], LegEnd.SERVED),
    ],
)
def test_a_forgotten_ticket_ends_where_it_was_last_seen(
    steps: list[tuple[str, float]], end: LegEnd
) -> None:
    (leg,) = legs_of(Told(7, CIVIL), events(("issued", 0), *steps))

    assert leg.end is end
    assert leg.is_consistent


def test_events_out_of_order_are_read_by_their_number() -> None:
    steps = events(("issued", 0), ("called", 5), ("finished", 14))

    assert legs_of(Told(7, CIVIL), reversed(steps)) == legs_of(Told(7, CIVIL), steps)
