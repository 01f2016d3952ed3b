from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from parvis.cases import rules
from parvis.cases.models import Case
from parvis.organisations.rules import NameLevel, ShownName
from tests.cases.factories import NOON

REF = frozenset({"REF"})


def colleague(pk: int, **kwargs: object) -> rules.Colleague:
    return rules.Colleague(pk, **{"service_id": 1, "roles": REF, "skill": 2, **kwargs})  # type: ignore[arg-type]


def choose(*colleagues: rules.Colleague, known_by: tuple[int, ...] = ()) -> int | None:
    chosen = rules.choose_referent(colleagues, service_id=1, known_by=known_by)
    return chosen.pk if chosen else None


def test_the_rules_and_the_table_name_the_same_states():
    assert set(rules.MOVES) == set(Case.State.values)


def test_somebody_the_person_knows_comes_first_whatever_the_load():
    assert choose(colleague(1, load=0), colleague(2, load=40), known_by=(2,)) == 2


def test_the_latest_known_one_comes_first():
    assert choose(colleague(1), colleague(2), known_by=(2, 1)) == 2


def test_who_is_known_but_left_the_service_is_not_chosen():
    assert choose(colleague(1), colleague(2, service_id=9), known_by=(2,)) == 1


def test_the_least_loaded_able_one_comes_next():
    assert choose(colleague(1, load=9), colleague(2, load=3), colleague(3, load=0, skill=1)) == 2


def test_without_anybody_able_a_referent_still_follows():
    assert choose(colleague(1, skill=0, load=9), colleague(2, skill=0, load=3)) == 2


def test_a_service_without_referent_nor_liaison_gives_no_name():
    assert choose(colleague(1, roles=frozenset({"REC"}))) is None


def test_neither_a_robot_nor_somebody_who_left_follows():
    assert choose(colleague(1, is_robot=True), colleague(2, is_active=False)) is None


colleagues = st.lists(
    st.builds(
        rules.Colleague,
        pk=st.integers(1, 9),
        service_id=st.sampled_from([None, 1, 2]),
        is_active=st.booleans(),
        is_robot=st.booleans(),
        roles=st.sets(st.sampled_from(["REF", "LIA", "REC", "MGR"])).map(frozenset),
        skill=st.integers(0, 3),
        load=st.integers(0, 60),
    ),
    unique_by=lambda one: one.pk,
)


@given(colleagues, st.lists(st.integers(1, 9), unique=True))
def test_a_referent_is_found_whenever_the_service_has_one(
    team: list[rules.Colleague], known_by: list[int]
):
    able = {c.pk for c in team if rules.may_follow(c, 1) and c.roles & rules.FOLLOWERS}

    chosen = rules.choose_referent(team, service_id=1, known_by=known_by)

    assert (chosen.pk in able) if chosen else not able


@given(colleagues)
def test_the_deputy_is_another_one_of_the_service(team: list[rules.Colleague]):
    referent = rules.choose_referent(team, service_id=1)
    if referent is None:
        return

    deputy = rules.choose_deputy(team, service_id=1, referent_id=referent.pk)

    assert deputy is None or (deputy.pk != referent.pk and rules.may_follow(deputy, 1))


def follower(name: str, **kwargs: object) -> rules.Follower:
    level = kwargs.pop("level", NameLevel.FULL)
    hidden = level is NameLevel.SERVICE_ONLY
    shown = ShownName(level, "" if hidden else name, "" if hidden else "Clerk", "Planning")  # type: ignore[arg-type]
    values = {
        "pk": sum(map(ord, name)),
        "service_id": 1,
        "is_active": True,
        "shown": shown,
        **kwargs,
    }
    return rules.Follower(**values)  # type: ignore[arg-type]


def shown(referent: rules.Follower | None, deputy: rules.Follower | None) -> rules.NamedContact:
    return rules.named_contact(referent, deputy, service_id=1, service="Planning")


def test_the_referent_is_shown_with_the_deputy_behind():
    assert shown(follower("Nadia"), follower("Bruno")) == rules.NamedContact(
        "Nadia", "Clerk", "Planning", "Bruno"
    )


def test_the_deputy_stands_in_for_a_referent_who_left():
    contact = shown(follower("Nadia", is_active=False), follower("Bruno"))

    assert (contact.name, contact.deputy, contact.stands_in) == ("Bruno", "", True)


def test_without_anybody_the_service_answers():
    assert shown(None, None) == rules.NamedContact("", "", "Planning", "")


def test_a_protected_name_shows_the_service_and_a_protected_deputy_nothing():
    contact = shown(
        follower("Nadia", level=NameLevel.SERVICE_ONLY),
        follower("Bruno", level=NameLevel.SERVICE_ONLY),
    )

    assert (contact.name, contact.deputy) == ("", "")


def steerer(*roles: str, service_id: int | None = 1, is_robot: bool = False) -> rules.Steerer:
    return rules.Steerer(frozenset(roles), service_id, is_robot)


def test_the_owning_service_and_advisers_steer_a_case():
    assert rules.may_steer(steerer("REF"), service_id=1)
    assert rules.may_steer(steerer("ADV", service_id=9), service_id=1)


def test_reception_and_other_services_do_not():
    assert not rules.may_steer(steerer("REC"), service_id=1)
    assert not rules.may_steer(steerer("REF", service_id=9), service_id=1)


def test_a_case_sleeps_after_two_quiet_weeks():
    quiet = NOON - timedelta(days=14, seconds=1)

    assert rules.is_sleeping(state="open", last_activity_at=quiet, now=NOON)
    assert not rules.is_sleeping(state="closed", last_activity_at=quiet, now=NOON)


def test_a_date_is_due_a_week_before_and_overdue_the_day_after():
    today = date(2026, 11, 24)

    assert rules.is_due(state="open", due_on=date(2026, 12, 1), today=today)
    assert not rules.is_due(state="open", due_on=date(2026, 12, 2), today=today)
    assert not rules.is_overdue(state="open", due_on=today, today=today)
    assert rules.is_overdue(state="awaiting", due_on=date(2026, 11, 23), today=today)
