from datetime import UTC, date, datetime, time

import pytest

from parvis.organisations import queries
from parvis.organisations.models import NamePolicy
from parvis.organisations.rules import Because
from tests.organisations.factories import (
    AuthorityFactory,
    ClosureFactory,
    DeskFactory,
    DirectoryEntryFactory,
    HoursExceptionFactory,
    SeasonFactory,
    SiteFactory,
    TopicFactory,
    TopicFamilyFactory,
)

pytestmark = pytest.mark.django_db
# A Tuesday, 10:42 in Paris.
TUESDAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


def test_a_front_door_is_found_by_its_host_name():
    AuthorityFactory()
    tremalon = AuthorityFactory(slug="tremalon", name="Trémalon", hostname="tremalon.example")

    assert queries.authority_of("tremalon.example:8000") == tremalon


def test_an_unknown_host_opens_the_first_front_door():
    first = AuthorityFactory()
    AuthorityFactory(slug="tremalon", name="Trémalon", hostname="tremalon.example")

    assert queries.authority_of("127.0.0.1:8000") == first
    assert queries.authority_of("[::1]:8000") == first


def test_a_short_name_opens_one_front_door_and_no_other():
    AuthorityFactory()
    tremalon = AuthorityFactory(slug="tremalon", name="Trémalon")

    assert queries.authority_of("127.0.0.1", slug="tremalon") == tremalon
    assert queries.authority_of("127.0.0.1", slug="nowhere") is None


def test_the_hall_is_open_until_half_past_five():
    season = SeasonFactory()

    state = queries.opening_state(season.site, MORNING)

    assert state.open
    assert state.until == datetime(2026, 11, 24, 16, 30, tzinfo=UTC)


def test_the_telephone_has_hours_of_its_own_and_none_are_invented():
    season = SeasonFactory()

    assert not queries.opening_state(season.site, MORNING, "phone").confirmed


def test_after_the_season_nothing_is_claimed():
    season = SeasonFactory(valid_through=date(2026, 11, 1))

    assert queries.opening_state(season.site, MORNING).reason is Because.NOT_CONFIRMED


def test_an_exception_with_two_slots_is_one_day():
    site = SeasonFactory().site
    HoursExceptionFactory(site=site, opens=time(14), closes=time(16))
    HoursExceptionFactory(site=site, opens=time(9), closes=time(10))

    plan = queries.opening_week(site, TUESDAY)[1]

    assert plan.hours == ((time(9), time(10)), (time(14), time(16)))
    assert plan.note == "Formation des équipes"


def test_a_closure_says_why():
    site = SeasonFactory().site
    ClosureFactory(site=site, first_day=TUESDAY, last_day=TUESDAY, reason="Travaux")

    state = queries.opening_state(site, MORNING)

    assert (state.open, state.note) == (False, "Travaux")
    assert state.next_opening == datetime(2026, 11, 25, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("sites", [1, 30])
def test_the_hours_of_many_sites_cost_the_same(sites, django_assert_num_queries):
    many = [SeasonFactory(site=SiteFactory(slug=f"site-{n}")).site for n in range(sites)]

    with django_assert_num_queries(4):
        assert len(queries.schedules_of(many)) == sites


def test_topics_come_by_family_and_only_those_that_a_desk_receives():
    site = SiteFactory()
    birth = TopicFactory()
    roads = TopicFactory(
        slug="voirie", name="Voirie", family=TopicFamilyFactory(slug="rue", series="V", position=9)
    )
    TopicFactory(slug="nulle-part", name="Que personne ne reçoit")
    DeskFactory(site=site, topics=[birth, roads])
    DeskFactory(site=site, name="Guichet 2", topics=[birth])

    families = queries.topics_by_family(site)

    assert [(f.family.slug, f.topics) for f in families] == [
        ("etat-civil", (birth,)),
        ("rue", (roads,)),
    ]


def test_a_name_is_shown_by_the_policy_of_the_house_unless_the_person_has_one():
    entry = DirectoryEntryFactory(authority__name_policy=NamePolicy.FIRST_NAME)
    shielded = DirectoryEntryFactory(
        first_name="Marc",
        last_name="Abgrall",
        name_policy=NamePolicy.SERVICE_ONLY,
        name_policy_reason="Menaces",
        name_policy_author="Direction",
        name_policy_until=TUESDAY,
    )

    assert queries.shown_name(entry, TUESDAY).name == "Inès"
    assert queries.shown_name(shielded, TUESDAY).name == ""
    assert queries.shown_name(shielded, date(2026, 11, 25)).name == "Marc"


@pytest.mark.parametrize("colleagues", [1, 30])
def test_the_public_directory_costs_the_same_however_many_work_here(
    colleagues, django_assert_num_queries
):
    authority = AuthorityFactory()
    for n in range(colleagues):
        DirectoryEntryFactory(last_name=f"Rollin {n}")

    with django_assert_num_queries(1):
        [(service, names)] = queries.public_staff(authority, TUESDAY)

    assert (service.name, len(names)) == ("État civil", colleagues)
