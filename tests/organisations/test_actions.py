from datetime import UTC, date, datetime, time

import pytest

from parvis.common import journal
from parvis.common.errors import Refused
from parvis.organisations import actions
from parvis.organisations.models import HoursException, LegalEntity, NamePolicy, OpeningHours
from parvis.organisations.rules import Opening
from tests.accounts.factories import ines
from tests.organisations.factories import (
    DirectoryEntryFactory,
    LegalEntityFactory,
    SeasonFactory,
    ServiceFactory,
    SiteFactory,
    TopicFamilyFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
MORNING = Opening(time(9), time(12))


def verbs(row):
    return [entry.verb for entry in journal.of(row)]


def test_a_new_row_gets_a_short_name_of_its_own():
    authority = ServiceFactory(slug="voirie", name="Voirie").authority
    entity = LegalEntityFactory(authority=authority)
    row = ServiceFactory._meta.model(authority=authority, legal_entity=entity, name="Voirie")

    actions.keep(row, actor=ines(), changed=["name"])

    assert row.slug == "voirie-2"
    assert verbs(row) == ["organisations.service_added"]


def test_a_goal_tried_out_within_a_day_leaves_the_one_of_before():
    site = SiteFactory(wait_target_minutes=10)
    for minutes in (5, 7):
        site.wait_target_minutes = minutes
        actions.keep_site(site, actor=ines(), now=NOON, changed=["wait_target_minutes"])
    site.phone = "02 61 91 00 00"
    actions.keep_site(site, actor=ines(), now=NOON, changed=["phone"])

    assert [(one.until, one.minutes) for one in site.earlier_wait_targets.all()] == [(DAY, 10)]
    assert verbs(site) == ["organisations.site_changed"] * 3


def test_two_towns_may_use_the_same_short_name():
    other = LegalEntityFactory(authority__slug="tremalon")
    ServiceFactory(slug="voirie", name="Voirie")
    row = ServiceFactory._meta.model(authority=other.authority, legal_entity=other, name="Voirie")

    assert actions.keep(row, actor=None).slug == "voirie"


def test_a_row_that_is_used_is_not_deleted():
    entity = ServiceFactory().legal_entity

    with pytest.raises(Refused):
        actions.remove(entity, actor=ines())

    assert LegalEntity.objects.filter(pk=entity.pk).exists()
    assert verbs(entity) == []


def test_a_row_that_nobody_uses_is_deleted_and_the_journal_knows_its_name():
    family = TopicFamilyFactory(slug="rue", name="Rue", series="R")
    note = journal.of(family)

    actions.remove(family, actor=ines())

    assert note.get().data["name"] == "Rue"


def test_a_service_out_of_use_stays_readable():
    service = ServiceFactory()

    actions.set_in_use(service, False, actor=ines(), now=NOON)

    service.refresh_from_db()
    assert not service.is_active
    assert verbs(service) == ["organisations.service_retired"]


def test_the_week_of_a_season_is_written_as_a_whole():
    season = SeasonFactory()

    actions.keep_season(season, {("desk", 0): [MORNING], ("phone", 5): [MORNING]}, actor=ines())

    slots = OpeningHours.objects.values_list("channel", "weekday", "opens")
    assert set(slots) == {("desk", 0, time(9)), ("phone", 5, time(9))}


def test_exceptional_hours_replace_what_was_said_of_that_day():
    site = SiteFactory()
    given = {"actor": ines(), "channel": "desk", "day": DAY, "reason": "Formation"}
    evening = Opening(time(18), time(20))
    first = actions.keep_exception(site, openings=[MORNING, evening], **given)

    actions.keep_exception(site, openings=[], replaces=first, **given)

    row = HoursException.objects.get()
    assert (row.opens, row.closes, row.reason) == (None, None, "Formation")


def test_an_exception_moved_to_another_day_leaves_nothing_behind():
    site = SiteFactory()
    given = {"actor": ines(), "channel": "desk", "openings": [MORNING], "reason": "Formation"}
    first = actions.keep_exception(site, day=DAY, **given)

    actions.keep_exception(site, day=date(2026, 11, 25), replaces=first, **given)

    assert [row.date for row in HoursException.objects.all()] == [date(2026, 11, 25)]


def test_whoever_protects_a_name_signs_for_it():
    entry = DirectoryEntryFactory()
    entry.name_policy = NamePolicy.SERVICE_ONLY
    entry.name_policy_reason = "Menaces"
    entry.name_policy_until = DAY

    actions.keep_entry(entry, actor=ines(), changed=["name_policy"])

    assert entry.name_policy_author == "Inès Rollin"


def test_a_protection_that_is_lifted_leaves_no_trace_on_the_entry():
    entry = DirectoryEntryFactory(
        name_policy=NamePolicy.SERVICE_ONLY,
        name_policy_reason="Menaces",
        name_policy_author="Direction",
        name_policy_until=DAY,
    )
    entry.name_policy = ""

    actions.keep_entry(entry, actor=ines(), changed=["name_policy"])

    assert (entry.name_policy_reason, entry.name_policy_until) == ("", None)
