"""The clock of silence: the examples of the law, then two years of everything else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.cases.rules import silence
from parvis.cases.rules.silence import Facts, Item, Meaning, Standing, Terms, Why

ACCEPTS = Terms(Meaning.ACCEPTANCE, 2)
REFUSES = Terms(Meaning.REJECTION, 2)
MARCH_3 = date(2026, 3, 3)


def received(day: date, *items: Item, decided_on: date | None = None) -> Facts:
    return Facts(day, day, items, decided_on)


def falls(terms: Terms, facts: Facts) -> date | None:
    return silence.what_silence_means(terms, facts).falls_on


def whys(terms: Terms, facts: Facts) -> list[Why]:
    return [step.why for step in silence.what_silence_means(terms, facts).steps]


def test_a_complaint_posted_in_february_counts_from_its_arrival_in_march():
    assert falls(silence.COMPLAINT, received(MARCH_3)) == date(2026, 5, 3)


def test_acceptance_counts_from_the_second_body_and_refusal_from_the_first():
    sent_on = Facts(MARCH_3, date(2026, 3, 20))

    assert falls(ACCEPTS, sent_on) == date(2026, 5, 20)
    assert falls(REFUSES, sent_on) == date(2026, 5, 3)


def test_no_acceptance_before_the_competent_body_has_it():
    nowhere = silence.what_silence_means(ACCEPTS, Facts(MARCH_3, None))

    assert (nowhere.falls_on, nowhere.standing) == (None, Standing.ELSEWHERE)
    assert falls(REFUSES, Facts(MARCH_3, None)) == date(2026, 5, 3)


def test_incomplete_twice_and_the_second_time_still_open():
    first = Item(date(2026, 3, 10), date(2026, 3, 31), date(2026, 3, 20), words="plan")
    second = Item(date(2026, 4, 1), date(2026, 4, 15), words="photo")

    waiting = silence.what_silence_means(ACCEPTS, received(MARCH_3, first, second))
    assert (waiting.falls_on, waiting.standing) == (None, Standing.INCOMPLETE)
    # Ten days, then fourteen: the refusal is suspended for the time that was given.
    assert falls(REFUSES, received(MARCH_3, first, second)) == date(2026, 5, 27)
    came = replace(second, received_on=date(2026, 4, 5))
    assert falls(ACCEPTS, received(MARCH_3, first, came)) == date(2026, 6, 5)
    assert falls(REFUSES, received(MARCH_3, first, came)) == date(2026, 5, 17)


def test_access_to_documents_is_refused_after_one_month():
    assert falls(silence.DOCUMENTS, received(MARCH_3)) == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 12, 29), 2, date(2027, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 10, 25), 2, date(2026, 12, 25)),  # across the change of the clocks
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 0, date(2026, 8, 31)),
    ],
)
def test_months_go_from_date_to_date(start: date, months: int, end: date):
    assert silence.add_months(start, months) == end


def test_what_is_asked_once_silence_has_spoken_takes_nothing_back():
    late = Item(date(2026, 5, 4), date(2026, 6, 1))

    for terms in (ACCEPTS, REFUSES):
        assert falls(terms, received(MARCH_3, late)) == date(2026, 5, 3)
        assert Why.ASKED_TOO_LATE in whys(terms, received(MARCH_3, late))


def test_two_requests_of_the_same_days_suspend_once():
    one = Item(date(2026, 3, 10), date(2026, 3, 20))
    other = Item(date(2026, 3, 15), date(2026, 3, 25))

    assert falls(REFUSES, received(MARCH_3, one, other)) == date(2026, 5, 18)


def test_a_request_without_a_last_day_suspends_no_refusal():
    assert falls(REFUSES, received(MARCH_3, Item(date(2026, 3, 10)))) == date(2026, 5, 3)


def test_an_answer_in_time_ends_the_clock_and_a_late_one_is_said_to_be_late():
    in_time = silence.what_silence_means(ACCEPTS, received(MARCH_3, decided_on=date(2026, 5, 3)))
    late = silence.what_silence_means(ACCEPTS, received(MARCH_3, decided_on=date(2026, 5, 4)))

    assert (in_time.falls_on, in_time.standing) == (None, Standing.ANSWERED)
    assert late.falls_on == date(2026, 5, 3)
    assert late.steps[-1].why is Why.ANSWERED_LATE


def test_on_the_day_itself_nothing_has_fallen_yet():
    counted = silence.what_silence_means(ACCEPTS, received(MARCH_3))

    assert not counted.has_fallen(date(2026, 5, 3))
    assert counted.has_fallen(date(2026, 5, 4))
    assert counted.days_left(date(2026, 5, 1)) == 2


def test_silence_without_effect_has_no_date():
    none = silence.what_silence_means(Terms(Meaning.NONE, 0), received(MARCH_3))

    assert (none.falls_on, none.standing) == (None, Standing.NO_EFFECT)
    assert none.days_left(MARCH_3) is None


def test_every_step_that_binds_names_its_article():
    facts = received(MARCH_3, Item(date(2026, 3, 10), date(2026, 3, 20), is_indispensable=False))

    for terms in (ACCEPTS, REFUSES):
        assert all(step.article for step in silence.what_silence_means(terms, facts).steps)


def test_no_period_of_appeal_runs_without_a_proper_receipt():
    refused = date(2026, 5, 3)

    without = silence.appeal(refused, proper_receipt=False)
    assert (without.is_running, without.article) == (False, "L112-6")
    assert silence.appeal(refused, proper_receipt=True).ends_on == date(2026, 7, 3)
    again = silence.appeal(refused, proper_receipt=True, motives_given_on=date(2026, 6, 10))
    assert again.ends_on == date(2026, 8, 10)


def test_motives_are_owed_within_a_month_when_asked_for_in_time():
    refused = date(2026, 5, 3)
    period = silence.appeal(refused, proper_receipt=True)

    def due(asked_on: date) -> date | None:
        return silence.motives_due_on(asked_on, refused_on=refused, period=period)

    assert due(date(2026, 5, 31)) == date(2026, 6, 30)
    assert due(refused) is None
    assert due(date(2026, 7, 4)) is None
    open_end = silence.appeal(refused, proper_receipt=False)
    assert silence.motives_due_on(date(2026, 7, 4), refused_on=refused, period=open_end)


def test_the_certificate_exists_once_silence_has_accepted():
    accepted = silence.what_silence_means(ACCEPTS, received(MARCH_3))
    refused = silence.what_silence_means(REFUSES, received(MARCH_3))
    later = date(2026, 6, 1)

    assert silence.certificate_may_be_asked(accepted, later)
    assert not silence.certificate_may_be_asked(accepted, MARCH_3)
    assert not silence.certificate_may_be_asked(refused, later)


def test_a_request_sent_on_tells_its_two_clocks():
    assert silence.forwarded(MARCH_3, 2).rejection_on == date(2026, 5, 3)


def test_a_fortnight_before_somebody_looks():
    today = date(2026, 5, 1)

    assert silence.is_near(date(2026, 5, 15), today)
    assert silence.is_near(date(2026, 4, 1), today)
    assert not silence.is_near(date(2026, 5, 16), today)
    assert not silence.is_near(None, today)


FIRST = date(2027, 1, 1)
days = st.integers(0, 730).map(lambda n: FIRST + timedelta(days=n))
terms = st.builds(
    Terms, st.sampled_from([Meaning.ACCEPTANCE, Meaning.REJECTION]), st.integers(1, 12)
)


@st.composite
def asked(draw: st.DrawFn, *, indispensable: bool | None = None) -> Item:
    asked_on = draw(days)
    some_days = st.none() | st.integers(0, 120).map(lambda n: asked_on + timedelta(days=n))
    return Item(
        asked_on,
        draw(some_days),
        draw(some_days),
        draw(st.booleans()) if indispensable is None else indispensable,
        draw(st.sampled_from(["plan", "photo"])),
    )


@st.composite
def stories(draw: st.DrawFn) -> Facts:
    first = draw(days)
    later = st.none() | st.integers(0, 90).map(lambda n: first + timedelta(days=n))
    return Facts(first, draw(later), tuple(draw(st.lists(asked(), max_size=4))))


def not_earlier(after: date | None, before: date | None) -> bool:
    return after is None or (before is not None and after >= before)


@given(terms, stories())
def test_no_date_comes_before_its_start(terms: Terms, facts: Facts):
    found = falls(terms, facts)

    if found is not None:
        assert found >= silence.add_months(facts.first_received_on, terms.months)
        if terms.meaning is Meaning.ACCEPTANCE:
            assert facts.competent_received_on is not None
            assert found >= silence.add_months(facts.competent_received_on, terms.months)


@given(terms, stories(), asked(indispensable=True))
def test_one_more_indispensable_thing_never_brings_the_date_forward(
    terms: Terms, facts: Facts, item: Item
):
    more = replace(facts, items=(*facts.items, item))

    assert not_earlier(falls(terms, more), falls(terms, facts))


@given(terms, stories(), asked(indispensable=True), st.integers(1, 60))
def test_waiting_longer_never_brings_the_date_forward(
    terms: Terms, facts: Facts, item: Item, longer: int
):
    came = item.received_on or item.asked_on
    early = replace(facts, items=(*facts.items, replace(item, received_on=came)))
    for received_on in (came + timedelta(days=longer), None):
        late = replace(facts, items=(*facts.items, replace(item, received_on=received_on)))
        assert not_earlier(falls(terms, late), falls(terms, early))


@given(terms, stories(), st.lists(asked(indispensable=False), max_size=4))
def test_what_is_not_indispensable_changes_no_date(terms: Terms, facts: Facts, items: list[Item]):
    more = replace(facts, items=(*facts.items, *items))

    assert falls(terms, more) == falls(terms, facts)


@given(terms, stories(), st.randoms(use_true_random=False))
def test_the_order_in_which_it_was_written_down_does_not_matter(
    terms: Terms, facts: Facts, chance: object
):
    items = list(facts.items)
    chance.shuffle(items)  # type: ignore[attr-defined]

    found = silence.what_silence_means(terms, replace(facts, items=tuple(items)))
    assert found == silence.what_silence_means(terms, facts)


@given(terms, stories(), days)
def test_an_answer_never_moves_the_day_it_only_ends_the_clock(
    terms: Terms, facts: Facts, decided_on: date
):
    before = falls(terms, facts)
    after = falls(terms, replace(facts, decided_on=decided_on))

    assert after in (None, before)
    assert (after is None) == (before is None or decided_on <= before)


@given(days, st.integers(0, 24), st.integers(0, 24))
def test_more_months_never_end_earlier(day: date, months: int, more: int):
    assert silence.add_months(day, months + more) >= silence.add_months(day, months)
    assert silence.add_months(day, months).day <= day.day
