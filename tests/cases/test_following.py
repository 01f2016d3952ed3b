"""Who is shown on a date: always somebody who is there and entitled, or the service."""

from collections.abc import Mapping
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parvis.accounts.rules import Away, leads_back, overlaps, stand_in
from parvis.cases import rules
from parvis.organisations.rules import NameLevel, ShownName

DAY = date(2026, 11, 30)
days = st.integers(0, 9).map(lambda n: DAY + timedelta(days=n))
NAMES = {pk: f"Agent {pk}" for pk in range(1, 7)}


@st.composite
def absences(draw: st.DrawFn) -> list[Away]:
    """Whatever somebody could have written, circles and overlaps included."""
    found = []
    for _n in range(draw(st.integers(0, 6))):
        first, last = sorted((draw(days), draw(days)))
        found.append(Away(draw(people), first, last, draw(st.none() | people)))
    return found


people = st.integers(1, 6)


@st.composite
def follower(draw: st.DrawFn, pk: int) -> rules.Follower:
    level = draw(st.sampled_from(list(NameLevel)))
    name = "" if level is NameLevel.SERVICE_ONLY else NAMES[pk]
    return rules.Follower(
        pk,
        draw(st.sampled_from([1, 1, 1, 2, None])),
        draw(st.sampled_from([True, True, False])),
        ShownName(level, name, "Clerk" if name else "", "Planning"),
        draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def houses(draw: st.DrawFn) -> dict[int, rules.Follower]:
    return {pk: draw(follower(pk)) for pk in NAMES}


def staff(house: Mapping[int, rules.Follower], said: list[Away], on: date) -> rules.Staff:
    return rules.Staff({one.agent: one for one in said if one.covers(on)}, house)


def entitled(one: rules.Follower, said: list[Away], on: date) -> bool:
    is_away = any(away.agent == one.pk and away.covers(on) for away in said)
    return one.is_active and not one.is_robot and one.service_id == 1 and not is_away


@given(houses(), absences(), days, st.none() | people, st.none() | people, st.booleans())
def test_the_contact_shown_is_always_present_and_entitled_or_the_service(
    house: dict[int, rules.Follower],
    said: list[Away],
    on: date,
    referent: int | None,
    deputy: int | None,
    is_chosen: bool,
):
    first, second = (house[pk] if pk else None for pk in (referent, deputy))

    shown = rules.named_contact(
        first,
        second,
        service_id=1,
        service="Planning",
        staff=staff(house, said, on),
        deputy_is_chosen=is_chosen,
    )

    there = {one.shown.name for one in house.values() if entitled(one, said, on)}
    assert shown.service == "Planning"
    assert {shown.name, shown.deputy} <= {"", *there}
    assert not shown.name or shown.name != shown.deputy
    if first and entitled(first, said, on):
        assert (shown.name, shown.stands_in) == (first.shown.name, False)
    if shown.away:
        assert first is not None
        assert not entitled(first, said, on)


@given(absences(), days, people)
def test_deputies_of_deputies_end_in_somebody_who_is_there_or_in_nobody(
    said: list[Away], on: date, agent: int
):
    deputies = {one.agent: one.deputy for one in said if one.covers(on)}

    found = stand_in(agent, deputies)

    assert found is None or found not in deputies
    assert agent in deputies or found == agent


@given(st.lists(st.tuples(people, days, days, st.none() | people), max_size=8), days)
def test_absences_that_were_let_in_never_go_round_in_a_circle(
    wanted: list[tuple[int, date, date, int | None]], on: date
):
    said: list[Away] = []
    for agent, one, other, deputy in wanted:
        new = Away(agent, min(one, other), max(one, other), deputy)
        mine = any(old.agent == agent and overlaps(new, old) for old in said)
        if deputy != agent and not mine and not leads_back(new, said):
            said.append(new)

    deputies = {one.agent: one.deputy for one in said if one.covers(on)}
    for agent in deputies:
        steps, found = 0, deputies.get(agent)
        while found is not None and found in deputies:
            found, steps = deputies[found], steps + 1
            assert steps <= len(deputies)


def one(pk: int) -> rules.Follower:
    return rules.Follower(pk, 1, True, ShownName(NameLevel.FULL, NAMES[pk], "Clerk", "Planning"))


def shown(
    said: list[Away], *, on: date = DAY, referent: int = 1, deputy: int = 2, chosen: bool = False
) -> rules.NamedContact:
    house = {pk: one(pk) for pk in NAMES}
    return rules.named_contact(
        house[referent],
        house[deputy],
        service_id=1,
        service="Planning",
        staff=staff(house, said, on),
        deputy_is_chosen=chosen,
    )


AWAY = Away(1, DAY, DAY + timedelta(days=14), deputy=3)


def test_who_was_chosen_for_the_absence_stands_in_and_the_end_is_said():
    contact = shown([AWAY])

    assert (contact.name, contact.stands_in) == ("Agent 3", True)
    assert (contact.away, contact.away_until) == ("Agent 1", date(2026, 12, 14))


def test_the_deputy_chosen_for_this_very_case_comes_first():
    assert shown([AWAY], chosen=True).name == "Agent 2"


def test_without_a_choice_the_deputy_of_the_case_stands_in():
    assert shown([Away(1, DAY, DAY)]).name == "Agent 2"


def test_a_deputy_who_is_away_too_is_followed_to_theirs():
    assert shown([AWAY, Away(3, DAY, DAY, deputy=4)]).name == "Agent 4"


def test_when_everybody_is_away_the_service_answers_and_the_end_is_said():
    contact = shown([AWAY, Away(3, DAY, DAY), Away(2, DAY, DAY)])

    assert (contact.name, contact.away) == ("", "Agent 1")


def test_the_referent_is_back_by_themselves():
    contact = shown([AWAY], on=date(2026, 12, 15))

    assert (contact.name, contact.deputy, contact.away) == ("Agent 1", "Agent 2", "")


def test_an_absent_deputy_is_not_promised():
    assert shown([Away(2, DAY, DAY)]).deputy == ""


def colleague(pk: int, **kwargs: object) -> rules.Colleague:
    values = {"service_id": 1, "roles": frozenset({"REF"}), "skill": 2, **kwargs}
    return rules.Colleague(pk, **values)  # type: ignore[arg-type]


def choose(*colleagues: rules.Colleague, known_by: tuple[int, ...] = ()) -> int | None:
    chosen = rules.choose_referent(colleagues, service_id=1, known_by=known_by)
    return chosen.pk if chosen else None


def test_somebody_with_enough_cases_is_not_given_one_more_while_another_has_room():
    assert choose(colleague(1, load=5, cap=5), colleague(2, load=9, cap=10)) == 2


def test_continuity_ends_where_skill_or_room_does():
    assert choose(colleague(1, load=5, cap=5), colleague(2), known_by=(1,)) == 2
    assert choose(colleague(1, skill=1), colleague(2), known_by=(1,)) == 2


def test_who_is_away_is_given_a_case_only_when_nobody_able_is_there():
    assert choose(colleague(1, is_away=True), colleague(2, load=30)) == 2
    assert choose(colleague(1, is_away=True), colleague(2, skill=0)) == 1


def test_what_speaks_against_somebody_is_named():
    assert rules.exceptions(colleague(1)) == ()
    assert rules.exceptions(colleague(1, skill=1, load=3, cap=3)) == ("unskilled", "over_cap")


def test_a_reason_is_not_asked_for_when_nobody_better_is_there():
    learner = colleague(1, skill=1)

    assert rules.unavoidable(("unskilled",), [learner, colleague(2, skill=0)], service_id=1)
    assert not rules.unavoidable(("unskilled",), [learner, colleague(2)], service_id=1)
